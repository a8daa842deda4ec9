import type { Database } from "#db";
import { agencyRegister } from "#db/queries/agency";
import type { StoreOptions } from "#db/stores/blocked";
import { callbackStore } from "#db/stores/callback-store";
import { conversationStore } from "#db/stores/conversation-store";
import { debtorStore } from "#db/stores/debtor-store";
import { engineClock } from "#db/stores/engine-clock";
import { enrollmentStore } from "#db/stores/enrollment-store";
import { inboxStore } from "#db/stores/inbox-store";
import { migrationStore } from "#db/stores/migration-store";
import { outboxStore } from "#db/stores/outbox-store";
import { programStore } from "#db/stores/program-store";
import { recallStore } from "#db/stores/recall-store";
import { recoveryStore } from "#db/stores/recovery-store";
import { replyStore } from "#db/stores/reply-store";
import { stopStore } from "#db/stores/stop-store";
import { CHANNELS, type Channel } from "#engine";
import { channelOf } from "#engine/channels/index";
import { simulatedChannel } from "#engine/channels/simulated";
import { houseDesk } from "#engine/desk/house-desk";
import { simulatedDesk, simulatedExternal } from "#engine/desk/simulated";
import type { HouseStanding } from "#engine/model/policy";
import type { CallbackStore } from "#engine/ports/callbacks";
import type { ChannelAdapter, ChannelPort } from "#engine/ports/channel";
import type { ExternalPort } from "#engine/ports/external";
import type { ReplyStore } from "#engine/ports/replies";
import { adapterOf, type ChannelsConfig } from "#engine/providers/channels-config";
import { httpDecision } from "#engine/providers/http-decision/http-decision";
import type { Integrations } from "#engine/providers/http-decision/integration";
import { httpQaStep } from "#engine/providers/http-qa/http-qa";
import type { RuntimeAlarm, RuntimeDeps } from "#engine/runtime/deps";
import { type GuardedChannel, guardedChannel } from "#engine/runtime/guarded-channel";
import { linkedVersions } from "#engine/runtime/linked-versions";
import { packOf } from "./compose-packs";
import { simulatedAnswers } from "./integrations";
import { type CallbackWatch, watchedCallbacks } from "./watched-callbacks";

/** Simulated answers and payments are a function of this; changing it changes every demo that follows. */
const SIMULATION_SEED = 20_260_301;
/** One live step in a hundred is run again on the reference executor (design D2). */
const REFERENCE_SAMPLE_EVERY = 100;

export type RuntimeOptions = {
  readonly alarm: RuntimeAlarm;
  readonly referenceSampleEvery?: number;
  /** Systems that decide; none by default. */
  readonly integrations?: Integrations;
  /** Providers that carry contacts, and the faults simulated ones show; none by default. */
  readonly channels?: ChannelsConfig;
  /** What the house says of itself to the rules; nothing by default. */
  readonly house?: HouseStanding;
  /** Real time, milliseconds, for the brakes on providers. */
  readonly now?: () => number;
  /** Bounds of the stores; the usual ones by default. */
  readonly stores?: StoreOptions;
  /** Hear what happens, to count it. */
  readonly tell?: RuntimeDeps["tell"];
  readonly onCallbacks?: CallbackWatch;
};

/** A provider as this worker has it: the adapter, and the brakes it sends through. */
export type GuardedProvider = { readonly adapter: ChannelAdapter; readonly guarded: GuardedChannel };
/** `providers`: those that send, real and simulated, for whoever watches over them. */
export type Runtime = RuntimeDeps & { readonly providers: readonly GuardedProvider[] };

/**
 * The live shell on a real database: Postgres stores and the providers that are set up. Work for real
 * people lies open in the house; real systems are asked about real people only.
 */
