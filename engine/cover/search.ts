import type { Constraint } from "../condition/solve/solve";
import { armAt, bucketOf } from "../experiment/assign";
import type { EnrollmentState, SyncExecutor } from "../model/execution";
import type { Facts, FactValue } from "../model/facts";
import { canonicalJson } from "../model/json";
import { EXITS_RULE_SET, type Program } from "../model/program";
import { SCENARIO_EVENTS_MAX, type ScenarioEvent } from "../model/scenario";
import { daysBetween, type EpochMs, localDate, MINUTE_MS } from "../model/time";
import { continueStory, type StoryPoint, startStory, waysTaken } from "../run/scenario";
import { DPD_FACT } from "../run/wake-up";
import type { Notes } from "./attempts";
import { optionsOf, rulesOf, wishesOfWait } from "./options";
import { asksForStage, STAGE_FITS } from "./plausible";
import { type Stimulus, stimuliOf } from "./stimuli";
import {
  type ArmWanted,
  claiming,
  factsAsked,
  isContradiction,
  type Moment,
  receiving,
  type Symbols,
  solved,
  symbolsAt,
  told,
} from "./symbols";

/** Chains of instant steps thought through in all, each a question to the solver. */
const CHAINS_MAX = 60_000;
/** Chains thought through after one event. */
const CHAINS_PER_EVENT_MAX = 4000;
/** Ways a step is come to after one event: with something new beyond it, and else. */
const VISITS_MAX = 12;
/** Different states in which a step is left waiting and taken up again. */
const STATES_PER_STEP_MAX = 250;
/** Parties tried for an arm of an experiment; a share of one in ten thousand is found within these. */
const PARTIES_MAX = 100_000;

/** An account somewhere in its story, and how it came there. */
export type Moved = {
  readonly point: StoryPoint;
  readonly party: string;
  readonly arms: readonly ArmWanted[];
  readonly firstFacts: Facts;
  readonly events: readonly ScenarioEvent[];
  /** Ways on of the Program taken so far. */
  readonly path: readonly string[];
};

export type Search = {
  readonly program: Program;
  readonly executor: SyncExecutor;
  readonly startMs: EpochMs;
  readonly domainOf: Moment["domainOf"];
  readonly answersOf: (step: string) => readonly string[];
  /** Values an account has where nothing else is asked. */
  readonly plausible: Facts;
  /** Ways on that are still wanted. */
  readonly wanted: Set<string>;
  readonly found: Map<string, Moved>;
  readonly notes: Notes;
  readonly queue: Moved[];
  readonly seen: Map<string, Set<string>>;
  /** What `wantedBeyond` found last; wanted ways only ever become fewer. */
  beyond: { readonly size: number; readonly steps: ReadonlySet<string> };
  chains: number;
};

/** Lets accounts in and moves them on until everything wanted was taken, or nothing new can be tried. */
export function explore(search: Search): void {
  walkFrom(search, { moved: null, stimulus: null });
  for (let next = search.queue.shift(); next !== undefined && search.wanted.size > 0; next = search.queue.shift()) {
    if (!wantedBeyond(search).has(next.point.state.nodeId)) continue;
    const { state, nowMs } = next.point;
    search.notes.entered.add(state.nodeId);
    const { program, answersOf } = search;
    const ledTo = new Set<string>();
    for (const stimulus of stimuliOf({ program, state, nowMs, answersOf })) {
      if (leadsAnew(search, next, { stimulus, ledTo })) walkFrom(search, { moved: next, stimulus });
    }
  }
}

type Leading = { readonly stimulus: Stimulus; readonly ledTo: Set<string> };

/** Facts may change with any event, so that what leads to the same step with nothing more is thought through once, the soonest. */
function leadsAnew({ program, wanted }: Search, moved: Moved, { stimulus, ledTo }: Leading): boolean {
  const { handle, receive, holds, fails } = stimulus;
  const { nodeId } = moved.point.state;
  const to = handle === null ? undefined : program.steps[nodeId]?.handles[handle];
  if (to === undefined || wanted.has(`${nodeId}.${handle}`) || receive.length + holds.length + fails.length > 0)
    return true;
  if (ledTo.has(to)) return false;
  ledTo.add(to);
  return true;
}

