import type { Database } from "#db";
import { saveSimulation, simulationFor } from "#db/queries/simulation";
import { type StrategyRecord, strategyByKey, versionById } from "#db/queries/strategy";
import { type Actor, compileStrategy, type Program } from "#engine";
import { canonicalHash } from "#engine/model/json";
import type { Locale } from "#engine/model/locale";
import type { Currency } from "#engine/model/money";
import type { LocalDate } from "#engine/model/time";
import { baseAssumptions, type Preset, presetOf } from "#engine/simulate/assumptions/presets";
import { markOf } from "#engine/simulate/assumptions/set";
import { checkSimulation, type SimulationInput } from "#engine/simulate/input";
import type { SimulationResult } from "#engine/simulate/result";
import { engineToday } from "../clock";
import { packOf } from "../compose-packs";
import { AppError } from "../errors";
import { readHouse } from "../house";
import { readIntegrations, simulatedAnswers } from "../integrations";
import { createJobs, type JobContext, keptJobs } from "../jobs";
import { draftOrRefuse } from "../stored-documents";
import { loadPortfolio } from "./load-portfolio";
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
};

export type SimulationProgress =
  | { readonly phase: "loading" }
  | { readonly phase: "simulating"; readonly doneAccounts: number; readonly allAccounts: number };

export type Simulated = {
  readonly result: SimulationResult;
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
 * Simulates a strategy over one portfolio from today, in threads, and keeps the result. Returns the job's id. Refuses with
 * `strategy.not-publishable` when a draft does not compile; the job fails with `simulation.refused` on bad numbers.
 */
export async function startSimulation(database: Database, actor: Actor, request: SimulationRequest): Promise<string> {
  const { program, versionNumber } = await programOf(database, request);
  const { days, seed, portfolio } = request;
  const asked = JSON.stringify([program.hash, portfolio.synthetic, portfolio.currency, days, seed, request.preset]);
  const work = async ({ signal, report }: JobContext<SimulationProgress>): Promise<Simulated> => {
    const from = await engineToday(database);
    const loaded = await loadPortfolio(database, request.portfolio);
    const input = inputOf(program, { ...request, ...loaded, from });
    const question = {
      programHash: program.hash,
      portfolioFingerprint: fingerprintWith(loaded.fingerprint, input),
      fromDate: from,
      days,
      seed,
    };
    const known = await simulationFor(database.sql, question);
    if (known !== null) return { result: storedResult(known.result), stored: true, versionNumber };
    report({ phase: "simulating", doneAccounts: 0, allAccounts: input.accounts.length });
    const result = await simulateInThreads({
      input,
      executor: "compiled",
      threads: null,
      signal,
      onProgress: (doneAccounts, allAccounts) => report({ phase: "simulating", doneAccounts, allAccounts }),
    });
    await saveSimulation(database, {
      ...question,
      ...portfolio,
      result: JSON.parse(JSON.stringify(result)),
      actorId: actor.id,
    });
    return { result, stored: false, versionNumber };
  };
  return simulationJobs().start({ phase: "loading" }, work, asked);
}

/** Other assumptions, and other answers of other systems, are another world; a stored result is good for one. */
function fingerprintWith(
  portfolio: string,
  { integrations = {}, house = {}, assumptions = baseAssumptions }: SimulationInput,
): string {
  return canonicalHash([portfolio, markOf(assumptions).hash, integrations, house]);
}

type Compiled = { readonly program: Program; readonly versionNumber: number | null };

async function programOf(database: Database, { key, what }: SimulationRequest): Promise<Compiled> {
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
