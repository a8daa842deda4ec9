import { type EngineEvent, EVENT_TYPES } from "../../model/execution";
import { passesGate, type RequestSpec } from "../../model/program";
import { MINUTE_MS } from "../../model/time";
import { MADE_EFFECT, numeral } from "./pool";
import {
  emit,
  emitAt,
  eventNumber,
  leaveBy,
  missingUnknown,
  record,
  type SpecOf,
  STAY,
  type StepSource,
  type StepWriting,
  say,
  type WatchSource,
  watchSource,
  way,
} from "./step-source";

type Reactions = { readonly [type in EngineEvent["type"]]?: string };

/** What happens upon each event; one that is not listed is not awaited. */
function reacting(reactions: Reactions): string {
  const labels = new Map<string, string>();
  for (const type of EVENT_TYPES) {
    const body = reactions[type];
    if (body !== undefined) labels.set(body, `${labels.get(body) ?? ""}case ${eventNumber(type)}: `);
  }
  const cases = [...labels].map(([body, label]) => `${label}{ ${body} }`);
  return `switch (type) {\n${cases.join("\n")}\n}`;
}

/** The watch's look at every event it awaits and nothing else has claimed. */
function watched(watch: WatchSource | null): Reactions {
  if (watch === null) return {};
  const look = watch.look("");
  return Object.fromEntries(EVENT_TYPES.filter(watch.awaits).map((type) => [type, look]));
}

const ANSWER_TYPES = {
  contact: "contact.result",
  qa: "qa.verdict",
  "conversation-qa": "qa.verdict",
  task: "task.completed",
  external: "external.result",
} as const satisfies { readonly [kind in RequestSpec["kind"]]: EngineEvent["type"] };

/** Requests whose effect is the same whatever the facts are; of the others the effect is made at once, from the facts there are. */
const FIXED_REQUESTS: ReadonlySet<RequestSpec["kind"]> = new Set(["contact", "qa", "conversation-qa"]);

/** Asks, with the deadline (or the next look at the watched rule) as the wake-up. */
function ask(spec: SpecOf<"request">, { pool, block, step }: StepWriting, watchEveryMs: number | null): string {
  const { request, deadlineMs } = spec;
  const effect = FIXED_REQUESTS.has(request.kind)
    ? emit(pool, { form: "request", request, nodeId: step.id }, "notAfterMs")
    : `keepMade(${block.constant(request)}, notAfterMs, { stepSeq: seq, node, attempt }); ${emitAt(MADE_EFFECT)}`;
  const asked = `const notAfterMs = ${deadlineAt(deadlineMs)}; wakeAt = ${wakeAt("notAfterMs", watchEveryMs)};`;
  return `${asked} pending = 1; ${effect}`;
}

function deadlineAt(deadlineMs: number): string {
  return `Math.min(enteredAt + ${numeral(deadlineMs)}, horizon)`;
}

function wakeAt(deadline: string, watchEveryMs: number | null): string {
  return watchEveryMs === null ? deadline : `Math.min(now + ${numeral(watchEveryMs)}, ${deadline})`;
}

export function requestSource(spec: SpecOf<"request">, writing: StepWriting): StepSource {
  const { pool } = writing;
  const requested = { code: "requested", detail: { text: "1" } } as const;
  if (spec.goOn !== null) {
    // Nobody waits for the answer, so leaving must not call the request back.
    const asked = `attempt = 1; ${ask(spec, writing, null)} pending = 0;`;
    return { enter: `${asked}\n${leaveBy(way(writing, spec.goOn), requested, writing)}`, receive: null };
  }
  const watch = spec.watch === undefined ? null : watchSource(spec.watch, writing);
  const asked = ask(spec, writing, spec.watch?.everyMs ?? null);
  return {
    enter: `attempt = 1; ${asked}\n${record(pool, requested)} ${STAY}`,
    receive: reacting({
      ...watched(watch),
      ...refusals(spec, writing),
      "timer.fired": timerSource(spec, writing, { asked, watch }),
      [ANSWER_TYPES[spec.request.kind]]: answerSource(spec, writing),
    }),
  };
}

/** What the gate says to a request that passes it; nothing else is ever put off or refused. */
function refusals(spec: SpecOf<"request">, writing: StepWriting): Reactions {
  if (!passesGate(spec.request)) return {};
  const reasons = say(`Q.reasons.join(",")`);
  const blocked = leaveBy(way(writing, spec.blocked), { code: "blocked", detail: "said" }, writing);
  return {
    "contact.deferred": `${reasons} ${record(writing.pool, { code: "deferred", detail: "said" })} ${STAY}`,
    "contact.denied": `${reasons} ${blocked}`,
  };
}

/** An answer: tried again, mapped to its handle, or exhausted. */
function answerSource(spec: SpecOf<"request">, writing: StepWriting): string {
  const { block } = writing;
  const { receive } = spec;
  const exhausted = way(writing, spec.exhausted);
  const mapped = byRarity(spec.outcomes).map(([outcome, handle]) => {
    const taken = leaveBy(way(writing, handle), { code: "outcome", detail: { text: outcome } }, writing);
    return `if (outcome === ${block.constant(outcome)}) { ${taken} }`;
  });
  return [
    "const outcome = Q.outcome;",
    retrySource(spec, writing),
    receive === undefined ? "" : `Q.vars = receivedInto(Q.vars, ${block.constant(receive)}, Q.values);`,
    ...mapped,
    `${say("outcome")} ${leaveBy(exhausted, { code: "exhausted", detail: "said" }, writing)}`,
  ].join("\n");
}

