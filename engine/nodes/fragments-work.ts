import { variablesOf } from "../condition/catalogue";
import { type FactType, fieldOf } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import type { HoldKind } from "../model/policy";
import { type DeskSpec, type StepSpec, TASK_OUTCOMES, type TaskKind } from "../model/program";
import { DAY_MS } from "../model/time";
import type { Assignment, ValueSpec } from "../model/value";
import { variableFact } from "../model/variable";
import type { CompoundStep, Handle, NodeContext, PartWay, Stimulus } from "./define";
import { handle } from "./fragments";
import type { DeskData } from "./fragments-desk";

/** A length of time an author chose, and the member it stands in. */
export type ChosenTime = { readonly ms: number; readonly path: string };

/**
 * What is wrong with where and by when work is asked for: no queue, work that is given up before it is due, and waiting that goes
 * on longer than any account stays in the strategy.
 */
export function deskIssues(
  desk: DeskData,
  { due, giveUp }: { readonly due: ChosenTime; readonly giveUp: ChosenTime },
  context: NodeContext,
): readonly Issue[] {
  const found: Issue[] = [];
  if (desk.queue.trim() === "") found.push(issue("work.queue-missing", { path: "queue" }));
  if (due.ms > giveUp.ms) found.push(issue("work.due-after-end", { path: due.path, severity: "warning" }));
  return [...found, ...horizonIssues(giveUp, context)];
}

/** Waiting that the strategy's horizon cuts short. */
export function horizonIssues({ ms, path }: ChosenTime, { settings }: NodeContext): readonly Issue[] {
  const { horizonDays } = settings;
  if (ms <= horizonDays * DAY_MS) return [];
  return [issue("work.beyond-horizon", { path, severity: "warning" }, { days: Math.ceil(ms / DAY_MS), horizonDays })];
}

/** Whether a fact was chosen, exists, may be decided on, and is of a type the step can use. */
export function factIssues(
  fact: string,
  { path, types }: { readonly path: string; readonly types: readonly FactType[] | null },
  context: NodeContext,
): readonly Issue[] {
  if (fact === "") return [issue("work.fact-missing", { path })];
  const field = fieldOf(context.fields, fact);
  if (field === undefined) return [issue("condition.fact-unknown", { path }, { fact })];
  if (field.personal || !field.usableInRules) return [issue("condition.fact-not-usable", { path }, { fact })];
  if (types === null || types.includes(field.type)) return [];
  return [issue("work.fact-type", { path }, { fact, type: field.type })];
}

/** The type of a variable of the strategy; undefined = it has none of that name. */
export function variableType(name: string, { settings }: NodeContext): FactType | undefined {
  return variablesOf(settings).find((variable) => variable.name === name)?.type;
}

/** Each way a task may end takes the handle of the same name. */
export function ownHandles(task: TaskKind): { readonly [outcome: string]: string } {
  return Object.fromEntries(TASK_OUTCOMES[task].map((outcome) => [outcome, outcome]));
}

type Asked = {
  readonly task: TaskKind;
  readonly desk: DeskSpec;
  readonly details: { readonly [name: string]: ValueSpec };
  readonly deadlineMs: number;
  /** Handle of an answer the task does not know. */
  readonly other: string;
  /** Handle of a refusal by the rules, which are then asked before it leaves. Absent = no rule speaks of such work. */
  readonly blocked?: string;
};

export type TaskStep = Extract<StepSpec, { readonly kind: "request" }>;

/** Work asked of people, an agency or a lawyer, waited for until the deadline; its endings are handles, and so is `expired`. */
export function taskStep({ task, desk, details, deadlineMs, other, blocked }: Asked): TaskStep {
  return {
    kind: "request",
    request: { kind: "task", task, desk, details, ...(blocked === undefined ? {} : { gated: true }) },
    deadlineMs,
    outcomes: ownHandles(task),
    retry: null,
    exhausted: other,
    // Nothing can block work no rule speaks of; the member wants a handle all the same.
    blocked: blocked ?? other,
    expired: EXPIRED,
    goOn: null,
  };
}

