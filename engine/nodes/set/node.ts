import { z } from "zod";
import { issue } from "../../model/issue";
import { defineNode } from "../define";
import { handle } from "../fragments";
import { ASSIGNMENTS_MAX, assignmentIssues, assignmentsOf, VariableValueSchema } from "../fragments-variables";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Written from top to bottom: a later line sees what an earlier one wrote. */
const SetDataSchema = z.strictObject({ assign: z.array(VariableValueSchema).max(ASSIGNMENTS_MAX) });
type SetData = z.output<typeof SetDataSchema>;

const NEXT = "next";

/** Writes variables of the strategy and goes on. */
export const setValue = defineNode<SetData>({
  type: "set",
  version: 1,
  group: "control",
  icon: "variable",
  schema: SetDataSchema,
  initial: () => ({ assign: [] }),
  migrate: {},
  handles: () => [handle(NEXT, "main")],
  form: [{ path: "assign", widget: "assignments", maximum: ASSIGNMENTS_MAX }],
  lint: (data, context) =>
    data.assign.length === 0
      ? [issue("set.nothing", { path: "assign" })]
      : assignmentIssues(data.assign, context, "assign"),
  compile: (data, context) => ({ kind: "set", assign: assignmentsOf(data.assign, context), next: NEXT }),
  simulate: () => [],
  summary: (data) =>
    data.assign.length === 0
      ? { key: "nothing", params: {} }
      : { key: "variables", params: { variables: data.assign.map(({ variable }) => variable).join(", ") } },
  texts: { "zh-CN": zh, en },
  examples: z.array(SetDataSchema).parse(examples),
});
