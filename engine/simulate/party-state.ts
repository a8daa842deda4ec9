import { catalogueOfSettings } from "../condition/catalogue";
import type { GateSetting } from "../contact/gate";
import type { SimulatedAnswers } from "../desk/answer-decision";
import { type Channel, perChannel } from "../model/content";
import type { Effect, EngineEvent, EnrollmentState, StepContext, Subject } from "../model/execution";
import type { Facts } from "../model/facts";
import type { Account, ContactPoint } from "../model/party";
import type { PlanStanding, PlanTerms } from "../model/payment-plan";
import type { Hold, KnownAgency } from "../model/policy";
import type { PromiseStanding, PromiseTerms } from "../model/promise";
import { DAY_MS, type EpochMs } from "../model/time";
import { COUNTER_WINDOW_MS, importedFacts, statusOf, type WrittenFacts, writeMovingFacts } from "../portfolio/facts";
import { type AccountTrace, newTrace } from "../run/trace";
import type { AssumptionSet, Segment } from "./assumptions/set";
import { type Debtor, segmentOf } from "./behaviour/people";
import type { Settlement } from "./behaviour/settlements";
import type { CapacityPlan } from "./capacity/plan";
import { countsAt, historyMsOf } from "./counts";
import { type EventQueue, newEventQueue } from "./event-queue";
import { type LastVisit, NO_VISIT, type Tally } from "./tally";

/** A person with all their accounts, in account id order. */
export type SimulatedParty = { readonly accounts: readonly Account[]; readonly contactPoints: readonly ContactPoint[] };

/** A contact made in the run; its answer may still be on the way. */
export type SimulatedContact = {
  readonly atMs: EpochMs;
  readonly channel: Channel;
  readonly contactPointId: string;
  readonly accountId: string;
  readonly visit: string;
  /** Result code; null until it is known. */
  outcome: string | null;
  connected: boolean;
  conversed: boolean;
  settled: boolean;
  /** The notice it is, where it is one. */
  readonly notice?: string;
  /** When the person asked to be called again; undefined = they did not. */
  callBackAtMs?: EpochMs;
};

