import type { FactValue } from "../model/facts";
import type { EXTERNAL_FAILURES } from "../model/program";
import type { EpochMs } from "../model/time";

/** A question to another system: what would you do with this account? */
export type DecisionRequest = {
  /** Idempotency key, `requestKey(enrollment, stepSeq, attempt)`: the same question may be put again after a crash. */
  readonly key: string;
  readonly integration: string;
  /** Facts the strategy sends, and no others. */
  readonly facts: { readonly [fact: string]: FactValue };
  readonly timeoutMs: number;
  readonly nowMs: EpochMs;
};

/** What came back. A failure is an answer, too: the step has a way for it. `reason` is a code for the log, never a sentence. */
export type DecisionReply = { readonly delayMs: number; readonly costMinor: number } & (
  | { readonly kind: "answered"; readonly outcome: string; readonly values: { readonly [name: string]: FactValue } }
  | { readonly kind: "failed"; readonly failure: (typeof EXTERNAL_FAILURES)[number]; readonly reason: string }
);

/** Another system that decides. Adapters know its address and secret; a strategy knows its name. */
export interface ExternalPort {
  readonly id: string;
  readonly simulated: boolean;
  decide(request: DecisionRequest): Promise<DecisionReply>;
}
