import type { QaVerdictCode } from "../model/execution";
import { beforeAbort } from "../ports/before-abort";
import type { QaStep, QaStepRequest, QaStepVerdict } from "../ports/qa-step";
import { worst } from "../qa/check-conversation";

/** Longest a text may be judged before it leaves; whoever takes longer has not passed it. */
export const PRE_SEND_DEADLINE_MS = 500;

const VERDICTS = ["pass", "review", "block"] as const satisfies readonly QaVerdictCode[];

/** Longest a conversation may be judged afterwards: nothing waits for it but its review. */
export const POST_CONTACT_DEADLINE_MS = 10_000;

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
  const { given, silent } = await verdictsOf(steps, request, deadlineMs);
  return { verdict: worst([...given.map(({ verdict }) => verdict), ...silent.map(() => "block" as const)]), silent };
}

export type QaVerdicts = { readonly given: readonly QaStepVerdict[]; readonly silent: readonly string[] };

/** What every step says, asked at once, and which gave no verdict in time. */
export async function verdictsOf(
  steps: readonly QaStep[],
  request: QaStepRequest,
  deadlineMs: number,
): Promise<QaVerdicts> {
  const verdicts = await Promise.all(steps.map((step) => verdictOf(step, request, deadlineMs)));
  const silent = steps.filter((_, index) => verdicts[index] === null).map(({ id }) => id);
  return { given: verdicts.flatMap((verdict) => verdict ?? []), silent };
}

async function verdictOf(step: QaStep, request: QaStepRequest, deadlineMs: number): Promise<QaStepVerdict | null> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const said = await beforeAbort(step.evaluate(request, { signal }), signal);
    return VERDICTS.includes(said.verdict) ? said : null;
  } catch {
    return null;
  }
}
