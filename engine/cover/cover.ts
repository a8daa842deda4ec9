import { catalogueOfSettings } from "../condition/catalogue";
import { handleText } from "../graph/step-text";
import { fillText } from "../graph/words";
import type { SyncExecutor } from "../model/execution";
import { inLocale, LOCALES, type LocalText } from "../model/locale";
import type { MarketPack } from "../model/market-pack";
import type { Program } from "../model/program";
import { type Scenario, ScenarioSchema } from "../model/scenario";
import type { StrategyDoc } from "../model/strategy";
import { formatInstant, instantAt } from "../model/time";
import { linkCompiled } from "../run/compiled";
import { runScenario } from "../run/scenario";
import { newNotes, reasonsOf, type UncoveredReason } from "./attempts";
import { answersByStep, type DrawnWay, drawnWays } from "./drawn-ways";
import { plausibleFacts } from "./plausible";
import { explore, type Moved, type Search } from "./search";
import { domainsOf } from "./symbols";
import { coverTexts } from "./texts";

/** Every generated story begins on this day, so that the same strategy gives the same stories. A Monday. */
const FIRST_DAY = "2026-03-02";
const FIRST_MINUTE = 9 * 60;

export type CoveredWay = {
  readonly step: string;
  readonly handle: string;
  /** Id of the scenario that takes it. */
  readonly scenario: string;
};
export type UncoveredWay = { readonly step: string; readonly handle: string; readonly reason: UncoveredReason };

export type Coverage = {
  /** Ways on that a scenario takes; it was run to see. */
  readonly covered: readonly CoveredWay[];
  readonly uncovered: readonly UncoveredWay[];
  /** Scenarios beside those the strategy carries, few enough to take every covered way. */
  readonly added: readonly Scenario[];
};

/**
 * For every way on of every drawn step a scenario that takes it, or why none was found. The strategy's own scenarios count where
 * they still hold. `contradiction` and `no-way-in` are proven; `gave-up` is honest ignorance. Deterministic and bounded. For a
 * document and the Program it compiles to.
 */
export function coverStrategy(doc: StrategyDoc, program: Program, pack: MarketPack): Coverage {
  const ways = drawnWays(doc, pack);
  const executor = linkCompiled(program);
  const saved = savedRuns(doc, program, executor);
  const takenBefore = new Set(saved.flatMap(({ path }) => [...path]));
  const domainOf = domainsOf(program, catalogueOfSettings(pack.fields, program.settings));
  const factsOfRules = Object.values(program.ruleSets).flatMap(({ facts }) => facts);
  const search: Search = {
    program,
    executor,
    startMs: instantAt(program.settings.timeZone, FIRST_DAY, FIRST_MINUTE),
    domainOf,
    plausible: plausibleFacts(factsOfRules, domainOf),
    answersOf: answersByStep(ways),
    wanted: new Set(ways.filter((way) => !isTaken(way, takenBefore)).flatMap(({ taken }) => taken)),
    found: new Map(),
    notes: newNotes(),
    queue: [],
    seen: new Map(),
    beyond: { size: -1, steps: new Set() },
    chains: 0,
  };
  explore(search);
  const told = chosenStories(ways, takenBefore, search);
  const ids = idsBeside(doc.tests, told.length);
  const added = told.flatMap(({ way, moved }, index) => {
    const scenario = scenarioOf(way, moved, { id: ids[index] ?? "", doc, pack, search });
    return scenario === null ? [] : [scenario];
  });
  const all = [...saved, ...added.map(({ id, expect }) => ({ id, path: new Set(expect.path) }))];
  return { ...sorted(ways, all, reasonsOf(program, search.notes, search.found)), added };
}

/**
 * The ways on that the strategy's own scenarios take, of all that are drawn. Nothing is searched for: fast enough to be asked with every
 * change. A scenario that no longer holds takes none.
 */
