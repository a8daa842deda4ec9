import type { Condition } from "../model/condition";
import type { EnrollmentState } from "../model/execution";
import {
  EXTERNAL_FAILURES,
  type Program,
  passesGate,
  type ReceiveSpec,
  type RequestSpec,
  type StepSpec,
  TASK_OUTCOMES,
  type WatchSpec,
} from "../model/program";
import type { ScenarioEvent } from "../model/scenario";
import { addDays, type EpochMs, localDate, MINUTE_MS, type TimeZone } from "../model/time";
import { rulesOf } from "./options";

/** Something that can happen to an account where it stands. */
export type Stimulus = {
  /** The way on it takes; null = the account stays, and waits for something else from then on. */
  readonly handle: string | null;
  readonly event: ScenarioEvent;
  /** What has to happen before, for the clock to move on. */
  readonly before: readonly ScenarioEvent[];
  /** Has to hold when it happens. */
  readonly holds: readonly Condition[];
  /** May not hold when it happens. */
  readonly fails: readonly Condition[];
  readonly receive: readonly ReceiveSpec[];
};

export type Standing = {
  readonly program: Program;
  readonly state: EnrollmentState;
  readonly nowMs: EpochMs;
  /** Answers each step type says the world may give (`simulate`), by step of the Program. */
  readonly answersOf: (step: string) => readonly string[];
};

/** Minutes until somebody answers, pays or replies; soon, so that no deadline passes meanwhile. */
const SOON_MINUTES = 10;
const AMOUNT_MINOR = 10_000;
const PROMISED_DAYS = 7;
/** An answer that no step maps, where its type knows of none. */
const UNMAPPED_OUTCOME = "other";

/** Everything that can take an account on from where it waits, answers first, the clock last. */
export function stimuliOf(standing: Standing): readonly Stimulus[] {
  const { program, state } = standing;
  const spec = program.steps[state.nodeId]?.spec;
  if (spec?.kind === "wait") return waitStimuli(spec, standing);
  return spec?.kind === "request" ? requestStimuli(spec, standing) : [];
}

type SpecOf<TKind extends StepSpec["kind"]> = Extract<StepSpec, { readonly kind: TKind }>;

function happening(handle: string | null, event: ScenarioEvent, more: Partial<Stimulus> = {}): Stimulus {
  return { handle, event, before: [], holds: [], fails: [], receive: [], ...more };
}

const TIMER: ScenarioEvent = { type: "timer.fired" };

function waitStimuli(spec: SpecOf<"wait">, standing: Standing): readonly Stimulus[] {
  const { happened, wait, watch, elapsed } = spec;
  const awaited = happened === null || wait.mode !== "event" ? [] : wait.events;
  const events = awaited.flatMap((type) => {
    const event = worldEvent(type, standing);
    return event === null ? [] : [happening(happened, event)];
  });
  return [...events, ...(watch === undefined ? [] : watchStimuli(watch, standing)), happening(elapsed, TIMER)];
}

/** An event of the world that needs no request. */
function worldEvent(type: string, { program, nowMs }: Standing): ScenarioEvent | null {
  const afterMinutes = SOON_MINUTES;
  switch (type) {
    case "payment.posted":
    case "payment.reversed":
      return { type, amountMinor: AMOUNT_MINOR, afterMinutes };
    case "promise.made":
      return { type, amountMinor: AMOUNT_MINOR, dueDate: promisedDate(program.settings.timeZone, nowMs), afterMinutes };
    case "reply.received":
      return { type, afterMinutes };
    case "facts.changed":
      return { type, afterMinutes, facts: {} };
    default:
      return null;
  }
}

function promisedDate(zone: TimeZone, nowMs: EpochMs): string {
  return addDays(localDate(zone, nowMs), PROMISED_DAYS);
}

/** The watched rule comes to hold: seen when one of the events comes, or when the step looks by itself. */
function watchStimuli(watch: WatchSpec, standing: Standing): readonly Stimulus[] {
  const rules = rulesOf(standing.program, watch.ruleSet).map(({ when }) => when);
  const [type] = watch.events;
  const event = type === undefined ? TIMER : worldEvent(type, standing);
  return event === null ? [] : rules.map((rule) => happening(watch.holds, event, { holds: [rule] }));
}

