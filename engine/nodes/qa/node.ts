import { z } from "zod";
import type { QaVerdictCode } from "../../model/execution";
import { type Issue, issue } from "../../model/issue";
import { HOUR_MS } from "../../model/time";
import { defineNode, type NodeContext } from "../define";
import { ContentChoiceSchema, contentIssues, handle } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const LEXICON_NAME_MAX = 64;
/** The check answers in seconds; a day without an answer is an outage, and then a person should look. */
const ANSWER_HOURS_MAX = 24;

const QaDataSchema = z.strictObject({
  contentId: ContentChoiceSchema,
  /** Name of a word list of the market; empty = not chosen yet. */
  lexicon: z.string().max(LEXICON_NAME_MAX),
});
type QaData = z.output<typeof QaDataSchema>;

const HANDLE_OF_VERDICT: { readonly [verdict in QaVerdictCode]: string } = {
  pass: "pass",
  block: "block",
  review: "review",
};

function lexiconIssues(data: QaData, context: NodeContext): readonly Issue[] {
  if (data.lexicon === "") return [issue("qa.text.lexicon-missing", { path: "lexicon" })];
  if (context.lexicons.includes(data.lexicon)) return [];
  return [issue("qa.text.lexicon-unknown", { path: "lexicon" }, { lexicon: data.lexicon })];
}

/** Checks a text against a word list before anyone receives it. */
export const qaText = defineNode<QaData>({
  type: "qa.text",
  version: 1,
  group: "qa",
  icon: "shield-check",
  schema: QaDataSchema,
  initial: () => ({ contentId: "", lexicon: "" }),
  migrate: {},
  handles: () => [handle("pass", "main"), handle("review", "branch"), handle("block", "fallback")],
  form: [
    { path: "contentId", widget: "content" },
    { path: "lexicon", widget: "lexicon" },
  ],
  lint: (data, context) => [
    ...contentIssues("qa.text", { contentId: data.contentId, channel: null }, context),
    ...lexiconIssues(data, context),
  ],
  compile: (data) => ({
    kind: "request",
    request: { kind: "qa", contentId: data.contentId, lexicon: data.lexicon },
    deadlineMs: ANSWER_HOURS_MAX * HOUR_MS,
    outcomes: HANDLE_OF_VERDICT,
    retry: null,
    exhausted: "review",
    blocked: "block",
    expired: "review",
    goOn: null,
  }),
  simulate: () => [{ event: "qa.verdict", outcomes: Object.keys(HANDLE_OF_VERDICT) }, { event: "timer.fired" }],
  summary: (data) =>
    data.contentId === "" || data.lexicon === ""
      ? { key: "missing", params: {} }
      : { key: "check", params: { contentId: data.contentId, lexicon: data.lexicon } },
  texts: { "zh-CN": zh, en },
  examples: z.array(QaDataSchema).parse(examples),
});
