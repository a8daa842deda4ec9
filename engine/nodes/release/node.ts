import { z } from "zod";
import type { HoldKind } from "../../model/policy";
import { defineNode } from "../define";
import { handle } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/**
 * Holds a strategy may lift. Those that rest on the law or on a declared wish (death, bankruptcy, representation, "do not contact
 * me") are lifted by people only, on evidence.
 */
const RELEASABLE = [
  "hardship",
  "dispute",
  "complaint",
  "fraud",
  "wrong-number",
  "manual",
] as const satisfies readonly HoldKind[];

const ReleaseDataSchema = z.strictObject({ hold: z.enum(RELEASABLE) });
type ReleaseData = z.output<typeof ReleaseDataSchema>;

const NEXT = "next";

/** Lifts the party's holds of one kind; holds of other kinds stay. */
export const release = defineNode<ReleaseData>({
  type: "release",
  version: 1,
  group: "control",
  icon: "circle-play",
  schema: ReleaseDataSchema,
  initial: () => ({ hold: "hardship" }),
  migrate: {},
  handles: () => [handle(NEXT, "main")],
  form: [{ path: "hold", widget: "choice", options: RELEASABLE }],
  lint: () => [],
  compile: (data) => ({ kind: "act", act: { act: "hold.release", hold: data.hold }, next: NEXT }),
  simulate: () => [],
  summary: (data) => ({ key: "hold", params: { hold: data.hold } }),
  texts: { "zh-CN": zh, en },
  examples: z.array(ReleaseDataSchema).parse(examples),
});