function requestStimuli(spec: SpecOf<"request">, standing: Standing): readonly Stimulus[] {
  // Between two attempts nothing but the clock is waited for.
  if (!standing.state.pending) return [happening(null, TIMER)];
  const denied = passesGate(spec.request) ? [deniedStimulus(spec)] : [];
  const watched = spec.watch === undefined ? [] : watchStimuli(spec.watch, standing);
  return [...answerStimuli(spec, standing), ...denied, ...watched, deadlineStimulus(spec, standing)];
}

function deniedStimulus(spec: SpecOf<"request">): Stimulus {
  return happening(spec.blocked, { type: "contact.denied" });
}

function answerStimuli(spec: SpecOf<"request">, standing: Standing): readonly Stimulus[] {
  const { outcomes, retry, exhausted, receive = [] } = spec;
  const retries = retry !== null && standing.state.attempt < retry.maxAttempts ? Object.keys(retry.gapMinutes) : [];
  const [soonest] = [...retries].sort(
    (left, right) => (retry?.gapMinutes[left] ?? 0) - (retry?.gapMinutes[right] ?? 0),
  );
  const answer = (handle: string | null, outcome: string): Stimulus =>
    happening(handle, answerEvent(spec.request, outcome), { receive: handle === null ? [] : receive });
  const byHandle = new Map<string, string>();
  for (const outcome of Object.keys(outcomes).sort()) {
    const handle = outcomes[outcome];
    if (handle !== undefined && !retries.includes(outcome) && !byHandle.has(handle)) byHandle.set(handle, outcome);
  }
  const unmapped = unmappedOutcome(spec, standing, retries);
  if (unmapped !== null && !byHandle.has(exhausted)) byHandle.set(exhausted, unmapped);
  const answers = [...byHandle].map(([handle, outcome]) => answer(handle, outcome));
  return soonest === undefined ? answers : [...answers, answer(null, soonest)];
}

/** An answer that is neither mapped nor tried again; null where there is none. */
function unmappedOutcome(spec: SpecOf<"request">, standing: Standing, retries: readonly string[]): string | null {
  const known = [...standing.answersOf(standing.state.nodeId), ...outcomesOfKind(spec.request)];
  const free = known.find((outcome) => !Object.hasOwn(spec.outcomes, outcome) && !retries.includes(outcome));
  if (free !== undefined) return free;
  // Verdicts are a closed list; whatever else is asked may be answered in a way nobody foresaw.
  return spec.request.kind === "qa" || spec.request.kind === "conversation-qa" ? null : UNMAPPED_OUTCOME;
}

function outcomesOfKind(request: RequestSpec): readonly string[] {
  switch (request.kind) {
    case "task":
      return TASK_OUTCOMES[request.task];
    case "external":
      return EXTERNAL_FAILURES;
    case "qa":
    case "conversation-qa":
      return ["pass", "block", "review"];
    case "contact":
      return [];
    default:
      throw request satisfies never;
  }
}

function answerEvent(request: RequestSpec, outcome: string): ScenarioEvent {
  const afterMinutes = SOON_MINUTES;
  switch (request.kind) {
    case "contact":
      return { type: "contact.result", outcome, afterMinutes };
    case "task":
      return { type: "task.completed", outcome, afterMinutes };
    case "external":
      return { type: "external.result", outcome, afterMinutes };
    case "qa":
    case "conversation-qa": {
      const verdict = outcome === "pass" || outcome === "block" ? outcome : "review";
      return { type: "qa.verdict", outcome: verdict, afterMinutes };
    }
    default:
      throw request satisfies never;
  }
}

/** Nobody answers. A step that looks at a rule now and then is left waiting until its deadline before the clock rings. */
function deadlineStimulus(spec: SpecOf<"request">, { program, state, nowMs }: Standing): Stimulus {
  const { watch, expired, deadlineMs } = spec;
  if (watch === undefined || watch.everyMs === null) return happening(expired, TIMER);
  const leftMs = Math.max(0, state.enteredAtMs + deadlineMs - nowMs);
  const pause: ScenarioEvent = { type: "facts.changed", afterMinutes: Math.ceil(leftMs / MINUTE_MS), facts: {} };
  const looked = watch.events.includes("facts.changed");
  const fails = looked ? rulesOf(program, watch.ruleSet).map(({ when }) => when) : [];
  return happening(expired, TIMER, { before: [pause], fails });
}
