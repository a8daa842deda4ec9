import type { Desk, Effect, EnrollmentState } from "../model/execution";
import type { FactValue } from "../model/facts";
import type { ActSpec, DeskSpec, RequestSpec } from "../model/program";
import type { EpochMs } from "../model/time";
import { factIn, type RuleInput } from "./rule-input";
import { valueIn } from "./values";

type Visit = Pick<EnrollmentState, "stepSeq" | "nodeId" | "attempt">;

/** The effect that asks the world on behalf of the present step and attempt. */
export function requestEffect(
  request: RequestSpec,
  asked: { readonly state: Visit; readonly notAfterMs: EpochMs; readonly input: RuleInput },
): Effect {
  const { state, notAfterMs, input } = asked;
  const visit: Visit = { stepSeq: state.stepSeq, nodeId: state.nodeId, attempt: state.attempt };
  switch (request.kind) {
    case "contact":
      return contactEffect(request, visit, asked);
    case "qa":
      return { kind: "qa.request", ...visit, contentId: request.contentId, lexicon: request.lexicon };
    case "conversation-qa": {
      const { channel, lexicon, passScore } = request;
      return { kind: "conversation-qa.request", ...visit, channel, lexicon, passScore, notAfterMs };
    }
    case "task": {
      const details: { [name: string]: FactValue } = {};
      for (const name of Object.keys(request.details)) {
        const value = request.details[name];
        details[name] = value === undefined ? null : valueIn(input, value);
      }
      const desk = deskAt(request.desk, input.nowMs);
      return { kind: "task.request", ...visit, task: request.task, desk, details, notAfterMs };
    }
    case "external": {
      const send: { [fact: string]: FactValue } = {};
      for (const fact of request.send) send[fact] = factIn(input, fact);
      const { integration, timeoutMs } = request;
      return { kind: "external.request", ...visit, integration, send, timeoutMs, notAfterMs };
    }
    default:
      throw request satisfies never;
  }
}

function contactEffect(
  request: Extract<RequestSpec, { readonly kind: "contact" }>,
  visit: Visit,
  { notAfterMs, input }: { readonly notAfterMs: EpochMs; readonly input: RuleInput },
): Effect {
  const { channel, contentId, partyRole, maxPerDay, contactPoints, desk } = request;
  return {
    kind: "contact.request",
    ...visit,
    channel,
    contentId,
    partyRole,
    notAfterMs,
    ...(maxPerDay === undefined ? {} : { maxPerDay }),
    ...(contactPoints === undefined ? {} : { contactPoints }),
    ...(desk === undefined ? {} : { desk: deskAt(desk, input.nowMs) }),
  };
}

function deskAt({ queue, priority, dueMs, people }: DeskSpec, nowMs: EpochMs): Desk {
  return { queue, priority, dueAtMs: nowMs + dueMs, ...(people === undefined ? {} : { people }) };
}

/** The effect of something that happens in the house. */
export function actEffect(act: ActSpec, nowMs: EpochMs): Effect {
  switch (act.act) {
    case "hold.place":
      return { kind: "hold.place", hold: act.hold, untilMs: act.forMs === null ? null : nowMs + act.forMs };
    case "hold.release":
      return { kind: "hold.release", hold: act.hold };
    case "promise.close":
      return { kind: "promise.close", result: act.result };
    default:
      throw act satisfies never;
  }
}

/** How an act is recorded: the code of the decision, and what it was about. */
export function actReason(act: ActSpec) {
  switch (act.act) {
    case "hold.place":
      return { code: "hold-placed", detail: act.hold } as const;
    case "hold.release":
      return { code: "hold-released", detail: act.hold } as const;
    case "promise.close":
      return { code: "promise-closed", detail: act.result } as const;
    default:
      throw act satisfies never;
  }
}
