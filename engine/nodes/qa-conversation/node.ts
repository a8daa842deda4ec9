import { z } from "zod";
import type { Channel } from "../../model/content";
import type { QaVerdictCode } from "../../model/execution";
import { type Issue, issue } from "../../model/issue";
import { HOUR_MS } from "../../model/time";
import { defineNode, type NodeContext } from "../define";
import { GIVE_UP_HOURS_MAX, GIVE_UP_HOURS_MIN, GiveUpHoursSchema } from "../fragments";
import { EXPIRED, handlesOf, horizonIssues } from "../fragments-work";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const LEXICON_NAME_MAX = 64;
const SCORE_MAX = 100;
/** From 80 on a conversation passes, from 60 to 79 it wants coaching (scorecard bands, house policy). */
const PASS_SCORE_DEFAULT = 80;
/** Machine checks answer in minutes; a sampled second look by people takes days. */
const GIVE_UP_HOURS_DEFAULT = 72;
/** Channels whose contacts leave a conversation behind. */
const CONVERSATION_CHANNELS = ["robot", "agent"] as const satisfies readonly Channel[];

const ConversationQaDataSchema = z.strictObject({
  channel: z.enum(CONVERSATION_CHANNELS),
  /** Name of a word list of the market; empty = not chosen yet. */
  lexicon: z.string().max(LEXICON_NAME_MAX),
  passScore: z.int().min(0).max(SCORE_MAX),
  giveUpHours: GiveUpHoursSchema,
});
type ConversationQaData = z.output<typeof ConversationQaDataSchema>;

const PASS = "pass";
const FAIL = "fail";
/** For a person to look at: the check was in doubt, or answered something unheard of. */
const REVIEW = "review";
const HANDLE_OF_VERDICT: { readonly [verdict in QaVerdictCode]: string } = { pass: PASS, block: FAIL, review: REVIEW };

function ownIssues(data: ConversationQaData, context: NodeContext): readonly Issue[] {
  const { lexicon, passScore } = data;
  const found: Issue[] = [];
  if (lexicon === "") found.push(issue("qa.conversation.lexicon-missing", { path: "lexicon" }));
  else if (!context.lexicons.includes(lexicon)) {
    found.push(issue("qa.conversation.lexicon-unknown", { path: "lexicon" }, { lexicon }));
  }
  if (passScore === 0) {
    found.push(issue("qa.conversation.passes-always", { path: "passScore", severity: "warning" }));
  }
  return [...found, ...horizonIssues({ ms: data.giveUpHours * HOUR_MS, path: "giveUpHours" }, context)];
}

/** Checks the conversation that the last contact over a channel left behind. */
export const qaConversation = defineNode<ConversationQaData>({
  type: "qa.conversation",
  version: 1,
  group: "qa",
  icon: "audio-lines",
  schema: ConversationQaDataSchema,
  initial: () => ({
    channel: "robot",
    lexicon: "",
    passScore: PASS_SCORE_DEFAULT,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
  }),
  migrate: {},
  handles: () => handlesOf(PASS, [FAIL, REVIEW], [EXPIRED]),
  form: [
    { path: "channel", widget: "choice", options: CONVERSATION_CHANNELS },
    { path: "lexicon", widget: "lexicon" },
    { path: "passScore", widget: "integer", minimum: 0, maximum: SCORE_MAX },
    { path: "giveUpHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
  ],
  lint: ownIssues,
  compile: ({ channel, lexicon, passScore, giveUpHours }) => ({
    kind: "request",
    request: { kind: "conversation-qa", channel, lexicon, passScore },
    deadlineMs: giveUpHours * HOUR_MS,
    outcomes: HANDLE_OF_VERDICT,
    retry: null,
    exhausted: REVIEW,
    blocked: REVIEW,
    expired: EXPIRED,
    goOn: null,
  }),
  simulate: () => [{ event: "qa.verdict", outcomes: Object.keys(HANDLE_OF_VERDICT) }, { event: "timer.fired" }],
  summary: ({ channel, lexicon, passScore }) =>
    lexicon === "" ? { key: "missing", params: {} } : { key: "check", params: { channel, lexicon, passScore } },
  texts: { "zh-CN": zh, en },
  examples: z.array(ConversationQaDataSchema).parse(examples),
});
