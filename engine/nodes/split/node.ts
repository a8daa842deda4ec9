import { z } from "zod";
import { armFact } from "../../model/execution";
import { FieldSchema } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import { inLocale } from "../../model/locale";
import { HandleIdSchema } from "../../model/strategy";
import { defineNode } from "../define";
import { ItemNameSchema, repeatedIds } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Weights are parts of this whole, as the assignment hash reckons (experiments.md A1). */
const WEIGHT_WHOLE = 10_000;
const ARMS_MIN = 2;
const ARMS_MAX = 20;
const PHASE_MAX = 1000;
/** An arm is carried as the fact `arm.<key>`, whose name has room for this much. */
const EXPERIMENT_KEY_MAX = 48;

const ArmSchema = z.strictObject({
  /** Also the id of the handle, and what is recorded as the party's assignment. */
  id: HandleIdSchema,
  name: ItemNameSchema.exactOptional(),
  weight: z.int().min(0).max(WEIGHT_WHOLE),
});
const SplitDataSchema = z.strictObject({
  /** Empty = not named yet. */
  experimentKey: z
    .string()
    .regex(/^([a-z][a-z0-9]*(-[a-z0-9]+)*)?$/)
    .max(EXPERIMENT_KEY_MAX),
  /** A new phase draws anew. */
  phase: z.int().min(1).max(PHASE_MAX).default(1),
  arms: z.array(ArmSchema).max(ARMS_MAX),
});
type SplitData = z.output<typeof SplitDataSchema>;

function weightIssues(data: SplitData): readonly Issue[] {
  const sum = data.arms.reduce((total, arm) => total + arm.weight, 0);
  const found: Issue[] = [];
  if (sum !== WEIGHT_WHOLE) {
    found.push(issue("split.weights-sum", { path: "arms" }, { sum, expected: WEIGHT_WHOLE }));
  }
  data.arms.forEach((arm, index) => {
    if (arm.weight > 0) return;
    const place = { path: `arms[${index}].weight`, severity: "warning" as const };
    found.push(issue("split.weight-zero", place, { arm: arm.id }));
  });
  return found;
}

/** Champion against challengers: a party's arm is drawn once per phase and stays. */
export const split = defineNode<SplitData>({
  type: "split",
  version: 1,
  group: "decide",
  icon: "flask-conical",
  schema: SplitDataSchema,
  initial: () => ({
    experimentKey: "",
    phase: 1,
    arms: [
      { id: "champion", name: { "zh-CN": "冠军", en: "Champion" }, weight: 5000 },
      { id: "challenger", name: { "zh-CN": "挑战者", en: "Challenger" }, weight: 5000 },
    ],
  }),
  migrate: {},
  handles: (data) =>
    data.arms.map((arm, index) => ({
      id: arm.id,
      label: { text: arm.name === undefined ? arm.id : inLocale(arm.name, "zh-CN") },
      role: index === 0 ? ("main" as const) : ("branch" as const),
      required: true,
      ...(arm.name === undefined ? {} : { name: arm.name }),
    })),
  form: [
    { path: "experimentKey", widget: "text", maximum: EXPERIMENT_KEY_MAX },
    { path: "phase", widget: "integer", minimum: 1, maximum: PHASE_MAX },
    { path: "arms", widget: "weights", minimum: ARMS_MIN, maximum: ARMS_MAX },
  ],
  lint: (data) => [
    ...(data.experimentKey === "" ? [issue("split.key-missing", { path: "experimentKey" })] : []),
    ...(data.arms.length < ARMS_MIN
      ? [issue("split.too-few-arms", { path: "arms" }, { count: data.arms.length, minimum: ARMS_MIN })]
      : []),
    ...repeatedIds(data.arms).map(({ id, index }) =>
      issue("split.arm-id-twice", { path: `arms[${index}].id` }, { arm: id }),
    ),
    ...weightIssues(data),
  ],
  compile: (data) => ({
    kind: "split",
    experimentKey: data.experimentKey,
    phase: data.phase,
    arms: data.arms.map(({ id, weight }) => ({ arm: id, weight, handle: id })),
  }),
  provides: (data) =>
    data.experimentKey === "" || data.arms.length === 0
      ? []
      : [
          FieldSchema.parse({
            key: armFact(data.experimentKey),
            type: "enum",
            label: { "zh-CN": `实验组（${data.experimentKey}）`, en: `Arm of ${data.experimentKey}` },
            values: data.arms.map(({ id, name }) => ({ value: id, label: name ?? { en: id } })),
            origin: "derived",
            usableInRules: true,
          }),
        ],
  simulate: () => [],
  summary: (data) => ({
    key: data.experimentKey === "" ? "unnamed" : "named",
    params: {
      experimentKey: data.experimentKey,
      shares: data.arms.map((arm) => `${arm.weight / 100}%`).join(" / "),
    },
  }),
  texts: { "zh-CN": zh, en },
  examples: z.array(SplitDataSchema).parse(examples),
});