/**
 * Outcomes in the order they are asked for, which changes nothing but how long it takes: a handle that few outcomes lead to is what
 * the step was made to find out (promised, refused), the many that share one are the rare cases.
 */
function byRarity(outcomes: SpecOf<"request">["outcomes"]): readonly (readonly [outcome: string, handle: string])[] {
  const shared = new Map<string, number>();
  for (const handle of Object.values(outcomes)) shared.set(handle, (shared.get(handle) ?? 0) + 1);
  const sharing = (handle: string): number => shared.get(handle) ?? 0;
  return Object.entries(outcomes).sort(([, left], [, right]) => sharing(left) - sharing(right));
}

/** Another attempt, when one is left and it would be made before the deadline. */
function retrySource({ retry, deadlineMs }: SpecOf<"request">, { block, pool }: StepWriting): string {
  const gaps = Object.entries(retry?.gapMinutes ?? {});
  if (retry === null || gaps.length === 0) return "";
  const deadline = deadlineAt(deadlineMs);
  const scheduled = gaps.map(([outcome, minutes]) => {
    const recorded = record(pool, { code: "retry-scheduled", detail: { text: outcome } });
    return `if (outcome === ${block.constant(outcome)}) {
const redialAtMs = now + ${numeral(minutes * MINUTE_MS)};
if (redialAtMs < ${deadline}) { ${recorded} attempt += 1; wakeAt = redialAtMs; ${STAY} }
}`;
  });
  return `if (attempt < ${numeral(retry.maxAttempts)}) {\n${scheduled.join("\n")}\n}`;
}

type TimerParts = { readonly asked: string; readonly watch: WatchSource | null };

/** A timer of a request: its deadline, a look at the watched rule, or the next attempt. */
function timerSource(spec: SpecOf<"request">, writing: StepWriting, { asked, watch }: TimerParts): string {
  const expired = leaveBy(way(writing, spec.expired), { code: "expired" }, writing);
  const deadline = `const deadlineAtMs = ${deadlineAt(spec.deadlineMs)};`;
  if (watch === null) {
    const started = `${say("attempt")} ${record(writing.pool, { code: "retry-started", detail: "said" })}`;
    return `${deadline} if (now >= deadlineAtMs || pending === 1) { ${expired} }\n${started} ${asked} ${STAY}`;
  }
  const next = `wakeAt = ${wakeAt("deadlineAtMs", spec.watch?.everyMs ?? null)};`;
  return `${deadline} if (now >= deadlineAtMs) { ${expired} }\n${watch.look(next)}`;
}

/** Waits that never depend on facts or on the calendar. */
function plainWakeAt({ wait }: SpecOf<"wait">): string | null {
  if (wait.mode === "event") return `now + ${numeral(wait.deadlineMs)}`;
  return wait.mode === "duration" && wait.at === undefined ? `now + ${numeral(wait.durationMs)}` : null;
}

export function waitSource(spec: SpecOf<"wait">, writing: StepWriting): StepSource {
  const { wait } = spec;
  const elapsed = way(writing, spec.elapsed);
  const happened = spec.happened === null ? null : way(writing, spec.happened);
  const enter = reckonSource(spec, writing);
  const awaited = wait.mode === "event" ? wait.events : [];
  const happenings = EVENT_TYPES.flatMap((type) =>
    happened !== null && awaited.includes(type)
      ? [[type, leaveBy(happened, { code: "happened", detail: { text: type } }, writing)] as const]
      : [],
  );
  const watch = spec.watch === undefined ? null : watchSource(spec.watch, writing);
  const recomputed = (spec.recomputeOn ?? []).map((type) => [type, enter] as const);
  return {
    enter,
    receive: reacting({
      ...Object.fromEntries(recomputed),
      ...watched(watch),
      ...Object.fromEntries(happenings),
      "timer.fired": leaveBy(elapsed, { code: "elapsed" }, writing),
    }),
  };
}

function reckonSource(spec: SpecOf<"wait">, writing: StepWriting): string {
  const { wait } = spec;
  const unknown = spec.unknown === null ? null : way(writing, spec.unknown);
  const plain = plainWakeAt(spec);
  const reads = wait.mode === "until-dpd" || "fact" in wait;
  const facts = reads ? ("object" as const) : null;
  const waiting = `${record(writing.pool, { code: "waiting", facts })} ${STAY}`;
  if (plain !== null) return `wakeAt = Math.min(${plain}, horizon); ${waiting}`;
  const named = writing.block.constant(wait);
  const doubtful = unknown === null ? missingUnknown() : leaveBy(unknown, { code: "unknown", facts }, writing);
  return [
    `const wakeAtMs = wakeAtOf(${named}, Q);`,
    reads ? `keepRead(factsReadByWait(${named}, Q));` : "",
    `if (wakeAtMs === null) { ${doubtful} }`,
    `wakeAt = Math.min(wakeAtMs, horizon); ${waiting}`,
  ].join("\n");
}
