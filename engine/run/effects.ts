import type { Effect, EnrollmentState } from "../model/execution";
import type { RequestSpec } from "../model/program";
import type { EpochMs } from "../model/time";

/** The effect that asks the world on behalf of the present step and attempt. */
export function requestEffect(request: RequestSpec, state: EnrollmentState, notAfterMs: EpochMs): Effect {
  const { stepSeq, nodeId, attempt } = state;
  if (request.kind === "contact") {
    const { channel, contentId, partyRole } = request;
    return { kind: "contact.request", stepSeq, nodeId, attempt, channel, contentId, partyRole, notAfterMs };
  }
  return { kind: "qa.request", stepSeq, nodeId, attempt, contentId: request.contentId, lexicon: request.lexicon };
}
