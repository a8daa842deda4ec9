import { CALL_BACK_OUTCOME } from "../../model/contact-result";
import type { Channel } from "../../model/content";
import { draw } from "../../model/draw";
import { PROMISE_OUTCOMES, type PromiseTerms } from "../../model/promise";
import {
  addDays,
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  instantAt,
  localDate,
  localMinuteOfDay,
  MINUTE_MS,
  minutesOf,
} from "../../model/time";
import { daysPastDue } from "../../portfolio/facts";
import type { AssumptionSet, Segment } from "../assumptions/set";
import {
  type BaseStep,
  type Draws,
  type Excitation,
  type Repayment,
  repaymentsAfter,
  repaymentsOfBase,
  repaymentsOfJump,
  shareOf,
} from "./excitation";
import { bandAt, type Debtor, segmentOf } from "./people";

/** A payment a simulated person will make. */
export type Settlement = {
  /** The same person, cause and seed give the same id: posting one twice is recognisable. */
  readonly id: string;
  readonly atMs: EpochMs;
  /** Share of what is still overdue when it is paid, in (0, 1]. `amountOf` makes money of it. */
  readonly share: number;
  /** Minor units, positive: the share of what was overdue when its cause happened, less the cause's earlier payments. */
  readonly amountMinor: number;
};

/**
 * What makes somebody pay: the passing of time, or a contact they answered. `ordinal` counts the party's contacts by channel;
 * `dueMinor` = still overdue then.
 */
export type SettlementCause = { readonly dueMinor: number } & (
  | { readonly kind: "own-accord"; readonly fromMs: EpochMs; readonly untilMs: EpochMs }
  | ({ readonly kind: "contact" } & ContactCause)
);
export type ContactCause = {
  readonly channel: Channel;
  readonly outcome: string;
  readonly ordinal: number;
  readonly atMs: EpochMs;
};

/** What a contact brings has faded long before: with the slowest memory a set may have (kappa 0.01) e^-4 of it is left. */
const EFFECT_DAYS = 400;
const LEAST_PAYMENT_MINOR = 100;
const DAY_MINUTES = 24 * 60;

/** What a share of a debt comes to: at least one unit of money, at most all of it. */
export function amountOf(share: number, dueMinor: number): number {
  return share >= 1 ? dueMinor : Math.min(dueMinor, Math.max(LEAST_PAYMENT_MINOR, Math.round(share * dueMinor)));
}

/**
 * When this person pays, and how much, because of something. Used by the simulator and by the simulated debtors of the demo.
 * Every draw hangs on seed, party, account and cause alone, so two strategies run against the same luck (design D13). Empty when
 * nothing is overdue or nobody pays.
 */
export function settlementsOf(debtor: Debtor, cause: SettlementCause): readonly Settlement[] {
  if (cause.dueMinor <= 0 || debtor.account.overdueMinor <= 0) return [];
  return cause.kind === "own-accord" ? ofOwnAccord(debtor, cause) : afterContact(debtor, cause);
}

function ofOwnAccord(
  debtor: Debtor,
  { fromMs, untilMs, dueMinor }: Extract<SettlementCause, { kind: "own-accord" }>,
): readonly Settlement[] {
  const segment = segmentOf(debtor);
  const key = `own:${debtor.account.id}`;
  const steps = baseSteps(debtor, segment, { fromMs, untilMs });
  const processes = debtor.assumptions.repayment.bands.map((_, band) => processIn(debtor.assumptions, segment, band));
  const bandOn = (day: number): number => steps.find(({ untilDay }) => day < untilDay)?.band ?? 0;
  const lawAt = (day: number): Excitation => processes[bandOn(day)] ?? processIn(debtor.assumptions, segment, 0);
  const made = repaymentsOfBase(steps, lawAt, drawsOf(debtor, key));
  return settled(debtor, made, { key, afterMs: fromMs, dueMinor }).filter(({ atMs }) => atMs < untilMs);
}

