import { catalogueOfSettings } from "../../condition/catalogue";
import { type Channel, perChannel } from "../../model/content";
import type { Effect, EngineEvent, EnrollmentState, Outcome, StepContext, SyncExecutor } from "../../model/execution";
import { accountIdOf, partyIdOf } from "../../model/ids";
import type { MarketPack } from "../../model/market-pack";
import type { Account } from "../../model/party";
import { drawnStepId, type Program } from "../../model/program";
import { addDays, instantAt, type LocalDate } from "../../model/time";
import { importedFacts, overdueSinceOf, writeMovingFacts } from "../../portfolio/facts";
import { linkFast } from "../../run/fast";

/** What a lender's monthly file says of one account: its status by month, the oldest first. */
export type MonthlyHistory = { readonly id: string; readonly months: readonly MonthlyStatus[] };
export type MonthlyStatus = {
  /** As the file writes it; transitions are counted between these. */
  readonly status: string;
  /** Days past due it stands for; null = no loan, or paid off. */
  readonly dpd: number | null;
};

export type ReplaySetting = { readonly program: Program; readonly pack: MarketPack; readonly from: LocalDate };

/**
 * Where accounts of the past would have gone. It says nothing of what they would have paid: nobody was asked anything, and history
 * goes on as it did (the lowest of the four levels of a back-test).
 */
export type Replay = {
  readonly accounts: number;
  readonly enrolled: number;
  /** Times a step was entered, by its id. */
  readonly entered: { readonly [nodeId: string]: number };
  /** Contacts the strategy would have asked for. Whether the rules would have let them leave is not known from monthly data. */
  readonly requested: { readonly [channel in Channel]: number };
  /** From one month's status to the next: `0>1`. */
  readonly transitions: { readonly [move: string]: number };
};

const MONTH_DAYS = 30;
const NOON = 12 * 60;
/** Timers of one account in one month; a strategy that wants more has run away. */
const TIMERS_MAX = 500;

type Run = {
  readonly setting: ReplaySetting;
  readonly executor: SyncExecutor;
  readonly entered: { [nodeId: string]: number };
  readonly requested: { [channel in Channel]: number };
};

/** Runs a strategy over months that have been, without contacting anybody and without changing what happened. */
export function replayMonthly(histories: readonly MonthlyHistory[], setting: ReplaySetting): Replay {
  const run: Run = {
    setting,
    executor: linkFast(setting.program),
    entered: {},
    requested: { ...perChannel(() => 0) },
  };
  const transitions: { [move: string]: number } = {};
  let enrolled = 0;
  for (const history of histories) {
    history.months.forEach(({ status }, month) => {
      const next = history.months[month + 1];
      if (next === undefined) return;
      const move = `${status}>${next.status}`;
      transitions[move] = (transitions[move] ?? 0) + 1;
    });
    if (follow(run, history)) enrolled += 1;
  }
  const { entered, requested } = run;
  return { accounts: histories.length, enrolled, entered, requested, transitions };
}

/** One account, month by month, from the first month it is let in; true = it was. */
function follow(run: Run, history: MonthlyHistory): boolean {
  let state: EnrollmentState | null = null;
  for (let month = 0; month < history.months.length; month += 1) {
    const context = contextIn(run, history, month);
    if (context === null) continue;
    if (state === null) {
      const outcome = run.executor.start(context);
      const reason = outcome.state.exit?.reason;
      if (reason === "not-eligible" || reason === "eligibility-unknown") continue;
      state = take(run, outcome);
    } else {
      state = happen(run, state, { context, month });
    }
    if (state.status !== "active") return true;
  }
  return state !== null;
}

/** A month has passed: timers that were due in it fire in their order, then the new month's facts are told. */
function happen(
  run: Run,
  before: EnrollmentState,
  { context, month }: { readonly context: StepContext; readonly month: number },
): EnrollmentState {
  let state = before;
  const told = (event: EngineEvent, nowMs: number): void => {
    state = take(run, run.executor.send(state, event, { ...context, nowMs }), state.stepSeq);
  };
  for (let fired = 0; fired < TIMERS_MAX && state.status === "active"; fired += 1) {
    const { wakeAtMs, stepSeq } = state;
    if (wakeAtMs === null || wakeAtMs > context.nowMs) break;
    told({ id: `timer:${month}:${fired}`, at: wakeAtMs, type: "timer.fired", stepSeq }, wakeAtMs);
  }
  if (state.status === "active") {
    told({ id: `facts:${month}`, at: context.nowMs, type: "facts.changed" }, context.nowMs);
  }
  return state;
}

/** Counts what an outcome entered and asked for; `from` = the visit it began at. */
function take({ entered, requested }: Run, { state, decisions, effects }: Outcome, from = -1): EnrollmentState {
  let seen = from;
  for (const { stepSeq, nodeId } of decisions) {
    if (stepSeq <= seen || drawnStepId(nodeId) !== nodeId) continue;
    seen = stepSeq;
    entered[nodeId] = (entered[nodeId] ?? 0) + 1;
  }
  for (const effect of effects) if (isContact(effect)) requested[effect.channel] += 1;
  return state;
}

function isContact(effect: Effect): effect is Extract<Effect, { kind: "contact.request" }> {
  return effect.kind === "contact.request";
}

/** What is known of the account in a month; null = there is no loan then. */
function contextIn({ setting }: Run, { id, months }: MonthlyHistory, month: number): StepContext | null {
  const dpd = months[month]?.dpd ?? null;
  if (dpd === null) return null;
  const { program, pack, from } = setting;
  const { timeZone, currency } = program.settings;
  const today = addDays(from, month * MONTH_DAYS);
  const account: Account = {
    ...{ id: accountIdOf(id), partyId: partyIdOf(id), accountNo: id, customerNo: id, currency },
    overdueSince: dpd > 0 ? overdueSinceOf(today, dpd) : null,
    // Monthly files name stages, not amounts: one unit of money stands for "something is overdue".
    ...{ overdueMinor: dpd > 0 ? 100 : 0, totalOutstandingMinor: 100, dataDate: today, status: "open", timeZone },
    fields: {},
  };
  const facts = importedFacts(account, catalogueOfSettings(pack.fields, program.settings));
  const nowMs = instantAt(timeZone, today, NOON);
  const nothing = { counters: { contacts7d: 0, conversations7d: 0 }, otherAccounts: 0, arms: {}, startedAtMs: null };
  writeMovingFacts(facts, { account, ledger: { paidMinor: 0 }, ...nothing }, { nowMs, timeZone });
  const subject = { enrollmentId: `enr_${account.id}`, partyId: account.partyId, accountId: account.id } as const;
  return { subject, facts, nowMs };
}
