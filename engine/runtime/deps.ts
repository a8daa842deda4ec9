import type { Channel } from "../model/content";
import type { MarketPack } from "../model/market-pack";
import type { HouseStanding } from "../model/policy";
import type { TaskKind } from "../model/program";
import type { Agencies } from "../ports/agencies";
import type { CallbackStore } from "../ports/callbacks";
import type { ChannelPort } from "../ports/channel";
import type { Conversations } from "../ports/conversations";
import type { DebtorStore } from "../ports/debtor-store";
import type { DeskPort } from "../ports/desk";
import type { EngineClock } from "../ports/engine-clock";
import type { EnrollmentStore } from "../ports/enrollment-store";
import type { ExternalPort } from "../ports/external";
import type { Inbox } from "../ports/inbox";
import type { Migrations } from "../ports/migrations";
import type { Outbox } from "../ports/outbox";
import type { QaStep } from "../ports/qa-step";
import type { Recalls } from "../ports/recalls";
import type { RecoveryStore } from "../ports/recovery";
import type { Stops } from "../ports/stops";
import type { LinkedVersions } from "./linked-versions";
import type { RuntimeSign } from "./signs";

/** What a worker tells its operators. Codes and ids only, never personal data. */
export type RuntimeAlarm = (
  code:
    | "executor-disagreement"
    | "executor-threw"
    | "program-missing"
    | "channel-threw"
    | "port-threw"
    | "gate-threw"
    | "callbacks-orphaned"
    | "reply-unplaced",
  ids: { readonly [name: string]: string },
) => void;

/** Everything the live shell needs. No vendor, no SQL: stores and channels are handed in. */
export type RuntimeDeps = {
  readonly clock: EngineClock;
  readonly versions: LinkedVersions;
  readonly enrollments: EnrollmentStore;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly stops: Stops;
  readonly migrations: Migrations;
  readonly callbacks: CallbackStore;
  readonly debtors: DebtorStore;
  /** What is found out after a restore; missing = this world is never restored. */
  readonly recovery?: RecoveryStore;
  /** What was said in contacts; missing = nothing of it is kept, and steps that ask for a verdict are sent to people. */
  readonly conversations?: Conversations;
  /** Accepted contacts nobody wants any more; missing = none is ever called back. */
  readonly recalls?: Recalls;
  /** Simulated people pay by this; the same seed, the same luck. */
  readonly debtorSeed: number;
  readonly packOf: (market: MarketPack["market"]) => MarketPack;
  /** The provider for a channel; simulated contact points get simulated ones and nothing else. Null = none is set up. */
  readonly channelPort: (channel: Channel, simulated: boolean) => ChannelPort | null;
  /** Who takes up work of a kind; simulated debtors get simulated desks and nothing else. Null = it lies open in the house. */
  readonly deskPort: (task: TaskKind, simulated: boolean) => DeskPort | null;
  /** The system behind an integration's name; simulated debtors get simulated answers and nothing else. Null = none is set up. */
  readonly externalPort: (integration: string, simulated: boolean) => ExternalPort | null;
  /** One step in so many is run again on the reference executor; 0 = none. */
  readonly referenceSampleEvery: number;
  /** Milliseconds that only ever grow, for how long something took; never for what time it is. */
  readonly monotonicMs: () => number;
  /** What the house says of itself to the rules; absent = nothing. */
  readonly house?: HouseStanding;
  /** Agencies debts may be placed with; absent = nothing is known of any. */
  readonly agencies?: Agencies;
  /**
   * Judges of texts, asked right before a contact leaves (the market's own word lists are asked before, at the gate), and of
   * conversations afterwards.
   */
  readonly qaSteps?: readonly QaStep[];
  /** Longest the engine waits for a provider, milliseconds; ten seconds by default. */
  readonly sendDeadlineMs?: number;
  readonly alarm: RuntimeAlarm;
  /** Hears what happens, to count it; nobody by default. Must not throw and not wait. */
  readonly tell?: (sign: RuntimeSign) => void;
};

/** Bounds of one tick. A tick that meets one of them simply leaves the rest to the next. */
export const RUNTIME_LIMITS = {
  /** Enrollments claimed in one commit. Larger batches only add lock time (measured: 1000-2000 is the flat part). */
  advanceBatch: 1000,
  /** Commits of the advance step in one tick. */
  advanceBatchesPerTick: 2,
  /** Intents that pass the gate in one commit. */
  dispatchBatch: 500,
  /** Few, so that answers are heard between them and a worker asked to stop does so within about a second. */
  dispatchBatchesPerTick: 4,
  /** Requests that are due and could leave, at which timers wait: what a worker sends in a few ticks. */
  outboxBacklog: 5000,
  /** Sends under way at once in one worker. */
  sendsAtOnce: 20,
  /** Longest a sender goes by the stops it has read: nobody who stops sending notices a tenth of a second. */
  stopsGoodForMs: 100,
  /** Answers of providers written in one commit, and the longest one of them waits for the others. */
  settleBatch: 250,
  settleAfterMs: 250,
  /** Questions to other systems under way at once in one worker, and most it puts in one round: each may take half a minute. */
  questionsAtOnce: 20,
  /** Timers one enrollment may fire in one turn; the rest fire in the next. */
  timersPerTurn: 8,
  paymentsBatch: 1000,
  promisesBatch: 1000,
  freezeBatch: 1000,
  /** Enrollments whose waits move, or that are told to exit, in one tick. */
  stopBatch: 5000,
  /** Accounts moved to another version in one commit: small beside a tick's turns, because they are locked while they are moved. */
  migrationBatch: 500,
  debtorsBatch: 1000,
  /** Events of providers taken in by one commit. */
  callbacksBatch: 500,
  enrollPage: 500,
  /** Conversations judged in one tick: the word lists read one in about a millisecond. */
  conversationsBatch: 200,
  /** Accepted contacts that are called back in one tick. */
  recallsBatch: 200,
} as const;
