import { z } from "zod";
import { type Issue, issue } from "../../model/issue";
import type { HoldKind } from "../../model/policy";
import { DAY_MS } from "../../model/time";
import { defineNode } from "../define";
import { DURATION_DAYS_MAX, handle } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/**
 * Holds a strategy may place on what it has learned. `active-plan` is missing: it follows the agreed plan, and a hold that says
 * so without a plan would be wrong.
 */
const PLACEABLE = [
  "hardship",
  "dispute",
  "complaint",
  "deceased",
  "bankruptcy",
  "represented",
  "cease-request",
  "fraud",
  "wrong-number",
  "manual",
] as const satisfies readonly HoldKind[];

/** Hardship is looked at again after 15 to 30 days (domain.md 4.1, T10). */
const DAYS_DEFAULT = 30;

const HoldDataSchema = z.strictObject({
  hold: z.enum(PLACEABLE),
  until: z.enum(["days", "released"]),
  /** Counts when `until` is `days`. */
  days: z.int().min(1).max(DURATION_DAYS_MAX).exactOptional(),
});
type HoldData = z.output<typeof HoldDataSchema>;

/** Holds the law or a declared wish asks for do not end because days have gone by. */
const UNTIL_RELEASED: readonly HoldKind[] = ["deceased", "bankruptcy", "represented", "cease-request"];

const NEXT = "next";

function holdIssues({ hold, until, days }: HoldData): readonly Issue[] {
  if (until === "released") return [];
  if (days === undefined) return [issue("hold.days-missing", { path: "days" })];
  if (!UNTIL_RELEASED.includes(hold)) return [];
  return [issue("hold.runs-out", { path: "until", severity: "warning" }, { hold, days })];
}

/** Stops every contact with the party, in every strategy, for a time or until somebody releases it. */
export const hold = defineNode<HoldData>({
  type: "hold",
  version: 1,
  group: "control",
  icon: "circle-pause",
  schema: HoldDataSchema,
  initial: () => ({ hold: "hardship", until: "days", days: DAYS_DEFAULT }),
  migrate: {},
  handles: () => [handle(NEXT, "main")],
  form: [
    { path: "hold", widget: "choice", options: PLACEABLE },
    { path: "until", widget: "choice", options: ["days", "released"] },
    {
      path: "days",
      widget: "integer",
      minimum: 1,
      maximum: DURATION_DAYS_MAX,
      shownWhen: { path: "until", equals: ["days"] },
    },
  ],
  lint: holdIssues,
  compile: (data) => ({
    kind: "act",
    act: {
      act: "hold.place",
      hold: data.hold,
      forMs: data.until === "days" && data.days !== undefined ? data.days * DAY_MS : null,
    },
    next: NEXT,
  }),
  simulate: () => [],
  summary: (data) =>
    data.until === "days" && data.days !== undefined
      ? { key: "days", params: { hold: data.hold, days: data.days } }
      : { key: "released", params: { hold: data.hold } },
  texts: { "zh-CN": zh, en },
  examples: z.array(HoldDataSchema).parse(examples),
});
