import { compileStrategy } from "#engine/compile/compile";
import { readStrategyText } from "#engine/graph/read";
import { InvariantError } from "#engine/model/invariant";
import type { Program } from "#engine/model/program";
import { marketPack, shippedStrategies } from "#engine/packs/index";
import { synthesisePortfolio } from "#engine/portfolio/synthesise";
import type { SimulationInput } from "#engine/simulate/input";
import { simulate, simulateOnReference } from "#engine/simulate/simulate";

const ACCOUNTS = 10_000;
const DAYS = 90;
const FROM = "2026-03-01";
const SEED = 7;
const STRATEGY = "m1-m3-overall";
/** Rounds in one process: the first is what a command line waits for, the best what a long-lived worker does. */
const ROUNDS = 5;

export type SimulateBench = {
  readonly strategy: string;
  readonly accounts: number;
  readonly days: number;
  readonly steps: number;
  readonly threads: 1;
  /** Best round of the compiled executor, everything of a simulation included but reading the accounts. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly firstSeconds: number;
  readonly referenceSeconds: number;
  readonly referenceStepsPerSecond: number;
  readonly traceHash: string;
};

function shippedProgram(key: string): Program {
  const text = shippedStrategies("cn").find((strategy) => strategy.key === key)?.text;
  if (text === undefined) throw new InvariantError("bench.strategy-missing", { key });
  const read = readStrategyText(text);
  const compiled = read.ok ? compileStrategy(read.value, marketPack("cn")) : read;
  if (!compiled.ok) throw new InvariantError("bench.strategy-broken", { key });
  return compiled.value;
}

/** A simulation of the synthetic portfolio on one thread, with either executor. Throws when their traces differ. */
export async function benchSimulate(): Promise<SimulateBench> {
  const { accounts, contactPoints } = synthesisePortfolio({ seed: SEED, accounts: ACCOUNTS, dataDate: FROM });
  const input: SimulationInput = {
    program: shippedProgram(STRATEGY),
    pack: marketPack("cn"),
    accounts,
    contactPoints,
    from: FROM,
    days: DAYS,
    seed: SEED,
    locale: "zh-CN",
  };
  const rounds = Array.from({ length: ROUNDS }, () => timed(input));
  const seconds = Math.min(...rounds.map((round) => round.seconds));
  const [first] = rounds;
  const sinceMs = performance.now();
  const reference = await simulateOnReference(input);
  const referenceSeconds = secondsSince(sinceMs);
  if (first === undefined || rounds.some(({ result }) => result.traceHash !== reference.traceHash)) {
    throw new InvariantError("bench.results-differ", { reference: reference.traceHash });
  }
  const { steps, traceHash } = reference;
  return {
    strategy: STRATEGY,
    accounts: accounts.length,
    days: DAYS,
    steps,
    threads: 1,
    seconds: rounded(seconds),
    stepsPerSecond: Math.round(steps / seconds),
    firstSeconds: rounded(first.seconds),
    referenceSeconds: rounded(referenceSeconds),
    referenceStepsPerSecond: Math.round(steps / referenceSeconds),
    traceHash,
  };
}

function timed(input: SimulationInput) {
  const sinceMs = performance.now();
  const result = simulate(input);
  return { result, seconds: secondsSince(sinceMs) };
}

function secondsSince(sinceMs: number): number {
  return (performance.now() - sinceMs) / 1000;
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(3));
}