/** The base intensity from now on: it changes when the account grows into the next band. */
function baseSteps(
  { account, timeZone, assumptions }: Debtor,
  segment: Segment,
  { fromMs, untilMs }: { readonly fromMs: EpochMs; readonly untilMs: EpochMs },
): readonly (BaseStep & { readonly band: number })[] {
  const lastDay = (untilMs - fromMs) / DAY_MS;
  const dpd = daysPastDue(account, localDate(timeZone, fromMs));
  const passed = localMinuteOfDay(timeZone, fromMs) / DAY_MINUTES;
  const steps: (BaseStep & { readonly band: number })[] = [];
  const { bands } = assumptions.repayment;
  for (let band = bandAt(assumptions, dpd); band < bands.length; band += 1) {
    const { upToDpd = null, lambdaInf = 0 } = bands[band] ?? {};
    const untilDay = upToDpd === null ? lastDay : Math.min(lastDay, upToDpd - dpd + 1 - passed);
    steps.push({ untilDay, rate: lambdaInf * segment.rate, band });
    if (untilDay >= lastDay) break;
  }
  return steps;
}

function processIn({ repayment }: AssumptionSet, segment: Segment, band: number): Excitation {
  const { kappa, delta10, delta11, part, bands } = repayment;
  const clears = Math.min(1, (bands[band]?.clears ?? 0) * segment.clears);
  return { kappa, delta10, delta11, law: { clears, ...part } };
}

function afterContact(debtor: Debtor, cause: ContactCause & { readonly dueMinor: number }): readonly Settlement[] {
  if (PROMISE_OUTCOMES.has(cause.outcome)) return afterPromise(debtor, cause);
  const { contact } = debtor.assumptions;
  const codes = contact.delta2[cause.channel] ?? {};
  const jumps = Object.hasOwn(codes, cause.outcome) ? codes[cause.outcome] : undefined;
  if (jumps === undefined) return [];
  const segment = segmentOf(debtor);
  const { band, key } = asked(debtor, cause);
  const jump = (jumps[band] ?? 0) * (segment.gainByChannel[cause.channel] ?? segment.gain);
  const process = processIn(debtor.assumptions, segment, band);
  const made = repaymentsOfJump(process, { jump, untilDay: EFFECT_DAYS, key: "push" }, drawsOf(debtor, key));
  return settled(debtor, made, { key, afterMs: cause.atMs, dueMinor: cause.dueMinor });
}

/** A promise is kept or it is not; one that is kept is a payment like any other, and may be followed by more. */
function afterPromise(debtor: Debtor, cause: ContactCause & { readonly dueMinor: number }): readonly Settlement[] {
  const segment = segmentOf(debtor);
  const { today, band, key } = asked(debtor, cause);
  const draws = drawsOf(debtor, key);
  const kept = debtor.assumptions.contact.promise.kept[cause.channel]?.[band] ?? 0;
  if (draws("kept") >= kept * segment.kept) return [];
  const share = promisedShare(debtor, cause, draws);
  const minute = payingMinute(debtor, draws("minute") * DAY_MINUTES);
  const date = addDays(today, daysUntil(debtor, draws));
  const atMs = Math.max(instantAt(debtor.timeZone, date, minute), cause.atMs + MINUTE_MS);
  const { dueMinor } = cause;
  const amountMinor = amountOf(share, dueMinor);
  const paid = { id: `${debtor.account.id}:${key}:kept`, atMs, share, amountMinor };
  if (share >= 1) return [paid];
  const process = processIn(debtor.assumptions, segment, band);
  const more = repaymentsAfter(process, { key: "kept", day: 0, share, untilDay: EFFECT_DAYS }, draws);
  return [paid, ...settled(debtor, more, { key, afterMs: atMs, dueMinor: dueMinor - amountMinor })];
}

