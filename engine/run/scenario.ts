import type { Decision, EngineEvent, EnrollmentState, Outcome, Subject, SyncExecutor } from "../model/execution";
import type { Facts, FactValue } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import type { Program } from "../model/program";
import type { Scenario, ScenarioEvent } from "../model/scenario";
import { type EpochMs, MINUTE_MS, parseInstant } from "../model/time";
import { linkCompiled } from "./compiled";

/** One scenario, run. */
export type ScenarioRun = {
  /** The answer to the start, then one per event; fewer when the scenario could not be told to its end. */
  readonly outcomes: readonly Outcome[];
  /** Ways on taken, `<step>.<handle>`, in order. Steps are those of the Program: `outer/inner` within a step. */
  readonly path: readonly string[];
  /** Where expectation and run part, and what could not happen; `path` of an issue is relative to the scenario. */
  readonly problems: readonly Issue[];
};

/** Where an account's story stands: its state, what is known of it, and the time. */
export type StoryPoint = { readonly state: EnrollmentState; readonly facts: Facts; readonly nowMs: EpochMs };
type Told = StoryPoint & { readonly outcome: Outcome };

/** Who a scenario is about; arms of experiments are drawn for its party, which may be written as a whole id. */
export function subjectOf(party: string): Subject {
  return { enrollmentId: "enr_scenario", partyId: `party_${party.replace(/^party_/, "")}`, accountId: "acct_scenario" };
}

/** Lets the account of a scenario in. */
export function startStory(
  executor: SyncExecutor,
  { party, facts }: Pick<Scenario, "party" | "facts">,
  nowMs: EpochMs,
): Told {
  const outcome = executor.start({ subject: subjectOf(party), facts, nowMs });
  return { state: outcome.state, facts, nowMs, outcome };
}

/** What happens next, as an executor is told of it. */
export type Moment = { readonly facts: Facts; readonly nowMs: EpochMs; readonly event: EngineEvent };

/**
 * When something happens and what is known by then. Answers take the visit and attempt the account stands at; facts that are given
 * stay from then on. A timer fires when it is due, or now when that has passed.
 */
export function momentOf(point: StoryPoint, next: ScenarioEvent): Moment {
  const facts = "facts" in next && next.facts !== undefined ? { ...point.facts, ...next.facts } : point.facts;
  const nowMs =
    next.type === "timer.fired"
      ? Math.max(point.nowMs, point.state.wakeAtMs ?? point.nowMs)
      : point.nowMs + (next.afterMinutes ?? 0) * MINUTE_MS;
  return { facts, nowMs, event: engineEvent(next, point.state, nowMs) };
}

/** Tells an executor what happens next. */
export function continueStory(
  executor: SyncExecutor,
  party: string,
  told: { readonly point: StoryPoint; readonly next: ScenarioEvent },
): Told {
  const { facts, nowMs, event } = momentOf(told.point, told.next);
  const outcome = executor.send(told.point.state, event, { subject: subjectOf(party), facts, nowMs });
  return { state: outcome.state, facts, nowMs, outcome };
}

function engineEvent(told: ScenarioEvent, { stepSeq, attempt }: EnrollmentState, nowMs: EpochMs): EngineEvent {
  const base = { id: "scenario", at: nowMs };
  const visit = { stepSeq, attempt };
  switch (told.type) {
    case "timer.fired":
      return { ...base, type: told.type, stepSeq };
    case "contact.result":
    case "task.completed":
    case "external.result": {
      const { type, outcome, values } = told;
      return { ...base, type, ...visit, outcome, ...(values === undefined ? {} : { values }) };
    }
    case "qa.verdict":
      return { ...base, type: told.type, ...visit, outcome: told.outcome };
    case "contact.denied":
      return { ...base, type: told.type, ...visit, reasons: [] };
    case "contact.deferred":
      return { ...base, type: told.type, ...visit, untilMs: nowMs, reasons: [] };
    case "payment.posted":
    case "payment.reversed":
      return { ...base, type: told.type, amountMinor: told.amountMinor };
    case "promise.made":
      return { ...base, type: told.type, amountMinor: told.amountMinor, dueDate: told.dueDate };
    case "reply.received":
      return { ...base, type: told.type, channel: "sms" };
    case "facts.changed":
    case "stop.requested":
      return { ...base, type: told.type };
    default:
      throw told satisfies never;
  }
}

/** Ways on taken in an outcome. */
export function waysTaken({ decisions }: { readonly decisions: readonly Decision[] }): readonly string[] {
  return decisions.flatMap(({ nodeId, handle }) => (handle === null ? [] : [`${nodeId}.${handle}`]));
}