export function testedWays(
  doc: StrategyDoc,
  program: Program,
  pack: MarketPack,
): Pick<Coverage, "covered"> & {
  readonly untested: readonly { readonly step: string; readonly handle: string }[];
} {
  const executor = linkCompiled(program);
  const runs = savedRuns(doc, program, executor);
  const covered: CoveredWay[] = [];
  const untested: { readonly step: string; readonly handle: string }[] = [];
  for (const way of drawnWays(doc, pack)) {
    const run = runs.find(({ path }) => isTaken(way, path));
    const { step, handle } = way;
    if (run === undefined) untested.push({ step, handle });
    else covered.push({ step, handle, scenario: run.id });
  }
  return { covered, untested };
}

function savedRuns(doc: StrategyDoc, program: Program, executor: SyncExecutor): readonly Run[] {
  return doc.tests.flatMap((scenario) => {
    const { path, problems } = runScenario(program, scenario, executor);
    return problems.length > 0 ? [] : [{ id: scenario.id, path: new Set(path) }];
  });
}

function isTaken({ taken }: DrawnWay, path: ReadonlySet<string>): boolean {
  return taken.some((way) => path.has(way));
}

type Run = { readonly id: string; readonly path: ReadonlySet<string> };

function sorted(ways: readonly DrawnWay[], runs: readonly Run[], reasonOf: (way: string) => UncoveredReason) {
  const covered: CoveredWay[] = [];
  const uncovered: UncoveredWay[] = [];
  for (const way of ways) {
    const { step, handle, taken } = way;
    const run = runs.find(({ path }) => isTaken(way, path));
    if (run !== undefined) covered.push({ step, handle, scenario: run.id });
    else uncovered.push({ step, handle, reason: reasonOf(taken[0] ?? `${step}.${handle}`) });
  }
  return { covered, uncovered };
}

type Story = { readonly way: DrawnWay; readonly moved: Moved };

/** Few stories that take every way that was found: the longest first, each for something no other has taken. */
function chosenStories(
  ways: readonly DrawnWay[],
  takenBefore: ReadonlySet<string>,
  { found }: Search,
): readonly Story[] {
  const stories = ways.flatMap((way) => {
    const moved = way.taken.map((taken) => found.get(taken)).find((one) => one !== undefined);
    return moved === undefined || isTaken(way, takenBefore) ? [] : [{ way, moved }];
  });
  const longest = [...stories].sort((left, right) => right.moved.path.length - left.moved.path.length);
  const taken = new Set(takenBefore);
  return longest.filter(({ way, moved }) => {
    if (isTaken(way, taken)) return false;
    for (const one of moved.path) taken.add(one);
    return true;
  });
}

function idsBeside(tests: readonly Scenario[], count: number): readonly string[] {
  const used = new Set(tests.map(({ id }) => id));
  const ids: string[] = [];
  for (let number = 1; ids.length < count; number += 1) if (!used.has(`cover-${number}`)) ids.push(`cover-${number}`);
  return ids;
}

type Making = { readonly id: string; readonly doc: StrategyDoc; readonly pack: MarketPack; readonly search: Search };

/** The story as a scenario, run once more from its beginning; what it expects is what that run did. */
function scenarioOf(way: DrawnWay, moved: Moved, { id, doc, pack, search }: Making): Scenario | null {
  const { program, executor, startMs } = search;
  const untold = ScenarioSchema.parse({
    id,
    name: nameOf(way, doc, pack),
    startAt: formatInstant(program.settings.timeZone, startMs),
    party: moved.party,
    facts: moved.firstFacts,
    events: moved.events,
    expect: {},
  });
  const { path, problems, outcomes } = runScenario(program, untold, executor);
  const state = outcomes.at(-1)?.state;
  if (problems.length > 0 || state === undefined || !isTaken(way, new Set(path))) return null;
  const expected = { path: [...path], at: state.nodeId, ...(state.exit === null ? {} : { exit: state.exit.reason }) };
  return { ...untold, expect: expected };
}

function nameOf({ node, definition, shown }: DrawnWay, doc: StrategyDoc, pack: MarketPack): LocalText {
  const fields = catalogueOfSettings(pack.fields, doc.settings);
  const said = LOCALES.map((locale) => {
    const step = node.name === undefined ? node.id : inLocale(node.name, locale);
    const handle = handleText(definition, shown, { locale, fields, contents: pack.contents });
    return [locale, fillText(coverTexts[locale].scenario, { step, handle })] as const;
  });
  return Object.fromEntries(said);
}