export const EXPIRED = "expired";
/** The rules do not allow it. */
export const BLOCKED = "blocked";
/** An answer outside the list. */
export const OTHER = "other";
/** Something that was needed to decide is not known (design D3). */
export const UNKNOWN = "unknown";

/** What the world may say to a step that asks for these tasks. */
export function taskAnswers(...tasks: readonly TaskKind[]): readonly Stimulus[] {
  const outcomes = [...new Set(tasks.flatMap((task) => TASK_OUTCOMES[task]))];
  return [{ event: "task.completed", outcomes }, { event: "timer.fired" }];
}

/** The same of work that passes the gate. */
export function gatedAnswers(...tasks: readonly TaskKind[]): readonly Stimulus[] {
  return [...taskAnswers(...tasks), { event: "contact.denied" }, { event: "contact.deferred" }];
}

/** Handles in their order: the first is the usual way on, the last ones the cautious. */
export function handlesOf(main: string, branches: readonly string[], fallbacks: readonly string[]): readonly Handle[] {
  return [
    handle(main, "main"),
    ...branches.map((id) => handle(id, "branch")),
    ...fallbacks.map((id) => handle(id, "fallback")),
  ];
}

/** Marks the ways on that the step may take before it waits for anything. */
export function onTheSpot(handles: readonly Handle[], ids: readonly string[]): readonly Handle[] {
  return handles.map((one) => (ids.includes(one.id) ? { ...one, instant: true } : one));
}

type Part = CompoundStep["parts"][string];
const NEXT = "next";

/** A part that reckons variables and goes on. */
export function setPart(assign: readonly Assignment[], way: PartWay): Part {
  return { spec: { kind: "set", assign, next: NEXT }, ways: { [NEXT]: way } };
}

/** A part that freezes the party and goes on; `forDays` 0 = until the hold is released. */
export function holdPart(hold: HoldKind, forDays: number, way: PartWay): Part {
  const forMs = forDays === 0 ? null : forDays * DAY_MS;
  return { spec: { kind: "act", act: { act: "hold.place", hold, forMs }, next: NEXT }, ways: { [NEXT]: way } };
}

/** The name of the part that ends a hold before the step is left by a handle. */
function releaseName(id: string): string {
  return `release-${id}`;
}

/** The way out by a handle, past the part that ends the hold first where the handle is one of `released`. */
export function wayOut(id: string, released: readonly string[]): PartWay {
  return released.includes(id) ? { part: releaseName(id) } : { handle: id };
}

/** Ways out by the handles of the same names. */
export function waysOut(handles: readonly string[], released: readonly string[] = []) {
  return Object.fromEntries(handles.map((id): [string, PartWay] => [id, wayOut(id, released)]));
}

/** The parts `wayOut` leads to. */
export function releaseParts(hold: HoldKind, released: readonly string[]): CompoundStep["parts"] {
  return Object.fromEntries(
    released.map((id): [string, Part] => [
      releaseName(id),
      { spec: { kind: "act", act: { act: "hold.release", hold }, next: NEXT }, ways: { [NEXT]: { handle: id } } },
    ]),
  );
}

/** A variable of the step, as what is written and as what is read. */
export type OwnValue = {
  readonly fact: string;
  readonly value: ValueSpec;
  readonly becomes: (value: ValueSpec) => Assignment;
};

export function ownValue(context: NodeContext, name: string, type: FactType): OwnValue {
  const variable = context.ownVariable(name, type);
  const fact = variableFact(variable);
  return { fact, value: { fact }, becomes: (value) => ({ variable, type, value }) };
}

export function sum(...of: readonly ValueSpec[]): ValueSpec {
  return { operator: "add", of };
}

export function product(...of: readonly ValueSpec[]): ValueSpec {
  return { operator: "multiply", of };
}

export function difference(from: ValueSpec, ...less: readonly ValueSpec[]): ValueSpec {
  return { operator: "subtract", of: [from, ...less] };
}

export function smallest(...of: readonly ValueSpec[]): ValueSpec {
  return { operator: "min", of };
}

export function largest(...of: readonly ValueSpec[]): ValueSpec {
  return { operator: "max", of };
}

export function literal(value: number | string): ValueSpec {
  return { literal: value };
}
