import type { Database } from "#db";
import { saveSimulation, simulationFor } from "#db/queries/simulation";
import { type StrategyRecord, strategyByKey, versionById } from "#db/queries/strategy";
import { type Actor, compileStrategy, type Program } from "#engine";
import { InvariantError } from "#engine/model/invariant";
import { canonicalHash } from "#engine/model/json";
import type { Locale } from "#engine/model/locale";
import type { Currency } from "#engine/model/money";
import type { LocalDate } from "#engine/model/time";
import { baseAssumptions, type Preset, presetOf } from "#engine/simulate/assumptions/presets";
import { markOf } from "#engine/simulate/assumptions/set";
import { checkSimulation, type SimulationInput } from "#engine/simulate/input";
import type { SimulationResult } from "#engine/simulate/result";
import { type Comparison, compareRuns } from "#engine/simulate/study/compare";
import { figuresOver } from "#engine/simulate/study/figures";
import { engineToday } from "../clock";
import { packOf } from "../compose-packs";
import { AppError } from "../errors";
import { readHouse } from "../house";
import { readIntegrations, simulatedAnswers } from "../integrations";
import { createJobs, type JobContext, keptJobs } from "../jobs";
import { draftOrRefuse } from "../stored-documents";
import { type LoadedPortfolio, loadPortfolio } from "./load-portfolio";
import { storedResult } from "./stored-result";
import { simulateInThreads } from "./threads";

export type SimulationRequest = {
  readonly key: string;
  /** The draft as it is saved, or the newest published version. */
  readonly what: "draft" | "published";
  readonly portfolio: { readonly synthetic: boolean; readonly currency: Currency };
  readonly days: number;
  readonly seed: number;
  readonly locale: Locale;
  /** Which shipped set of assumptions. */
  readonly preset: Preset;
  /** Runs with other luck: `seed`, `seed` + 1 and so on. */
  readonly seeds: number;
  /** What it is held against, with the same luck; null = nothing. */
  readonly against: "draft" | "published" | null;
};

export type SimulationProgress =
  | { readonly phase: "loading" }
  /** Accounts of every run together, those of stored ones included. */
  | { readonly phase: "simulating"; readonly doneAccounts: number; readonly allAccounts: number };

export type Simulated = {
  /** Of the first seed. */
  readonly result: SimulationResult;
  readonly figures: ReturnType<typeof figuresOver>;
  readonly comparison: Comparison | null;
  /** Taken from the store: the same question was asked before. */
  readonly stored: boolean;
  /** Null for a draft. */
  readonly versionNumber: number | null;
};

/** One simulation uses every core, so one runs at a time and a few wait for their turn. */
const RUNNING_MAX = 1;
const WAITING_MAX = 8;

export const simulationJobs = () =>
  keptJobs("simulation", () => createJobs<SimulationProgress, Simulated>(RUNNING_MAX, WAITING_MAX));

/**
 * Simulates a strategy over one portfolio from today, in threads, once per seed, and keeps each result; where it is held against
 * another version, that one too. Every run that was kept is not done again, so a study that was cancelled goes on where it was.
 * Returns the job's id. Refuses with `strategy.not-publishable` when a draft does not compile; the job fails with
 * `simulation.refused` on bad numbers.
 */
export async function startSimulation(database: Database, actor: Actor, request: SimulationRequest): Promise<string> {
  const own = await programOf(database, request);
  const { against: what } = request;
  const against = what === null ? null : await programOf(database, { ...request, what });
  const { days, seed, seeds, portfolio, preset } = request;
  const hashes = [own.program.hash, against?.program.hash ?? null];
  const asked = JSON.stringify([...hashes, portfolio.synthetic, portfolio.currency, days, seed, seeds, preset]);
  const work = async (context: JobContext<SimulationProgress>): Promise<Simulated> => {
    const from = await engineToday(database);
    const world: World = { ...(await loadPortfolio(database, portfolio)), from };
    const results: SimulationResult[] = [];
    const others: SimulationResult[] = [];
    let allStored = true;
    const runs = seeds * (against === null ? 1 : 2);
    for (let index = 0; index < runs; index += 1) {
      const compiled = index < seeds ? own : (against ?? own);
      const input = inputOf(compiled.program, { ...request, ...world, seed: seed + (index % seeds) });
      const run = await oneRun(database, { input, world, request, actor }, { ...context, index, runs });
      allStored &&= run.stored;
      (index < seeds ? results : others).push(run.result);
    }
    const [result] = results;
    if (result === undefined) throw new InvariantError("simulation.no-run");
    const pairs = others.flatMap((other, index) => {
      const mine = results[index];
      return mine === undefined ? [] : [{ own: mine, against: other }];
    });
    const comparison = pairs.length === 0 ? null : compareRuns(pairs);
    return { result, figures: figuresOver(results), comparison, stored: allStored, versionNumber: own.versionNumber };
  };
  return simulationJobs().start({ phase: "loading" }, work, asked);
}