/** Every channel is carried: answers come from `respond`, whatever providers are set up. */
export type RunSetting = GateSetting<"simulated"> & {
  readonly seed: number;
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
  readonly onContact: ContactObserver;
  readonly assumptions: AssumptionSet;
  /** What of the work of a day can be done; null = all of it. */
  readonly capacity: CapacityPlan | null;
  /** What integrations are declared to answer in a simulation, by name; one that is missing fails. */
  readonly integrations: { readonly [name: string]: SimulatedAnswers };
  /** The register of agencies; absent = nothing is known of any. */
  readonly agencies?: readonly KnownAgency[] | undefined;
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
export type WorkEffect = Extract<Effect, { kind: "task.request" | "external.request" | "conversation-qa.request" }>;

/** A request that has not left: its deadline moves by the time the account stands still. */
export type OpenRequest = {
  notAfterMs: EpochMs;
  /** It has come up once for one of the day's turns. */
  asked?: boolean;
};

/** What came of work, an external decision or the check of a conversation. */
export type WorkAnswer = Extract<EngineEvent, { type: "task.completed" | "external.result" | "qa.verdict" }>;

export type RunEvent = { readonly run: AccountRun } & (
  | { readonly kind: "enter" }
  | { readonly kind: "timer"; readonly stepSeq: number }
  | { readonly kind: "depart"; readonly request: ContactEffect; readonly open: OpenRequest }
  | { readonly kind: "work"; readonly request: WorkEffect; readonly open: OpenRequest }
  | {
      readonly kind: "work-done";
      readonly request: WorkEffect;
      readonly answer: WorkAnswer;
      readonly plan: PlanTerms | null;
    }
  | { readonly kind: "promise"; readonly terms: PromiseTerms }
  /** The account's plan may stand otherwise from today on. */
  | { readonly kind: "plan-review" }
  /** A hold of the person has ended. */
  | { readonly kind: "hold-ends" }
  /** What a frozen account did not hear when it happened. */
  | { readonly kind: "told-late"; readonly told: Told }
  | { readonly kind: "text-check"; readonly request: TextEffect }
  | {
      readonly kind: "answer";
      readonly request: ContactEffect;
      readonly contact: SimulatedContact;
      readonly outcome: string;
      readonly ordinal: number;
    }
  /** `visit`: brought by work that this visit asked for; nothing comes when it was called back first. */
  | { readonly kind: "payment"; readonly settlement: BroughtSettlement; readonly visit: string | null }
);

/** `share` null = the amount itself was agreed. */
type BroughtSettlement = Omit<Settlement, "share"> & { readonly share: number | null };

export type AccountRun = {
  readonly account: Account;
  readonly segment: Segment;
  readonly subject: Subject;
  readonly trace: AccountTrace;
  state: EnrollmentState | null;
  paidMinor: number;
  /** Spent on it, and contacts made because of it. */
  costMinor: number;
  contacts: number;
  /** The entry rule let it in. */
  enrolled: boolean;
  lastVisit: LastVisit;
  readonly cancelled: Set<string>;
  /** Requests that have not left. */
  readonly open: Set<OpenRequest>;
  /** A hold keeps it still. */
  frozen: boolean;
  /** What it will hear when it goes on. */
  readonly unheard: Told[];
  promise: PromiseStanding | null;
  plan: PlanStanding | null;
  readonly lastContact: { [channel in Channel]?: SimulatedContact };
  /** Written over at every event: an executor is done with them when it has answered. */
  readonly facts: WrittenFacts;
};

/** A hold and the account whose strategy brought it, by a step or by the answer to its contact. */
export type BroughtHold = Hold & { readonly by: AccountRun };

export type PartyRun = {
  readonly party: SimulatedParty;
  readonly setting: RunSetting;
  readonly tally: Tally;
  readonly queue: EventQueue<RunEvent>;
  readonly runs: readonly AccountRun[];
  /** As they stand: a number that turned out not to exist is tried no more. */
  contactPoints: readonly ContactPoint[];
  readonly history: SimulatedContact[];
  readonly arms: { [experimentKey: string]: string };
  /** Contacts so far by channel: the ordinal of the next one's draws. */
  readonly ordinals: { [channel in Channel]: number };
  /** Pieces of work so far by kind: the ordinal of the next one's draws. */
  readonly workOrdinals: { [kind: string]: number };
  readonly holds: BroughtHold[];
  /** Requests a hold keeps back. */
  readonly parked: RunEvent[];
  readonly past: PartyPast;
  /** Events taken so far. */
  events: number;
};

/** What counters look at beside contacts. */
export type PartyPast = {
  readonly paymentsAtMs: EpochMs[];
  readonly promisesMadeAtMs: EpochMs[];
  readonly promisesBrokenAtMs: EpochMs[];
};

/** An event on its way to an executor; `plan` = what is agreed by it, if the strategy still waits for it. */
export type Told = { readonly event: EngineEvent; readonly plan: PlanTerms | null };

/** Contacts older than the longest window a rule of policy may have are of no consequence any more; counters may look farther. */
const HISTORY_MS = 61 * DAY_MS;

/** Nothing has happened yet. */
export function newPartyRun(party: SimulatedParty, setting: RunSetting, tally: Tally): PartyRun {
  const { program, pack, assumptions } = setting;
  const fields = catalogueOfSettings(pack.fields, program.settings);
  const runs = party.accounts.map(
    (account): AccountRun => ({
      account,
      segment: segmentOf({ account, seed: setting.seed, timeZone: program.settings.timeZone, assumptions }),
      subject: { enrollmentId: `enr_${account.id}`, partyId: account.partyId, accountId: account.id },
      trace: newTrace(),
      state: null,
      paidMinor: 0,
      costMinor: 0,
      contacts: 0,
      enrolled: false,
      lastVisit: NO_VISIT,
      cancelled: new Set(),
      open: new Set(),
      frozen: false,
      unheard: [],
      promise: null,
      plan: null,
      lastContact: {},
      facts: importedFacts(account, fields),
    }),
  );
  const queue = newEventQueue<RunEvent>();
  return {
    party,
    setting,
    tally,
    queue,
    runs,
    contactPoints: party.contactPoints,
    history: [],
    arms: {},
    ordinals: { ...perChannel(() => 0) },
    workOrdinals: {},
    holds: [],
    parked: [],
    past: { paymentsAtMs: [], promisesMadeAtMs: [], promisesBrokenAtMs: [] },
    events: 0,
  };
}

/** The person behind an account, as the behaviour model sees them. */
export function debtorOf({ setting }: PartyRun, { account }: AccountRun): Debtor {
  const { seed, program, assumptions } = setting;
  return { account, seed, timeZone: program.settings.timeZone, assumptions };
}

/** What a step of this account may look at now. */
export function contextOf(party: PartyRun, run: AccountRun, nowMs: EpochMs): StepContext {
  return { subject: run.subject, facts: factsAt(party, run, nowMs), nowMs };
}

function factsAt(party: PartyRun, run: AccountRun, nowMs: EpochMs): Facts {
  const { account, paidMinor, state, facts, promise, plan } = run;
  const { program } = party.setting;
  const { timeZone } = program.settings;
  const moving = {
    account,
    ledger: { paidMinor },
    counters: countersAt(party.history, nowMs),
    otherAccounts: openBeside(party.runs, run),
    arms: party.arms,
    startedAtMs: state?.startedAtMs ?? null,
    promise,
    plan,
    counts: countsAt(party, program.counters ?? [], nowMs),
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

/** Lets go of contacts no rule and no counter can count any more. */
export function forgetOld({ history, setting }: PartyRun, nowMs: EpochMs): void {
  const lookMs = Math.max(HISTORY_MS, historyMsOf(setting.program.counters ?? []));
  const kept = history.findIndex((contact) => contact.atMs > nowMs - lookMs);
  if (kept <= 0) return;
  // A notice counts however long ago it was given.
  const notices = history.slice(0, kept).filter(({ notice }) => notice !== undefined);
  if (notices.length < kept) history.splice(0, kept, ...notices);
}