/**
 * What a person promises in an answer that is a promise; null when it is none, or nothing is overdue. The day and the amount are
 * those `settlementsOf` draws for the same contact, whether they then pay or not; some name too early a day.
 */
export function promiseAfter(debtor: Debtor, cause: ContactCause, remainingMinor: number): PromiseTerms | null {
  const { kept, lateShare, lateDays } = debtor.assumptions.contact.promise;
  if (!PROMISE_OUTCOMES.has(cause.outcome) || kept[cause.channel] === undefined || remainingMinor <= 0) return null;
  const { today, key } = asked(debtor, cause);
  const draws = drawsOf(debtor, key);
  const spread = lateDays.most - lateDays.least + 1;
  const late = draws("late") < lateShare ? lateDays.least + Math.floor(draws("late-days") * spread) : 0;
  return {
    amountMinor: amountOf(promisedShare(debtor, cause, draws), remainingMinor),
    dueDate: addDays(today, Math.max(0, daysUntil(debtor, draws) - late)),
  };
}

/** When somebody who asks to be called again wants it to be; null when they do not ask. The laws still decide when it may be. */
export function callBackAfter(debtor: Debtor, cause: ContactCause): EpochMs | null {
  if (cause.outcome !== CALL_BACK_OUTCOME) return null;
  const { least, most } = debtor.assumptions.contact.callBackHours;
  const hours = least + Math.floor(drawsOf(debtor, asked(debtor, cause).key)("call-back") * (most - least + 1));
  return cause.atMs + hours * HOUR_MS;
}

/** `PPP` is a promise of a part, every other one of all that is overdue. */
function promisedShare({ assumptions }: Debtor, { outcome }: ContactCause, draws: Draws): number {
  if (outcome !== "PPP") return 1;
  return shareOf({ clears: 0, ...assumptions.repayment.part }, "promised", draws);
}

function daysUntil({ assumptions }: Debtor, draws: Draws): number {
  const { least, most } = assumptions.contact.promise.days;
  return least + Math.floor(draws("days") * (most - least + 1));
}

function asked({ account, timeZone, assumptions }: Debtor, { channel, ordinal, atMs }: ContactCause) {
  const today = localDate(timeZone, atMs);
  const band = bandAt(assumptions, daysPastDue(account, today));
  return { today, band, key: `${channel}:${account.id}:${ordinal}` };
}

/** The payments of one cause as money and instants, each a share of what the earlier ones left. */
function settled(
  debtor: Debtor,
  made: readonly Repayment[],
  cause: { readonly key: string; readonly afterMs: EpochMs; readonly dueMinor: number },
): readonly Settlement[] {
  let due = cause.dueMinor;
  return made.map(({ key, day, share }) => {
    const amountMinor = Math.max(1, amountOf(share, due));
    due -= Math.min(due, amountMinor);
    const atMs = instantOf(debtor, cause.afterMs, day);
    return { id: `${debtor.account.id}:${cause.key}:${key}`, atMs, share, amountMinor };
  });
}

/** The process runs day and night, people pay in their hours: the time of day is drawn together, in the same order. */
function instantOf(debtor: Debtor, afterMs: EpochMs, day: number): EpochMs {
  const { timeZone } = debtor;
  const rawMs = Math.floor(afterMs + day * DAY_MS);
  const minute = payingMinute(debtor, localMinuteOfDay(timeZone, rawMs));
  // Nobody pays before they were asked.
  return Math.max(instantAt(timeZone, localDate(timeZone, rawMs), minute), afterMs + MINUTE_MS);
}

function payingMinute({ assumptions }: Debtor, minuteOfDay: number): number {
  const { from, to } = assumptions.repayment.payingHours;
  const first = minutesOf(from);
  return first + Math.floor((minuteOfDay / DAY_MINUTES) * (minutesOf(to) - first));
}

function drawsOf({ account, seed }: Debtor, key: string): Draws {
  return (kind) => draw(seed, account.partyId, `pay:${key}:${kind}`);
}
