import { z } from "zod";
import { AUTHOR_EXIT_REASONS } from "../../model/exit-reason";
import { defineNode } from "../define";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const LABEL_MAX = 80;

const ExitDataSchema = z.strictObject({
  reason: z.enum(AUTHOR_EXIT_REASONS),
  /** The author's own words beside the reason; shown, never decided on. */
  label: z.string().max(LABEL_MAX).exactOptional(),
});
type ExitData = z.output<typeof ExitDataSchema>;

/** The account leaves the strategy for a reason of the closed list. */
export const exit = defineNode<ExitData>({
  type: "exit",
  version: 1,
  group: "exit",
  icon: "flag",
  schema: ExitDataSchema,
  initial: () => ({ reason: "completed" }),
  migrate: {},
  handles: () => [],
  form: [
    { path: "reason", widget: "choice", options: AUTHOR_EXIT_REASONS },
    { path: "label", widget: "text", maximum: LABEL_MAX },
  ],
  lint: () => [],
  compile: (data) => ({
    kind: "exit",
    reason: data.reason,
    label: data.label === undefined || data.label === "" ? null : data.label,
  }),
  simulate: () => [],
  summary: (data) =>
    data.label === undefined || data.label === ""
      ? { key: "reason", params: { reason: data.reason } }
      : { key: "labelled", params: { reason: data.reason, label: data.label } },
  texts: { "zh-CN": zh, en },
  examples: z.array(ExitDataSchema).parse(examples),
});
