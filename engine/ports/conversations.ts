import type { Channel } from "../model/content";
import type { Conversation, ConversationJudgement, ReviewReason } from "../model/conversation";
import type { Subject } from "../model/execution";
import type { StrategyVersionId } from "../model/ids";
import type { EpochMs } from "../model/time";
import type { Due, NewInboxEntry } from "./inbox";
import type { IntentOf } from "./outbox";

/** What is left of a contact's conversation, to be judged. Of each kind a contact has one. */
export type NewConversation = Conversation & {
  /** The contact it was. */
  readonly intentKey: string;
  /** When it was held, as far as is known. */
  readonly atMs: EpochMs;
  /** Who brought it: the contact's provider, or the house's own desk. */
  readonly source: "provider" | "desk";
};

/** A step's question how a conversation was. */
export type VerdictRequest = Pick<IntentOf<"conversation-qa">, "key" | "stepSeq" | "attempt" | "passScore"> & {
  readonly subject: Subject;
};

/** A conversation nobody has judged yet, and the steps that wait to hear of it. */
export type UnjudgedConversation = Omit<NewConversation, "source"> & {
  readonly id: string;
  readonly channel: Channel;
  readonly versionId: StrategyVersionId;
  /** What the contact came to; null = not known. */
  readonly outcome: string | null;
  readonly asked: readonly VerdictRequest[];
};

/** A verdict, what the strategies hear of it, and whether people look. */
export type JudgedConversation = {
  readonly id: string;
  readonly judgement: ConversationJudgement;
  /** Null = nobody has to look. */
  readonly review: ReviewReason | null;
  readonly inbox: readonly NewInboxEntry[];
};

/** A step that asked when its conversation had been judged already, or whose contact left nothing behind: then nothing is judged. */
export type LateQuestion = VerdictRequest & {
  readonly judged: readonly Pick<ConversationJudgement, "verdict" | "score">[];
};

/** What was said in contacts, kept apart from everything else because it is personal data (docs/guide/operations). */
export interface Conversations {
  /** Takes conversations nobody has judged, for a lease of real time: a judge that dies leaves them to the next. */
  unjudged(due: Due): Promise<readonly UnjudgedConversation[]>;
  /** Writes verdicts, each conversation's first, with what the strategies hear in the same commit. Returns how many were new. */
  record(judged: readonly JudgedConversation[], nowMs: EpochMs): Promise<number>;
  /**
   * Open questions of steps that can be answered now: the conversation is judged, or the contact is over and left none. On the
   * channels of `patient` one may still come; those questions wait for it until their step gives up.
   */
  late(due: Due & { readonly patient: readonly Channel[] }): Promise<readonly LateQuestion[]>;
  /** Writes answers to such questions, each once. Returns how many were new. */
  answer(entries: readonly (NewInboxEntry & { readonly intentKey: string })[]): Promise<number>;
}