export function runtimeOn(database: Database, options: RuntimeOptions): Runtime {
  const { channels = { providers: {}, simulated: {}, qa: {} } } = options;
  const world = {
    now: options.now ?? Date.now,
    callbacks: watchedCallbacks(callbackStore(database), options.onCallbacks),
    replies: replyStore(database),
    alarm: options.alarm,
  };
  const simulated = simulatedChannels(channels, world);
  const real = realChannels(channels, world);
  const desk = simulatedDesk(SIMULATION_SEED);
  const { integrations = {} } = options;
  const madeUp = simulatedExternal(SIMULATION_SEED, simulatedAnswers(integrations));
  const systems = new Map<string, ExternalPort>(
    Object.entries(integrations).map(([name, integration]) => [name, httpDecision(name, integration)]),
  );
  return {
    clock: engineClock(database),
    versions: linkedVersions(programStore(database, options.stores)),
    enrollments: enrollmentStore(database, options.stores),
    inbox: inboxStore(database),
    outbox: outboxStore(database, options.stores),
    stops: stopStore(database),
    migrations: migrationStore(database, options.stores),
    callbacks: world.callbacks,
    debtors: debtorStore(database),
    recovery: recoveryStore(database),
    conversations: conversationStore(database),
    recalls: recallStore(database),
    debtorSeed: SIMULATION_SEED,
    packOf,
    // People's calls and visits that no outside provider makes wait at the house's own desk.
    channelPort: (channel, isSimulated) =>
      (isSimulated ? simulated : real).get(channel)?.guarded ?? houseOf(channel, isSimulated),
    deskPort: (_, isSimulated) => (isSimulated ? desk : null),
    externalPort: (name, isSimulated) => (isSimulated ? madeUp : (systems.get(name) ?? null)),
    ...(options.house === undefined ? {} : { house: options.house }),
    agencies: agencyRegister(database),
    qaSteps: Object.entries(channels.qa).map(([name, config]) => httpQaStep(name, config)),
    referenceSampleEvery: options.referenceSampleEvery ?? REFERENCE_SAMPLE_EVERY,
    monotonicMs: () => performance.now(),
    alarm: options.alarm,
    ...(options.tell === undefined ? {} : { tell: options.tell }),
    providers: [...real.values(), ...simulated.values()],
  };
}

function houseOf(channel: Channel, isSimulated: boolean): ChannelPort | null {
  return !isSimulated && channelOf(channel).byPeople ? houseDesk(channel) : null;
}

type World = {
  readonly now: () => number;
  readonly callbacks: CallbackStore;
  readonly replies: ReplyStore;
  readonly alarm: RuntimeAlarm;
};

/** Simulated providers name their prices in yuan (`responses.json`) and are held by nothing. */
const UNBRAKED = {
  maxPerSecond: null,
  maxConcurrent: null,
  costPerHourMinor: null,
  currency: "CNY",
  breaks: false,
} as const;

function simulatedChannels(channels: ChannelsConfig, { now }: World): ReadonlyMap<Channel, GuardedProvider> {
  return new Map(
    CHANNELS.map((channel) => {
      const faults = channels.simulated[channel] ?? {};
      const adapter = simulatedChannel(channel, { seed: SIMULATION_SEED, faults });
      return [channel, { adapter, guarded: guardedChannel(adapter, UNBRAKED, now) }] as const;
    }),
  );
}

/** Providers that send, each behind this worker's own brakes; those that report over a line of their own are listened to. */
function realChannels(
  { providers }: ChannelsConfig,
  { now, callbacks, replies, alarm }: World,
): ReadonlyMap<Channel, GuardedProvider> {
  return new Map(
    Object.entries(providers).flatMap(([name, config]) => {
      const adapter = adapterOf(name, config);
      adapter.listen?.(
        (events) => callbacks.put(name, events),
        async (heard) => {
          // Nobody we know by that number: if it was an opt-out, somebody has to find out whose.
          if ((await replies.put(name, heard)) < heard.length) alarm("reply-unplaced", { provider: name });
        },
      );
      if (config.retired) return [];
      const { maxPerSecond, maxConcurrent } = adapter.capabilities;
      const limits = {
        maxPerSecond,
        maxConcurrent,
        costPerHourMinor: config.costPerHour ?? null,
        currency: config.currency,
        breaks: true,
      };
      return [[config.channel, { adapter, guarded: guardedChannel(adapter, limits, now) }] as const];
    }),
  );
}
