import { catalogueOfSettings } from "../condition/catalogue";
import type { GateSetting } from "../contact/gate";
import { type Channel, perChannel } from "../model/content";
import type { Effect, EnrollmentState, StepContext, Subject } from "../model/execution";
import type { Facts } from "../model/facts";
import type { Account, ContactPoint } from "../model/party";
import { DAY_MS, type EpochMs } from "../model/time";
import { COUNTER_WINDOW_MS, importedFacts, statusOf, type WrittenFacts, writeMovingFacts } from "../portfolio/facts";
import { type AccountTrace, newTrace } from "../run/trace";
import type { Settlement } from "./behaviour";
import { type EventQueue, newEventQueue } from "./event-queue";
import type { Tally } from "./tally";

/** A person with all their accounts, in account id order. */
export type SimulatedParty = { readonly accounts: readonly Account[]; readonly contactPoints: readonly ContactPoint[] };

/** A contact made in the run; its answer may still be on the way. */
export type SimulatedContact = {
  readonly atMs: EpochMs;
  readonly channel: Channel;
  readonly contactPointId: string;
  readonly visit: string;
  connected: boolean;
  conversed: boolean;
  settled: boolean;
};

/** Every channel is carried: answers come from `respond`, whatever providers are set up. */
export type RunSetting = GateSetting<"simulated"> & {
  readonly seed: number;
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
  readonly onContact: ContactObserver;
};

/** A contact that left in the run, for those who want to look at them one by one. */
export type ObservedContact = {
  readonly account: Account;
  readonly channel: Channel;
  readonly to: ContactPoint;
  readonly text: string;
  readonly outcome: string;
  readonly atMs: EpochMs;
};
export type ContactObserver = (contact: ObservedContact) => void;

export type ContactEffect = Extract<Effect, { kind: "contact.request" }>;
export type TextEffect = Extract<Effect, { kind: "qa.request" }>;

export type RunEvent = { readonly run: AccountRun } & (
  | { readonly kind: "enter" }
  | { readonly kind: "timer"; readonly stepSeq: number }
  | { readonly kind: "depart"; readonly request: ContactEffect }
  | { readonly kind: "text-check"; readonly request: TextEffect }
  | {
      readonly kind: "answer";
      readonly request: ContactEffect;
      readonly contact: SimulatedContact;
      readonly outcome: string;
      readonly ordinal: number;
    }
  | { readonly kind: "payment"; readonly settlement: Settlement }
);

export type AccountRun = {
  readonly account: Account;
  readonly subject: Subject;
  readonly trace: AccountTrace;
  state: EnrollmentState | null;
  paidMinor: number;
  lastSeq: number;
  readonly cancelled: Set<string>;
  /** Written over at every event: an executor is done with them when it has answered. */
  readonly facts: WrittenFacts;
};

export type PartyRun = {
  readonly party: SimulatedParty;
  readonly setting: RunSetting;
  readonly tally: Tally;
  readonly queue: EventQueue<RunEvent>;
  readonly runs: readonly AccountRun[];
  readonly history: SimulatedContact[];
  readonly arms: { [experimentKey: string]: string };
  /** Contacts so far by channel: the ordinal of the next one's draws. */
  readonly ordinals: { [channel in Channel]: number };
  held: boolean;
  /** Events taken so far. */
  events: number;
};

/** Contacts older than the longest window a rule may have are of no consequence any more. */
const HISTORY_MS = 61 * DAY_MS;

/** Nothing has happened yet. */
export function newPartyRun(party: SimulatedParty, setting: RunSetting, tally: Tally): PartyRun {
  const fields = catalogueOfSettings(setting.pack.fields, setting.program.settings);
  const runs = party.accounts.map(
    (account): AccountRun => ({
      account,
      subject: { enrollmentId: `enr_${account.id}`, partyId: account.partyId, accountId: account.id },
      trace: newTrace(),
      state: null,
      paidMinor: 0,
      lastSeq: 0,
      cancelled: new Set(),
      facts: importedFacts(account, fields),
    }),
  );
  const queue = newEventQueue<RunEvent>();
  const ordinals = { ...perChannel(() => 0) };
  return { party, setting, tally, queue, runs, history: [], arms: {}, ordinals, held: false, events: 0 };
}

/** What a step of this account may look at now. */
export function contextOf(party: PartyRun, run: AccountRun, nowMs: EpochMs): StepContext {
  return { subject: run.subject, facts: factsAt(party, run, nowMs), nowMs };
}

function factsAt(party: PartyRun, run: AccountRun, nowMs: EpochMs): Facts {
  const { account, paidMinor, state, facts } = run;
  const { timeZone } = party.setting.program.settings;
  const moving = {
    account,
    ledger: { paidMinor },
    counters: countersAt(party.history, nowMs),
    otherAccounts: openBeside(party.runs, run),
    arms: party.arms,
    startedAtMs: state?.startedAtMs ?? null,
  };
  writeMovingFacts(facts, moving, { nowMs, timeZone });
  return facts;
}

function countersAt(
  history: readonly SimulatedContact[],
  nowMs: EpochMs,
): { readonly contacts7d: number; readonly conversations7d: number } {
  let contacts7d = 0;
  let conversations7d = 0;
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const contact = history[index];
    if (contact === undefined || contact.atMs <= nowMs - COUNTER_WINDOW_MS) break;
    contacts7d += 1;
    if (contact.conversed) conversations7d += 1;
  }
  return { contacts7d, conversations7d };
}

function openBeside(runs: readonly AccountRun[], own: AccountRun): number {
  let open = 0;
  for (const run of runs) if (run !== own && statusOf(run.account, run.paidMinor) === "open") open += 1;
  return open;
}

/** Lets go of contacts no rule can count any more. */
export function forgetOld(history: SimulatedContact[], nowMs: EpochMs): void {
  const kept = history.findIndex((contact) => contact.atMs > nowMs - HISTORY_MS);
  if (kept > 0) history.splice(0, kept);
}
