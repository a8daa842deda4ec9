import { z } from "zod";
import { type Issue, issue } from "../model/issue";
import { TASK_OUTCOMES } from "../model/program";
import { DAY_MS } from "../model/time";
import { type CompoundStep, defineNode, type FormField, type NodeContext, type NodeDefinition } from "./define";
import { DURATION_DAYS_MAX, MINUTES_PER_DAY } from "./fragments";
import { DESK_FORM, deskOf, deskShape } from "./fragments-desk";
import {
  deskIssues,
  EXPIRED,
  handlesOf,
  holdPart,
  OTHER,
  releaseParts,
  taskAnswers,
  taskStep,
  waysOut,
} from "./fragments-work";

/** What a debtor may come with that stops treatment: the case and its hold bear the same name. */
type IntakeKind = "hardship" | "dispute" | "complaint";

const ENDINGS_MAX = 8;

function intakeSchema(kind: IntakeKind) {
  return z.strictObject({
    ...deskShape,
    /** Days within which the case should be decided. */
    dueDays: z.int().min(1).max(DURATION_DAYS_MAX),
    /** Days after which the account goes on without an answer. */
    giveUpDays: z.int().min(1).max(DURATION_DAYS_MAX),
    /** Days the hold lasts; 0 = until it is released. */
    holdDays: z.int().min(0).max(DURATION_DAYS_MAX),
    /** Endings with which the hold ends; with any other, and without an answer, it goes on. */
    releaseOn: z.array(z.enum(TASK_OUTCOMES[kind])).max(ENDINGS_MAX),
  });
}
export type IntakeData = z.output<ReturnType<typeof intakeSchema>>;

function intakeForm(kind: IntakeKind): readonly FormField[] {
  const days = { widget: "integer", maximum: DURATION_DAYS_MAX } as const;
  return [
    ...DESK_FORM,
    { path: "dueDays", ...days, minimum: 1 },
    { path: "giveUpDays", ...days, minimum: 1 },
    { path: "holdDays", ...days, minimum: 0 },
    { path: "releaseOn", widget: "choices", options: TASK_OUTCOMES[kind] },
  ];
}

function intakeIssues(data: IntakeData, context: NodeContext): readonly Issue[] {
  const { dueDays, giveUpDays, holdDays } = data;
  const desk = deskIssues(
    data,
    {
      due: { ms: dueDays * DAY_MS, path: "dueDays" },
      giveUp: { ms: giveUpDays * DAY_MS, path: "giveUpDays" },
    },
    context,
  );
  if (holdDays === 0 || holdDays >= giveUpDays) return desk;
  const place = { path: "holdDays", severity: "warning" } as const;
  return [...desk, issue("work.hold-ends-early", place, { holdDays, giveUpDays })];
}

/** First the hold, so that nobody contacts the party while the case is open; then the case, which is heard in spite of it. */
function intakeParts(kind: IntakeKind, data: IntakeData): CompoundStep {
  const released = TASK_OUTCOMES[kind].filter((outcome) => data.releaseOn.includes(outcome));
  const request = taskStep({
    task: kind,
    desk: deskOf(data, data.dueDays * DAY_MS),
    details: {},
    deadlineMs: data.giveUpDays * DAY_MS,
    other: OTHER,
  });
  return {
    kind: "compound",
    first: "hold",
    parts: {
      hold: holdPart(kind, data.holdDays, { part: "case" }),
      case: {
        spec: { ...request, despite: [kind] },
        ways: waysOut([...TASK_OUTCOMES[kind], OTHER, EXPIRED], released),
      },
      ...releaseParts(kind, released),
    },
  };
}

type Intake = Pick<NodeDefinition<IntakeData>, "icon" | "summary" | "texts"> & {
  readonly type: IntakeKind;
  readonly initial: IntakeData;
  readonly examples: unknown;
};

/** What a summary of an intake may quote. */
export function intakeParams({ queue, giveUpDays, holdDays }: IntakeData) {
  return { queue, giveUpMinutes: giveUpDays * MINUTES_PER_DAY, holdMinutes: holdDays * MINUTES_PER_DAY };
}

/** A step that takes in what a debtor came with: freezes the party, opens a case, and waits for how people end it. */
export function defineIntake({ type, initial, examples, ...own }: Intake): NodeDefinition<IntakeData> {
  const schema: z.ZodType<IntakeData> = intakeSchema(type);
  const [main = OTHER, ...others] = TASK_OUTCOMES[type];
  return defineNode<IntakeData>({
    ...own,
    type,
    version: 1,
    group: "people",
    schema,
    initial: () => structuredClone(initial),
    migrate: {},
    handles: () => handlesOf(main, others, [OTHER, EXPIRED]),
    form: intakeForm(type),
    lint: intakeIssues,
    compile: (data) => intakeParts(type, data),
    simulate: () => taskAnswers(type),
    examples: z.array(schema).parse(examples),
  });
}
