import type { QaVerdictCode } from "../model/execution";
import type { FactValue } from "../model/facts";
import { EXTERNAL_FAILURES } from "../model/program";
import { MINUTE_MS, SECOND_MS } from "../model/time";
import { type DeskModel, deskAssumptions, pickWeighted, withinSpan } from "./assumptions";

type Values = { readonly [name: string]: FactValue };

/** What an integration is declared to answer about people who do not exist: each answer with its weight. */
export type SimulatedAnswers = readonly {
  readonly outcome: string;
  readonly weight: number;
  readonly values?: Values;
}[];

/** Draws in [0, 1) by kind; the caller binds seed, party and ordinal (design D13). */
export type Draws = (kind: string) => number;

export type DecisionAnswer = {
  readonly outcome: string;
  readonly delayMs: number;
  readonly costMinor: number;
  readonly values: Values;
};

/** An integration that declares no simulated answer cannot be asked about people who do not exist: it fails, visibly. */
const UNDECLARED = EXTERNAL_FAILURES[0];

/** What another system answers in a simulation, drawn from what its integration is declared to answer. */
export function answerDecision(
  answers: SimulatedAnswers | undefined,
  draw: Draws,
  model: DeskModel = deskAssumptions,
): DecisionAnswer {
  const { seconds, costMinor } = model.external;
  const delayMs = Math.max(1, withinSpan(seconds, draw("external.delay"))) * SECOND_MS;
  const usable = (answers ?? []).filter(({ weight }) => weight > 0);
  if (usable.length === 0) return { outcome: UNDECLARED, delayMs, costMinor, values: {} };
  const weights = Object.fromEntries(usable.map(({ weight }, index) => [String(index), weight]));
  const answer = usable[Number(pickWeighted(weights, draw("external.answer")))];
  return { outcome: answer?.outcome ?? UNDECLARED, delayMs, costMinor, values: answer?.values ?? {} };
}

export type ConversationVerdict = {
  readonly verdict: QaVerdictCode;
  readonly delayMs: number;
  readonly costMinor: number;
  /** `score` 0..100 where one could be given. */
  readonly values: Values;
};

/**
 * How a simulated check judges a conversation: some it cannot judge and leaves to people, the others pass with `passScore` or
 * more. Without a conversation there is nothing to judge, and that, too, is for people to look at.
 */
export function judgeConversation(
  { passScore, conversed }: { readonly passScore: number; readonly conversed: boolean },
  draw: Draws,
  model: DeskModel = deskAssumptions,
): ConversationVerdict {
  const { review, score: span, minutes, costMinor } = model.conversation;
  const delayMs = Math.max(1, withinSpan(minutes, draw("conversation.delay"))) * MINUTE_MS;
  if (!conversed) return { verdict: "review", delayMs, costMinor: 0, values: {} };
  if (draw("conversation.review") < review) return { verdict: "review", delayMs, costMinor, values: {} };
  const score = withinSpan(span, draw("conversation.score"));
  return { verdict: score >= passScore ? "pass" : "block", delayMs, costMinor, values: { score } };
}
