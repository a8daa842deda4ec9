import { type Counter, Histogram, type Registry } from "prom-client";
import { SECOND_MS } from "#engine/model/time";
import type { CallbackWatch } from "../watched-callbacks";

/** What a process counts about what providers tell it. */
export type CallbackMetrics = {
  readonly came: CallbackWatch;
  /** The door's HTTP answer; a bad signature is worth knowing of. */
  answered(answer: { readonly status: number }): void;
};

/** From a second to the quarter of an hour that is an alert, and the days some receipts take. */
const LAG_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 21_600, 86_400];
const UNAUTHORIZED = 401;

/** `counter` is the registry's `channel_callbacks_total`. `now` is real time: so is what providers write on their words. */
export function callbackMetrics(registry: Registry, counter: Counter<"kind">, now: () => number): CallbackMetrics {
  const lag = new Histogram({
    name: "channel_callback_lag_seconds",
    help: "From when a provider says something happened until we heard of it",
    buckets: LAG_SECONDS,
    registers: [registry],
  });
  return {
    came: ({ events, known }) => {
      for (const { atMs } of events) lag.observe(Math.max(0, now() - atMs) / SECOND_MS);
      if (known > 0) counter.inc({ kind: "dup" }, known);
      if (events.length > known) counter.inc({ kind: "new" }, events.length - known);
    },
    answered: ({ status }) => {
      if (status === UNAUTHORIZED) counter.inc({ kind: "bad_sig" });
    },
  };
}