/**
 * Tells a scenario to a Program and compares what comes of it with what was expected. Answers and timers nobody waits for are
 * problems; payments, replies and changed facts may pass by. Throws InvariantError only on a Program the compiler cannot make.
 */
export function runScenario(
  program: Program,
  scenario: Scenario,
  executor: SyncExecutor = linkCompiled(program),
): ScenarioRun {
  const startMs = parseInstant(scenario.startAt);
  if (startMs === null) {
    const problems = [issue("scenario.start-invalid", { path: "startAt" }, { startAt: scenario.startAt })];
    return { outcomes: [], path: [], problems };
  }
  let told = startStory(executor, scenario, startMs);
  const outcomes: Outcome[] = [told.outcome];
  const problems: Issue[] = [];
  for (const [index, next] of scenario.events.entries()) {
    const place = { path: `events[${index}]` };
    const { exit, status, nodeId } = told.state;
    if (status !== "active") {
      const params = { event: next.type, step: nodeId, foundExit: exit?.reason ?? status };
      problems.push(issue("scenario.already-over", place, params));
      break;
    }
    told = continueStory(executor, scenario.party, { point: told, next });
    outcomes.push(told.outcome);
    if (passedBy(told.outcome, next)) {
      problems.push(issue("scenario.not-awaited", place, { event: next.type, step: nodeId }));
    }
  }
  const path = outcomes.flatMap(waysTaken);
  return { outcomes, path, problems: [...problems, ...differences(scenario.expect, told.state, path)] };
}

/** Things that happen to people whether a strategy waits for them or not. */
const HAPPENS_ANYWAY: ReadonlySet<ScenarioEvent["type"]> = new Set([
  "payment.posted",
  "payment.reversed",
  "promise.made",
  "reply.received",
  "facts.changed",
]);

/** Whether something came to pass that the strategy was not waiting for, though nobody does such a thing unasked. */
export function passedBy({ decisions }: Outcome, { type }: ScenarioEvent): boolean {
  return !HAPPENS_ANYWAY.has(type) && decisions[0]?.code.startsWith("ignored-") === true;
}

function differences(expected: Scenario["expect"], state: EnrollmentState, path: readonly string[]): readonly Issue[] {
  const found: Issue[] = [];
  if (state.fault !== null) found.push(issue("scenario.faulted", {}, { step: state.nodeId, fault: state.fault.code }));
  if (expected.path !== undefined) found.push(...pathDifference(expected.path, path));
  if (expected.at !== undefined && expected.at !== state.nodeId) {
    found.push(
      issue("scenario.stands-elsewhere", { path: "expect.at" }, { expected: expected.at, found: state.nodeId }),
    );
  }
  if (expected.exit !== undefined && expected.exit !== state.exit?.reason) {
    const place = { path: "expect.exit" };
    found.push(
      state.exit === null
        ? issue("scenario.not-left", place, { expectedExit: expected.exit, step: state.nodeId })
        : issue("scenario.left-otherwise", place, { expectedExit: expected.exit, foundExit: state.exit.reason }),
    );
  }
  for (const [name, value] of Object.entries(expected.vars ?? {})) {
    const held = variableIn(state, name);
    if (held === value) continue;
    const params = { variable: name, expected: shown(value), found: shown(held) };
    found.push(issue("scenario.variable-differs", { path: `expect.vars.${name}` }, params));
  }
  return found;
}

function variableIn({ vars }: EnrollmentState, name: string): FactValue {
  return (Object.hasOwn(vars, name) ? vars[name] : undefined) ?? null;
}

/** A value in an issue; unknown reads the same in every language. */
function shown(value: FactValue): string | number | boolean {
  return value ?? "null";
}

/** The first way on that is not the expected one: after it nothing can be compared. */
function pathDifference(expected: readonly string[], path: readonly string[]): readonly Issue[] {
  const length = Math.max(expected.length, path.length);
  for (let index = 0; index < length; index += 1) {
    const [wanted, taken] = [expected[index], path[index]];
    if (wanted === taken) continue;
    const place = { path: wanted === undefined ? "expect.path" : `expect.path[${index}]` };
    if (taken === undefined)
      return [issue("scenario.path-ended", place, { expected: wanted ?? "", count: path.length })];
    if (wanted === undefined) return [issue("scenario.path-went-on", place, { found: taken, count: expected.length })];
    return [issue("scenario.path-differs", place, { expected: wanted, found: taken, count: index + 1 })];
  }
  return [];
}
