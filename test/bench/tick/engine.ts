import type { Database } from "#db";
import type { Channel } from "#engine";
import type { ChannelPort } from "#engine/ports/channel";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { tickEngine } from "#engine/runtime/tick";
import { CAPABILITIES } from "#engine/testing/live-shell";
import { STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../../../app/_server/worker-runtime";
import type { Progress } from "./contender";
import { BENCH_NOW_MS } from "./scene";

/** A provider that takes everything at once: what it costs to send is not the engine's speed. */
function acceptingPort(channel: Channel): ChannelPort {
  return {
    id: "bench",
    channel,
    simulated: true,
    capabilities: { ...CAPABILITIES, idempotency: "key" },
    send: async ({ key }) => ({ kind: "accepted", ref: key, costMinor: 5, announced: [] }),
  };
}

/** The live shell as a worker runs it: executor, policy and content check on, the clock standing still. */
export function benchRuntime(database: Database): RuntimeDeps {
  const port = acceptingPort("sms");
  const alarm = (code: string) => {
    throw new Error(`alarm: ${code}`);
  };
  return {
    ...runtimeOn(database, { alarm }),
    clock: { read: async () => ({ nowMs: BENCH_NOW_MS, isDemo: false }) },
    packOf: () => STRICT_MARKET,
    channelPort: () => port,
  };
}

/** The engine: whole ticks. */
export function engineContender(database: Database): () => Promise<Progress> {
  const deps = benchRuntime(database);
  return async () => {
    const { advanced, dispatched } = await tickEngine(deps);
    return { steps: advanced.written, sends: dispatched.sent };
  };
}
