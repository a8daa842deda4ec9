import { z } from "zod";
import { valueIssues } from "../../condition/value-issues";
import { type Issue, issue } from "../../model/issue";
import { STAGE_VARIABLE } from "../../model/variable";
import { defineNode, type NodeContext } from "../define";
import { handle } from "../fragments";
import { assignmentsOf, variableNamed } from "../fragments-variables";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const STAGE_NAME_MAX = 80;

const StageDataSchema = z.strictObject({
  /** The author's name of the stage; the empty string means "not named yet". */
  stage: z.string().max(STAGE_NAME_MAX),
});
type StageData = z.output<typeof StageDataSchema>;

const NEXT = "next";

/** A strategy may declare its stages as a choice; then only those can be entered. */
function stageIssues({ stage }: StageData, context: NodeContext): readonly Issue[] {
  if (stage.trim() === "") return [issue("stage.name-missing", { path: "stage" })];
  const target = variableNamed(context, STAGE_VARIABLE) ?? null;
  const found = valueIssues({ literal: stage }, target, { fields: context.fields, path: "stage" });
  return found.map((problem) => ({ ...problem, path: "stage" }));
}

/** The account moves to another stage of the strategy, which conditions and reports read as `var.stage`. */
export const stage = defineNode<StageData>({
  type: "stage",
  version: 1,
  group: "control",
  icon: "signpost",
  schema: StageDataSchema,
  initial: () => ({ stage: "" }),
  migrate: {},
  handles: () => [handle(NEXT, "main")],
  form: [{ path: "stage", widget: "text", maximum: STAGE_NAME_MAX }],
  lint: stageIssues,
  compile: (data, context) => ({
    kind: "set",
    assign: assignmentsOf([{ variable: STAGE_VARIABLE, value: { literal: data.stage } }], context),
    next: NEXT,
  }),
  simulate: () => [],
  summary: (data) =>
    data.stage === "" ? { key: "missing", params: {} } : { key: "stage", params: { stage: data.stage } },
  texts: { "zh-CN": zh, en },
  examples: z.array(StageDataSchema).parse(examples),
});
