import type { QaVerdictCode } from "../model/execution";
import { beforeAbort } from "../ports/before-abort";
import type { QaStep, QaStepRequest, QaStepVerdict } from "../ports/qa-step";

/** Longest a text may be judged before it leaves; whoever takes longer has not passed it. */
export const PRE_SEND_DEADLINE_MS = 500;

const VERDICTS = ["pass", "review", "block"] as const satisfies readonly QaVerdictCode[];

export type QaAnswer = {
  readonly verdict: QaVerdictCode;
  /** Steps that gave no verdict in time; each of them blocks. */
  readonly silent: readonly string[];
};

/** The worst verdict of all steps, asked at once. A step that fails, is late or answers nonsense blocks: unchecked is not good. */
export async function askQaSteps(
  steps: readonly QaStep[],
  request: QaStepRequest,
  deadlineMs = PRE_SEND_DEADLINE_MS,
): Promise<QaAnswer> {
  const verdicts = await Promise.all(steps.map((step) => verdictOf(step, request, deadlineMs)));
  const silent = steps.filter((_, index) => verdicts[index] === null).map(({ id }) => id);
  const worst = Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict ?? "block")));
  return { verdict: VERDICTS[worst] ?? "block", silent };
}

async function verdictOf(step: QaStep, request: QaStepRequest, deadlineMs: number): Promise<QaVerdictCode | null> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const { verdict }: QaStepVerdict = await beforeAbort(step.evaluate(request, { signal }), signal);
    return VERDICTS.includes(verdict) ? verdict : null;
  } catch {
    return null;
  }
}
