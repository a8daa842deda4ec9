import type { DecisionCode, EngineEvent } from "../model/execution";

export type Reentry = {
  readonly target: string;
  readonly why: {
    readonly code: DecisionCode;
    readonly detail: string | null;
    readonly factsRead: Record<string, never>;
  };
};

/**
 * The step a person's word makes the account enter, with a new `stepSeq`, whatever its present step waits for; null for all other
 * events. What is still out for the visit it leaves is called back.
 */
export function reentryOf(event: EngineEvent, nodeId: string): Reentry | null {
  switch (event.type) {
    case "resumed":
      return { target: nodeId, why: { code: "re-entered", detail: null, factsRead: {} } };
    case "migrated":
      return { target: event.nodeId, why: { code: "migrated", detail: event.nodeId, factsRead: {} } };
    default:
      return null;
  }
}

/** What only people do with one enrollment by hand. No simulation does it, so that columns and generated code know nothing of it. */
export function isByHand({ type }: Pick<EngineEvent, "type">): boolean {
  return type === "resumed" || type === "exit.requested" || type === "migrated";
}
