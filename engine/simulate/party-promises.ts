import { type PlanTerms, planReviewInstants } from "../model/payment-plan";
import type { PromiseResult } from "../model/promise";
import type { EpochMs } from "../model/time";
import { remainingMinor } from "../portfolio/facts";
import { listensFor } from "../run/listens";
import { promiseAfter } from "./behaviour/settlements";
import { putEvent } from "./event-queue";
import { type AccountRun, debtorOf, type PartyRun, type RunEvent } from "./party-state";

type Answer = RunEvent & { readonly kind: "answer" };

/** An answer that is a promise goes on record; an open one of the same account is made anew by it. */
export function openPromise(party: PartyRun, { run, request, outcome, ordinal }: Answer, nowMs: EpochMs): void {
  const { program } = party.setting;
  const cause = { channel: request.channel, outcome, ordinal, atMs: nowMs };
  const terms = promiseAfter(debtorOf(party, run), cause, remainingMinor(run.account, run.paidMinor));
  if (terms === null) return;
  run.promise = { ...terms, paidMinor: 0, result: null };
  party.past.promisesMadeAtMs.push(nowMs);
  if (listensFor(program, "promise.made")) putEvent(party.queue, nowMs, { kind: "promise", run, terms });
}

/** The strategy settles the account's open promise; without one nothing happens. */
export function closePromise(
  party: PartyRun,
  run: AccountRun,
  { result, nowMs }: { readonly result: PromiseResult; readonly nowMs: EpochMs },
): void {
  if (run.promise === null || run.promise.result !== null) return;
  run.promise = { ...run.promise, result };
  if (result === "broken") party.past.promisesBrokenAtMs.push(nowMs);
}

/** Money counts towards what was promised or agreed. */
export function paid(
  party: PartyRun,
  run: AccountRun,
  { amountMinor, nowMs }: { readonly amountMinor: number; readonly nowMs: EpochMs },
): void {
  party.past.paymentsAtMs.push(nowMs);
  const { promise, plan } = run;
  if (promise?.result === null) run.promise = { ...promise, paidMinor: promise.paidMinor + amountMinor };
  if (plan !== null) run.plan = { ...plan, paidMinor: plan.paidMinor + amountMinor };
}

/** A plan that was agreed runs from now on; on the days an instalment may have been missed the strategy looks again, if it would. */
export function openPlan(party: PartyRun, run: AccountRun, { terms, nowMs }: AgreedPlan): void {
  run.plan = { ...terms, paidMinor: 0 };
  const { program } = party.setting;
  if (!listensFor(program, "facts.changed")) return;
  for (const atMs of planReviewInstants(terms, { timeZone: program.settings.timeZone, afterMs: nowMs })) {
    putEvent(party.queue, atMs, { kind: "plan-review", run });
  }
}

type AgreedPlan = { readonly terms: PlanTerms; readonly nowMs: EpochMs };
