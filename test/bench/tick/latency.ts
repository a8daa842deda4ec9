import { setTimeout as delay } from "node:timers/promises";
import { type Database, openDatabase } from "#db";
import { listenForWork } from "#db/work-hint";
import { draw } from "#engine/model/draw";
import type { ChannelPort, SendRequest } from "#engine/ports/channel";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { tickEngine } from "#engine/runtime/tick";
import { waker } from "../../../app/_server/waker";
import { runWorkerLoop } from "../../../app/_server/worker-loop";
import { benchRuntime } from "./engine";
import { BENCH_NOW_MS, benchIds } from "./scene";

const EVENTS = 200;
/** Mean pause between two events: low load. */
const BETWEEN_MS = 30;

export type Latency = { readonly events: number; readonly p50Ms: number; readonly p99Ms: number };

/**
 * From the call that puts a payment in until the provider is asked because of it: one event at a time, a worker as it runs in
 * production, with the notification as a hint.
 */
export async function measureLatency(database: Database): Promise<Latency> {
  await database.sql`update enrollment set wake_at = to_timestamp(${BENCH_NOW_MS + 86_400_000} / 1000.0)
    where wake_at <= to_timestamp(${BENCH_NOW_MS} / 1000.0) or fence > 0`;
  await database.sql`vacuum analyze enrollment`;
  const worker = openDatabase(database.url, { name: "bench-latency", connections: 4 });
  let sent: (request: SendRequest) => void = () => undefined;
  const port: ChannelPort = {
    id: "bench",
    channel: "sms",
    simulated: true,
    send: async (request) => {
      sent(request);
      return { kind: "accepted", ref: request.key, costMinor: 5, announced: [] };
    },
  };
  const deps: RuntimeDeps = { ...benchRuntime(worker), channelPort: () => port };
  const hinted = waker();
  const hint = await listenForWork(database.url, hinted.wake);
  const stop = new AbortController();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const running = runWorkerLoop({ tick: () => tickEngine(deps), log, signal: stop.signal, waker: hinted });
  const took: number[] = [];
  for (let event = 0; event < EVENTS; event += 1) {
    const asked = new Promise<void>((resolve) => {
      sent = () => resolve();
    });
    const sinceMs = performance.now();
    await deps.inbox.put([paymentOf(event)]);
    await asked;
    took.push(performance.now() - sinceMs);
    await delay(2 * BETWEEN_MS * draw(3, "bench", `pause:${event}`));
  }
  stop.abort();
  await running;
  await hint.close();
  await worker.close();
  took.sort((left, right) => left - right);
  const at = (share: number) =>
    Number((took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0).toFixed(1));
  return { events: EVENTS, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function paymentOf(event: number) {
  const { partyId, accountId } = benchIds(event);
  const visit = { stepSeq: null, attempt: null };
  const data = { amountMinor: 100, source: "bench" };
  return {
    dedupeKey: `bench:${event}`,
    partyId,
    enrollmentId: null,
    accountId,
    type: "payment.posted",
    atMs: BENCH_NOW_MS,
    ...visit,
    data,
  };
}
