import type { EngineEvent, EnrollmentState, StepContext } from "../model/execution";
import type { PlanTerms } from "../model/payment-plan";
import type { EpochMs } from "../model/time";
import { ignoredCodeOf } from "../run/gate";
import { openPlan } from "./party-promises";
import { type AccountRun, contextOf, type PartyRun } from "./party-state";

/** What the run asks of an executor. */
export type ExecutorCall =
  | { readonly kind: "start"; readonly context: StepContext }
  | {
      readonly kind: "send";
      readonly state: EnrollmentState;
      readonly event: EngineEvent;
      readonly context: StepContext;
    };

type Telling = { readonly event: EngineEvent; readonly nowMs: EpochMs; readonly plan?: PlanTerms | null };

/** An event for the executor. A frozen account hears it when it goes on, one whose enrollment is over never. */
export function send(party: PartyRun, run: AccountRun, { event, nowMs, plan = null }: Telling): ExecutorCall | null {
  const { state } = run;
  if (state === null || state.status !== "active") return null;
  if (run.frozen) {
    run.unheard.push({ event, plan });
    return null;
  }
  if (plan !== null && ignoredCodeOf(state, event, nowMs) === null) openPlan(party, run, { terms: plan, nowMs });
  return { kind: "send", state, event, context: contextOf(party, run, nowMs) };
}

/** A visit of a step and its attempt, as one key within an account. */
export function visitOf({ stepSeq, attempt }: { readonly stepSeq: number; readonly attempt: number }): string {
  return `${stepSeq}:${attempt}`;
}
