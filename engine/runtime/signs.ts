import type { Channel } from "../model/content";
import type { QaVerdictCode } from "../model/execution";
import type { Currency } from "../model/money";
import type { SendOutcome } from "../ports/channel";
import type { GateDecision } from "../ports/outbox";

/** What became of one send. `kept-back` = the worker's own brakes held it, the provider was not asked. */
export type SendResult = SendOutcome["kind"] | "kept-back";

/** What happens in a worker, told where it happens to whoever counts. Codes and amounts only, never a person or an account. */
export type RuntimeSign =
  | {
      readonly kind: "sent";
      readonly channel: Channel;
      readonly adapter: string;
      readonly result: SendResult;
      /** How long the answer took. */
      readonly ms: number;
      /** Until when a contact that was kept back has to wait, milliseconds from now; null = it was not. */
      readonly waitMs: number | null;
      /** Whole minor units the provider named on accepting; a later price is not told again. */
      readonly costMinor: number;
      readonly currency: Currency;
    }
  /** Timers that fired in one batch, each by how late it was on the engine's clock. */
  | { readonly kind: "timers"; readonly lateMs: readonly number[] }
  /** A text or a conversation was judged: before it left, or as a step of its own. `ms` is null where nobody was asked. */
  | {
      readonly kind: "judged";
      readonly stage: "pre-send" | "post-contact" | "step";
      readonly verdict: QaVerdictCode;
      readonly ms: number | null;
    }
  | { readonly kind: "blocked"; readonly rule: string; readonly decision: "defer" | "deny" }
  /** Answers that were not written because somebody else holds the request by now. */
  | { readonly kind: "fenced"; readonly count: number }
  | { readonly kind: "lease-expired"; readonly count: number }
  /** `late` = came after the contact's result was known and changed nothing; `orphan` = nobody could place it. */
  | { readonly kind: "callbacks"; readonly what: "late" | "orphan"; readonly count: number };

export function resultOf(outcome: SendOutcome): SendResult {
  return outcome.kind === "rejected" && outcome.keptBack === true ? "kept-back" : outcome.kind;
}

const VERDICTS: ReadonlySet<unknown> = new Set<QaVerdictCode>(["pass", "review", "block"]);
const isVerdict = (outcome: unknown): outcome is QaVerdictCode => VERDICTS.has(outcome);

/** What a committed decision of the gate is worth telling: the rules that kept a contact, and verdicts given in the house. */
export function signsOfDecision(decision: GateDecision): readonly RuntimeSign[] {
  if (decision.kind === "defer" || decision.kind === "deny") {
    const { kind } = decision;
    return decision.reasons.map(({ rule }) => ({ kind: "blocked", rule, decision: kind }));
  }
  if (decision.kind !== "answered") return [];
  return decision.inbox.flatMap(({ type, data }) => {
    const outcome = typeof data === "object" && data !== null && "outcome" in data ? data.outcome : null;
    return type === "qa.verdict" && isVerdict(outcome)
      ? [{ kind: "judged", stage: "step", verdict: outcome, ms: null } as const]
      : [];
  });
}