/** Steps from which something wanted can be come to by lines alone, those included that have it themselves. */
function wantedBeyond(search: Search): ReadonlySet<string> {
  const { program, wanted, beyond } = search;
  if (beyond.size === wanted.size) return beyond.steps;
  const before = new Map<string, string[]>();
  const open: string[] = [];
  for (const { id, handles } of Object.values(program.steps)) {
    for (const [handle, to] of Object.entries(handles)) {
      before.set(to, [...(before.get(to) ?? []), id]);
      if (wanted.has(`${id}.${handle}`)) open.push(id);
    }
  }
  const reached = new Set(open);
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    for (const from of before.get(step) ?? []) {
      if (reached.has(from)) continue;
      reached.add(from);
      open.push(from);
    }
  }
  search.beyond = { size: wanted.size, steps: reached };
  return reached;
}

/** What one event is thought through from. Without a story, the account comes in. */
type Departure = { readonly moved: Moved | null; readonly stimulus: Stimulus | null };

type Walk = {
  readonly search: Search;
  readonly departure: Departure;
  readonly moment: Moment;
  readonly beyond: ReadonlySet<string>;
  readonly visits: Map<string, number>;
  chains: number;
};

function walkFrom(search: Search, departure: Departure): void {
  const { moved, stimulus } = departure;
  const { program } = search;
  const beyond = wantedBeyond(search);
  const walk: Walk = { search, departure, moment: momentOf(search, departure), beyond, visits: new Map(), chains: 0 };
  const begun = symbolsOf(search, departure);
  if (moved === null || stimulus === null) {
    step(walk, { at: program.entry, symbols: begun, path: [] });
    return;
  }
  const { nodeId } = moved.point.state;
  if (stimulus.handle === null) {
    finish(walk, { at: nodeId, symbols: begun, path: [] });
    return;
  }
  follow(walk, { at: nodeId, symbols: begun, path: [] }, { handle: stimulus.handle, symbols: begun });
}

function momentOf({ program, domainOf, startMs, plausible }: Search, { moved, stimulus }: Departure): Moment {
  const { timeZone } = program.settings;
  const nowMs = moved === null || stimulus === null ? startMs : timeOf(moved, stimulus);
  const facts = moved === null ? plausible : aged(moved.point, { nowMs, timeZone });
  return { today: localDate(timeZone, nowMs), nowMs, timeZone, domainOf, facts };
}

function timeOf({ point }: Moved, { before, event }: Stimulus): EpochMs {
  const minutes = [...before, event].reduce(
    (sum, one) => sum + ("afterMinutes" in one ? (one.afterMinutes ?? 0) : 0),
    0,
  );
  const laterMs = point.nowMs + minutes * MINUTE_MS;
  return event.type === "timer.fired" ? Math.max(laterMs, point.state.wakeAtMs ?? laterMs) : laterMs;
}

/** Facts as they would be by then: days past due go on. */
function aged({ facts, nowMs }: StoryPoint, then: { readonly nowMs: EpochMs; readonly timeZone: string }): Facts {
  const dpd = facts[DPD_FACT];
  const days = daysBetween(localDate(then.timeZone, nowMs), localDate(then.timeZone, then.nowMs));
  return typeof dpd === "number" && days > 0 ? { ...facts, [DPD_FACT]: dpd + days } : facts;
}

/** What has to hold when the event comes: no strategy-wide exit, and what the event itself asks for. */
function symbolsOf({ program }: Search, { moved, stimulus }: Departure): Symbols {
  if (moved === null || stimulus === null) {
    const first = program.settings.variables.filter(({ initial }) => initial !== null);
    return symbolsAt(Object.fromEntries(first.map(({ name, initial }) => [name, initial])), {});
  }
  const { vars, loopCounts } = moved.point.state;
  let symbols: Symbols = { ...symbolsAt(vars, loopCounts), arms: moved.arms };
  for (const { when } of rulesOf(program, EXITS_RULE_SET)) symbols = claiming(symbols, when, "false", "unknown");
  for (const condition of stimulus.holds) symbols = claiming(symbols, condition, "true");
  for (const condition of stimulus.fails) symbols = claiming(symbols, condition, "false", "unknown");
  return stimulus.receive.reduce(
    (before, { name, variable, type }) => receiving(before, variable, { name, type }),
    symbols,
  );
}

type Place = { readonly at: string; readonly symbols: Symbols; readonly path: readonly string[] };