type World = LoadedPortfolio & { readonly from: LocalDate };
type Run = {
  readonly input: SimulationInput;
  readonly world: World;
  readonly request: SimulationRequest;
  readonly actor: Actor;
};

/** One program with one seed: from the store when the same was asked before. */
async function oneRun(
  database: Database,
  { input, world, request, actor }: Run,
  { signal, report, index, runs }: JobContext<SimulationProgress> & { readonly index: number; readonly runs: number },
): Promise<{ readonly result: SimulationResult; readonly stored: boolean }> {
  signal.throwIfAborted();
  const { days, seed, from, accounts } = input;
  const question = {
    programHash: input.program.hash,
    portfolioFingerprint: fingerprintWith(world.fingerprint, input),
    fromDate: from,
    days,
    seed,
  };
  const all = accounts.length * runs;
  const tell = (done: number) =>
    report({ phase: "simulating", doneAccounts: accounts.length * index + done, allAccounts: all });
  const known = await simulationFor(database.sql, question);
  if (known !== null) {
    tell(accounts.length);
    return { result: storedResult(known.result), stored: true };
  }
  tell(0);
  const result = await simulateInThreads({ input, executor: "compiled", threads: null, signal, onProgress: tell });
  await saveSimulation(database, {
    ...question,
    ...request.portfolio,
    result: JSON.parse(JSON.stringify(result)),
    actorId: actor.id,
  });
  return { result, stored: false };
}

/** Other assumptions, and other answers of other systems, are another world; a stored result is good for one. */
function fingerprintWith(
  portfolio: string,
  { integrations = {}, house = {}, assumptions = baseAssumptions }: SimulationInput,
): string {
  return canonicalHash([portfolio, markOf(assumptions).hash, integrations, house]);
}

type Compiled = { readonly program: Program; readonly versionNumber: number | null };

async function programOf(
  database: Database,
  { key, what }: Pick<SimulationRequest, "key" | "what">,
): Promise<Compiled> {
  const strategy = await strategyByKey(database.sql, key);
  if (strategy === null) throw new AppError("not-found", "strategy.not-found", { params: { id: key } });
  return what === "published" ? publishedProgram(database, strategy) : draftProgram(strategy);
}

async function publishedProgram(database: Database, strategy: StrategyRecord): Promise<Compiled> {
  const newest = strategy.versions[0];
  const version = newest === undefined ? null : await versionById(database.sql, newest.id);
  if (version === null) throw new AppError("refused", "simulation.not-published");
  return { program: version.program, versionNumber: version.number };
}

function draftProgram(strategy: StrategyRecord): Compiled {
  const draft = draftOrRefuse(strategy);
  const compiled = compileStrategy(draft, packOf(draft.settings.market));
  if (!compiled.ok) throw new AppError("invalid", "strategy.not-publishable", { issues: compiled.error });
  return { program: compiled.value, versionNumber: null };
}

type Parts = Pick<SimulationInput, "accounts" | "contactPoints" | "days" | "seed" | "locale"> & {
  readonly preset: Preset;
  readonly from: LocalDate;
};

function inputOf(program: Program, parts: Parts): SimulationInput {
  const { accounts, contactPoints, days, seed, locale, from, preset } = parts;
  const integrations = simulatedAnswers(readIntegrations());
  const world = {
    pack: packOf(program.settings.market),
    integrations,
    house: readHouse(),
    assumptions: presetOf(preset),
  };
  const input = { program, ...world, accounts, contactPoints, days, seed, locale, from };
  const issues = checkSimulation(input);
  if (accounts.length === 0) throw new AppError("refused", "simulation.no-accounts");
  if (issues.length > 0) throw new AppError("invalid", "simulation.refused", { issues });
  return input;
}
