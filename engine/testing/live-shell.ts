import type { Channel } from "../model/content";
import type { MarketPack } from "../model/market-pack";
import type { EpochMs } from "../model/time";
import type {
  ChannelCapabilities,
  ChannelEvent,
  ChannelPort,
  IdempotencyCapability,
  SendOutcome,
  SendRequest,
} from "../ports/channel";
import type { RuntimeDeps } from "../runtime/deps";
import { type LinkedVersions, linkedVersions } from "../runtime/linked-versions";
import { type TickCounts, tickEngine, tickOutside } from "../runtime/tick";
import type { StoresUnderTest } from "./stores-under-test";

/** What the person at the other end does; null = the provider does not say whether it took the message. */
export type Answer = (
  request: SendRequest,
) => { readonly outcome: string; readonly delayMs: number; readonly values?: ChannelEvent["values"] } | null;

export type LiveShell = {
  readonly deps: RuntimeDeps;
  readonly alarms: readonly string[];
  /** Every request a provider was handed, in order; a repeated key stands here twice. */
  readonly sent: readonly SendRequest[];
  /** Moves the clock to an instant, ticking on the way every `everyMs`. */
  runUntil(untilMs: EpochMs, everyMs: number): Promise<readonly TickCounts[]>;
  tick(): Promise<TickCounts>;
};

export type LiveSettings = {
  readonly stores: StoresUnderTest;
  readonly pack: MarketPack;
  readonly fromMs: EpochMs;
  readonly answer: Answer;
  readonly referenceSampleEvery?: number;
  /** Replaces the linking of Programs, to put a broken executor in. */
  readonly versions?: LinkedVersions;
  /** Providers for simulated contact points only (the default), or for real ones. */
  readonly simulated?: boolean;
  /** What the provider can do about unknown outcomes; simulated ones take one key once. */
  readonly idempotency?: IdempotencyCapability;
  readonly query?: ChannelPort["query"];
  /** Simulated people pay. */
  readonly isDemo?: boolean;
  /** Whoever takes up work and questions; nobody by default. */
  readonly deskPort?: RuntimeDeps["deskPort"];
  readonly externalPort?: RuntimeDeps["externalPort"];
  /** What the rules are told of the house and of agencies; nothing by default. */
  readonly house?: RuntimeDeps["house"];
  readonly agencies?: RuntimeDeps["agencies"];
};

/** What a provider of a test can do, but for how it tells repeats apart. */
export const CAPABILITIES: Omit<ChannelCapabilities, "idempotency"> = {
  queryDelayMs: 0,
  callbacks: "push",
  cancel: false,
  maxPerSecond: null,
  maxConcurrent: null,
  results: [],
  personalData: [],
};

/** The live shell with a clock the test moves and a provider the test answers for. */
export function liveShell(settings: LiveSettings): LiveShell {
  const { stores, pack, answer } = settings;
  const simulated = settings.simulated ?? true;
  const alarms: string[] = [];
  const sent: SendRequest[] = [];
  let nowMs = settings.fromMs;
  const port = (channel: Channel): ChannelPort => ({
    id: `test-${channel}`,
    channel,
    simulated,
    capabilities: { ...CAPABILITIES, idempotency: settings.idempotency ?? (simulated ? "key" : "none") },
    send: async (request) => {
      sent.push(request);
      return accepted(request, answer);
    },
    ...(settings.query === undefined ? {} : { query: settings.query }),
  });
  const deps: RuntimeDeps = {
    clock: { read: async () => ({ nowMs, isDemo: settings.isDemo ?? false }) },
    versions: settings.versions ?? linkedVersions(stores.programs),
    enrollments: stores.enrollments,
    inbox: stores.inbox,
    outbox: stores.outbox,
    stops: stores.stops,
    migrations: stores.migrations,
    callbacks: stores.callbacks,
    debtors: stores.debtors,
    ...(settings.house === undefined ? {} : { house: settings.house }),
    ...(settings.agencies === undefined ? {} : { agencies: settings.agencies }),
    debtorSeed: 1,
    packOf: () => pack,
    channelPort: (channel, wanted) => (wanted === simulated ? port(channel) : null),
    deskPort: settings.deskPort ?? (() => null),
    externalPort: settings.externalPort ?? (() => null),
    referenceSampleEvery: settings.referenceSampleEvery ?? 1,
    monotonicMs: () => performance.now(),
    alarm: (code) => alarms.push(code),
  };
  const tick = async (): Promise<TickCounts> => {
    const counts = await tickEngine(deps);
    await tickOutside(deps);
    return counts;
  };
  return {
    deps,
    alarms,
    sent,
    tick,
    async runUntil(untilMs, everyMs) {
      const counts: TickCounts[] = [];
      for (; nowMs < untilMs; nowMs = Math.min(untilMs, nowMs + everyMs)) counts.push(await tick());
      counts.push(await tick());
      return counts;
    },
  };
}

function accepted(request: SendRequest, answer: Answer): SendOutcome {
  const said = answer(request);
  if (said === null) return { kind: "unknown" };
  const event: ChannelEvent = {
    eventId: `${request.key}-1`,
    key: request.key,
    outcome: said.outcome,
    atMs: request.nowMs + said.delayMs,
    ...(said.values === undefined ? {} : { values: said.values }),
  };
  return { kind: "accepted", ref: request.key, costMinor: 5, announced: [event] };
}