function step(walk: Walk, place: Place): void {
  const { search, moment } = walk;
  const { program } = search;
  const found = program.steps[place.at];
  if (found === undefined || place.path.length >= program.limits.stepsPerAdvance) return;
  search.notes.entered.add(place.at);
  const { options, staying } = optionsOf({ program, step: found, symbols: place.symbols, moment });
  for (const option of options) follow(walk, place, option);
  if (staying !== null) finish(walk, { ...place, symbols: staying });
  else if (options.length === 0) finish(walk, place);
}

/** Takes a way on, if it can be taken after what came before and something wanted lies on it. */
function follow(
  walk: Walk,
  from: Place,
  { handle, symbols }: { readonly handle: string; readonly symbols: Symbols },
): void {
  const { search, beyond, visits } = walk;
  const way = `${from.at}.${handle}`;
  const to = search.program.steps[from.at]?.handles[handle];
  // A chain with something new on it has to be followed to a step that waits or ends, whatever lies there.
  const isWanted = [...from.path, way].some((one) => search.wanted.has(one));
  if (to === undefined || !(isWanted || beyond.has(to))) return;
  const visited = visits.get(to) ?? 0;
  if (visited >= VISITS_MAX && !isWanted) {
    search.notes.bounded.add(to);
    return;
  }
  if (!canHold(walk, { way, from, symbols })) return;
  visits.set(to, visited + 1);
  step(walk, { at: to, symbols, path: [...from.path, way] });
}

type Thought = { readonly way: string; readonly from: Place; readonly symbols: Symbols };

function canHold(walk: Walk, { way, from, symbols }: Thought): boolean {
  const { search, moment } = walk;
  const { notes } = search;
  if (symbols.constraints.length === from.symbols.constraints.length) return true;
  search.chains += 1;
  walk.chains += 1;
  if (search.chains > CHAINS_MAX || walk.chains > CHAINS_PER_EVENT_MAX) {
    notes.open.add(way);
    notes.bounded.add(from.at);
    return false;
  }
  if (solved(symbols, moment).kind !== "none") return true;
  const own = symbols.constraints.slice(from.symbols.constraints.length);
  if (isContradiction(own, symbols, moment)) notes.impossible.add(way);
  noteContradiction(walk, symbols, [way]);
  return false;
}

/** What only this value of a variable or this day contradicts, another might not. */
function noteContradiction({ search, moment }: Walk, symbols: Symbols, ways: readonly string[]): void {
  const { notes } = search;
  const proven = isContradiction(symbols.constraints, symbols, moment);
  for (const way of ways) (proven ? notes.contradicted : notes.open).add(way);
}

/** The chain has come to a step that waits or ends: find the facts, let it happen, and see which way it really went. */
function finish(walk: Walk, { at, symbols, path }: Place): void {
  const { search, moment } = walk;
  const { notes, program } = search;
  const spec = program.steps[at]?.spec;
  const asked = factsAsked(symbols);
  const fits = asksForStage(asked) ? [STAGE_FITS] : [];
  const wishes = [...(spec === undefined ? [] : wishesOfWait(spec)), ...stayingWishes(walk), ...fits];
  const solution = solved(symbols, moment, wishes);
  if (solution.kind === "none") {
    noteContradiction(walk, symbols, path);
    return;
  }
  const moved = solution.kind === "found" ? happen(walk, symbols, solution.facts) : null;
  if (moved === null) {
    for (const way of path) notes.open.add(way);
    notes.bounded.add(at);
    return;
  }
  for (const way of moved.taken) take(search, way, moved);
  if (moved.point.state.exit?.reason === "horizon") notes.late.add(moved.point.state.nodeId);
  else for (const way of path) if (search.wanted.has(way)) notes.open.add(way);
  enqueue(search, moved);
}

/** When an account comes in, it should not be about to leave by a strategy-wide exit. */
function stayingWishes({ search, departure }: Walk): readonly Constraint[] {
  if (departure.moved !== null) return [];
  const exits = rulesOf(search.program, EXITS_RULE_SET);
  return exits.map(({ when }) => ({ condition: when, truths: ["false"] }));
}

function take(search: Search, way: string, moved: Moved): void {
  if (!search.found.has(way)) search.found.set(way, moved);
  search.wanted.delete(way);
}

type Happened = Moved & { readonly taken: readonly string[] };

