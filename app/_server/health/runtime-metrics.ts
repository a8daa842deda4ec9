import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { SECOND_MS } from "#engine/model/time";
import type { BreakerState } from "#engine/ports/channel-standing";
import type { GuardedChannel } from "#engine/runtime/guarded-channel";
import type { RuntimeSign } from "#engine/runtime/signs";

/** Counts what the live shell tells. Labels name channels, providers, rules and codes; never a person, an account or a request. */
export type RuntimeMetrics = {
  tell(sign: RuntimeSign): void;
  /** Shows how these providers stand whenever the metrics are read. */
  watch(providers: readonly GuardedChannel[]): void;
  /** `channel_callbacks_total`, for what comes in at the same process. */
  readonly callbacks: Counter<"kind">;
};

/** A provider takes from some milliseconds to the send deadline of ten seconds. */
const SEND_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
/** From a token of a fast rate to the ten minutes of a breaker, and the hour of a budget. */
const WAIT_SECONDS = [0.1, 0.5, 1, 5, 30, 60, 300, 600, 3600];
/** A poll is a second; what is later than a minute is behind. */
const LATE_SECONDS = [0.5, 1, 2, 5, 15, 60, 300, 3600];
/** Judges have half a second. */
const QA_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5];
const BREAKER_VALUES = { closed: 0, "half-open": 1, open: 2 } as const satisfies {
  readonly [state in BreakerState]: number;
};

export function runtimeMetrics(registry: Registry): RuntimeMetrics {
  const registers = [registry];
  const sent = sendMetrics(registry);
  const lateness = new Histogram({
    name: "timer_lateness_seconds",
    help: "How late timers fired, on the engine's clock",
    buckets: LATE_SECONDS,
    registers,
  });
  const verdicts = new Counter({
    name: "qa_verdicts_total",
    help: "Texts and conversations judged, by when and how",
    labelNames: ["stage", "verdict"] as const,
    registers,
  });
  const judging = new Histogram({
    name: "qa_seconds",
    help: "How long outside judges of texts took",
    buckets: QA_SECONDS,
    registers,
  });
  const blocks = new Counter({
    name: "compliance_blocks_total",
    help: "Contacts that a rule refused or put off",
    labelNames: ["rule", "decision"] as const,
    registers,
  });
  const fenced = new Counter({
    name: "engine_fenced_writes_total",
    help: "Answers not written because another worker holds the request by now",
    registers,
  });
  const expired = new Counter({
    name: "engine_lease_expired_total",
    help: "Requests whose worker died or slept past its lease",
    registers,
  });
  const callbacks = callbackCounter(registry);
  return {
    callbacks,
    tell: (sign) => {
      switch (sign.kind) {
        case "sent":
          return sent(sign);
        case "timers":
          for (const lateMs of sign.lateMs) lateness.observe(lateMs / SECOND_MS);
          return;
        case "judged":
          verdicts.inc({ stage: sign.stage, verdict: sign.verdict });
          if (sign.ms !== null) judging.observe(sign.ms / SECOND_MS);
          return;
        case "blocked":
          return blocks.inc({ rule: sign.rule, decision: sign.decision });
        case "fenced":
          return fenced.inc(sign.count);
        case "lease-expired":
          return expired.inc(sign.count);
        case "callbacks":
          return callbacks.inc({ kind: sign.what }, sign.count);
        default:
          throw sign satisfies never;
      }
    },
    watch: (providers) => watchStanding(registry, providers),
  };
}

/** The one counter of callbacks of a registry; the door of the console and the workers share its name. */
export function callbackCounter(registry: Registry): Counter<"kind"> {
  return new Counter({
    name: "channel_callbacks_total",
    help: "Words of providers about contacts: new, dup, late, orphan, bad_sig",
    labelNames: ["kind"] as const,
    registers: [registry],
  });
}

function sendMetrics(registry: Registry): (sign: Extract<RuntimeSign, { readonly kind: "sent" }>) => void {
  const registers = [registry];
  const labelNames = ["channel", "adapter"] as const;
  const sends = new Counter({
    name: "channel_sends_total",
    help: "Contacts handed to a provider, and those its brakes kept back",
    labelNames: [...labelNames, "result"] as const,
    registers,
  });
  const took = new Histogram({
    name: "channel_send_seconds",
    help: "How long the provider took to answer",
    labelNames,
    buckets: SEND_SECONDS,
    registers,
  });
  const waits = new Histogram({
    name: "channel_throttle_wait_seconds",
    help: "How long contacts that were kept back have to wait",
    labelNames,
    buckets: WAIT_SECONDS,
    registers,
  });
  const cost = new Counter({
    name: "channel_cost_minor_total",
    help: "What accepted contacts were said to cost, minor units",
    labelNames: ["currency"] as const,
    registers,
  });
  return ({ channel, adapter, result, ms, waitMs, costMinor, currency }) => {
    sends.inc({ channel, adapter, result });
    if (waitMs !== null) waits.observe({ channel, adapter }, waitMs / SECOND_MS);
    if (result !== "kept-back") took.observe({ channel, adapter }, ms / SECOND_MS);
    if (costMinor > 0) cost.inc({ currency }, costMinor);
  };
}

function watchStanding(registry: Registry, providers: readonly GuardedChannel[]): void {
  new Gauge({
    name: "channel_breaker_state",
    help: "0 = closed, 1 = one trial under way, 2 = open: the provider is left alone",
    labelNames: ["channel", "adapter"] as const,
    registers: [registry],
    collect() {
      for (const provider of providers) {
        const { id: adapter, channel, breaker } = provider.standing();
        this.set({ channel, adapter }, BREAKER_VALUES[breaker]);
      }
    },
  });
}
