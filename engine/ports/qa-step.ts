import type { Channel } from "../model/content";
import type { QaVerdictCode } from "../model/execution";

/**
 * When a text or a conversation is judged. `pre_send`: before it leaves, deterministic for the same text and policy version.
 * `post_contact`: afterwards; a late verdict un-sends nothing.
 */
export type QaStage = "pre_send" | "post_contact";

export type QaStepRequest = {
  readonly stage: QaStage;
  /** The contact's key; the same question may be put again. */
  readonly key: string;
  readonly channel: Channel;
  readonly subject: string | null;
  /** What is to be said, or what was said. */
  readonly text: string;
  /** Hash of the rules in force, so that a verdict can be repeated. */
  readonly policyVersion: string;
};

export type QaStepFinding = {
  readonly rule: string;
  readonly severity: "low" | "medium" | "high" | "fatal";
  /** Where it stands in the text, UTF-16 code units; null = the whole of it. */
  readonly span: { readonly start: number; readonly end: number } | null;
  readonly evidence: string;
};

export type QaStepVerdict = {
  readonly verdict: QaVerdictCode;
  /** 0 to 100; null = it gives none. */
  readonly score: number | null;
  readonly findings: readonly QaStepFinding[];
  /** Of the model or word list that judged. */
  readonly modelVersion: string;
};

/** Judges texts. What the laws demand (hours, caps, consent) is no step of this kind: it is asked before, and cannot be left out. */
export interface QaStep {
  readonly id: string;
  evaluate(request: QaStepRequest, context: { readonly signal: AbortSignal }): Promise<QaStepVerdict>;
}