function happen(walk: Walk, symbols: Symbols, solution: Facts): Happened | null {
  const { search, departure, moment } = walk;
  const { moved, stimulus } = departure;
  const { facts, values } = told(solution);
  const party = partyFor(symbols.arms, moved?.party ?? "1");
  if (party === null) return null;
  if (moved === null || stimulus === null) {
    const firstFacts = known(facts);
    const { state, nowMs, outcome } = startStory(search.executor, { party, facts: firstFacts }, search.startMs);
    const taken = waysTaken(outcome);
    const point = { state, facts: firstFacts, nowMs };
    return { point, party, arms: symbols.arms, firstFacts, events: [], path: taken, taken };
  }
  const changed = changes(moved.point.facts, { ...moment.facts, ...facts });
  const next = eventsWith(stimulus, changed, values);
  const events = [...moved.events, ...next];
  if (events.length > SCENARIO_EVENTS_MAX) return null;
  const before = { ...moved, party, arms: symbols.arms };
  // Another party may have been needed for the arms: then the whole story is its own.
  if (party !== moved.party) return replayed(search, before, events);
  return continued(search, { ...before, events }, { point: moved.point, next });
}

type Continuing = { readonly point: StoryPoint; readonly next: readonly ScenarioEvent[] };

function continued(search: Search, carried: Carried, { point, next }: Continuing): Happened {
  let story = point;
  const taken: string[] = [];
  for (const event of next) {
    const told = continueStory(search.executor, carried.party, { point: story, next: event });
    taken.push(...waysTaken(told.outcome));
    story = told;
  }
  const { state, facts, nowMs } = story;
  return { ...carried, point: { state, facts, nowMs }, path: [...carried.path, ...taken], taken };
}

function replayed(search: Search, before: Moved, events: readonly ScenarioEvent[]): Happened {
  const { party, firstFacts } = before;
  const first = startStory(search.executor, { party, facts: firstFacts }, search.startMs);
  return continued(search, { ...before, events, path: waysTaken(first.outcome) }, { point: first, next: events });
}

type Carried = Omit<Moved, "point">;

/** Facts that are known: unknown ones are left out. */
function known(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

/** What is different from before; a fact that has become unknown is null. */
function changes(before: Facts, after: Facts): Facts {
  const was = (fact: string): FactValue => (Object.hasOwn(before, fact) ? before[fact] : null) ?? null;
  return Object.fromEntries(Object.entries(after).filter(([fact, value]) => was(fact) !== value));
}

/** The events of a stimulus with the facts and values they bring; one that cannot carry facts is told right after them. */
function eventsWith({ before, event }: Stimulus, facts: Facts, values: Facts): readonly ScenarioEvent[] {
  const answers =
    event.type === "contact.result" || event.type === "task.completed" || event.type === "external.result";
  const answered: ScenarioEvent = answers && Object.keys(values).length > 0 ? { ...event, values } : event;
  if (Object.keys(facts).length === 0) return [...before, answered];
  switch (answered.type) {
    case "contact.denied":
    case "contact.deferred":
    case "stop.requested":
      return [...before, { type: "facts.changed", facts }, answered];
    default:
      return [...before, { ...answered, facts }];
  }
}

/** A party that is drawn into every wanted arm: the present one if it is, else the first that is. */
function partyFor(arms: readonly ArmWanted[], present: string): string | null {
  const isDrawn = (party: string): boolean =>
    arms.every((wanted) => armAt(bucketOf(wanted.seed, `party_${party}`), wanted.arms) === wanted.arm);
  if (isDrawn(present)) return present;
  for (let party = 1; party <= PARTIES_MAX; party += 1) if (isDrawn(String(party))) return String(party);
  return null;
}

function enqueue(search: Search, moved: Moved): void {
  const { state } = moved.point;
  if (state.status !== "active") return;
  const states = search.seen.get(state.nodeId) ?? new Set();
  search.seen.set(state.nodeId, states);
  const key = stateKey(state);
  if (states.has(key)) return;
  if (states.size >= STATES_PER_STEP_MAX) search.notes.bounded.add(state.nodeId);
  else {
    states.add(key);
    search.queue.push(moved);
  }
}

/** States that differ in nothing but time and facts are the same: facts may change with every event. */
function stateKey({ attempt, pending, loopCounts, vars }: EnrollmentState): string {
  return canonicalJson({ attempt, pending, loopCounts, vars });
}
