import { compileStrategy } from "#engine/compile/compile";
import { lintStrategy } from "#engine/graph/lint";
import { readStrategyText } from "#engine/graph/read";
import { writeStrategy } from "#engine/graph/write";
import { InvariantError } from "#engine/model/invariant";
import { hasErrors } from "#engine/model/issue";
import type { Program } from "#engine/model/program";
import { linkCompiled } from "#engine/run/compiled";
import { linkGenerated } from "#engine/run/generated/executor";
import { SMALL_MARKET } from "#engine/run/testing/small-market";
import { collectGarbage } from "./garbage";
import { longStrategy } from "./long-strategy";

/** Steps of the strategies: a small one, a big one, and as many as a document may have. */
const STEPS = [50, 500, 5000] as const;
/** Rounds of which the best counts; the long ones are few, because one round of them says enough. */
const ROUNDS: { readonly [steps: number]: number } = { 50: 20, 500: 6, 5000: 5 };

/** Milliseconds of each stage. `compile` lints once itself, as publishing does. */
type Stages = {
  readonly readMs: number;
  readonly lintMs: number;
  readonly compileMs: number;
  readonly linkMs: number;
  readonly generateMs: number;
};

export type CompileBench = {
  readonly strategies: readonly (Stages & {
    readonly steps: number;
    readonly programBytes: number;
    /** Microseconds a step, all stages together. */
    readonly usPerStep: number;
  })[];
  /** Time per step of the longest over that of the middle one; 1 is linear. */
  readonly growth: { readonly [stage in keyof Stages]: number };
};

/** Garbage of the stage before is collected first: it would be counted to this one. */
function timed<TResult>(work: () => TResult): { readonly ms: number; readonly result: TResult } {
  collectGarbage();
  const sinceMs = performance.now();
  const result = work();
  return { ms: performance.now() - sinceMs, result };
}

/** Reads, lints, compiles, links and generates one strategy. Throws InvariantError when it does not compile. */
function measured(text: string): Stages & { readonly program: Program } {
  const read = timed(() => readStrategyText(text));
  if (!read.result.ok) throw new InvariantError("bench.strategy-broken", { issues: read.result.error.slice(0, 3) });
  const doc = read.result.value;
  const lint = timed(() => lintStrategy(doc, SMALL_MARKET));
  if (hasErrors(lint.result)) throw new InvariantError("bench.strategy-broken", { issues: lint.result.slice(0, 3) });
  const compiled = timed(() => compileStrategy(doc, SMALL_MARKET));
  if (!compiled.result.ok)
    throw new InvariantError("bench.strategy-broken", { issues: compiled.result.error.slice(0, 3) });
  const program = compiled.result.value;
  const link = timed(() => linkCompiled(program));
  const generate = timed(() => linkGenerated(program));
  return {
    readMs: read.ms,
    lintMs: lint.ms,
    compileMs: compiled.ms,
    linkMs: link.ms,
    generateMs: generate.ms,
    program,
  };
}

const STAGES = ["readMs", "lintMs", "compileMs", "linkMs", "generateMs"] as const;

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

/** What publishing costs, for strategies up to the longest a document may hold. */
export async function benchCompile(): Promise<CompileBench> {
  const strategies = STEPS.map((steps) => {
    const text = writeStrategy(longStrategy(steps));
    const rounds = Array.from({ length: ROUNDS[steps] ?? 1 }, () => measured(text));
    const best = (stage: keyof Stages): number => Math.min(...rounds.map((round) => round[stage]));
    const stages: Stages = {
      readMs: rounded(best("readMs")),
      lintMs: rounded(best("lintMs")),
      compileMs: rounded(best("compileMs")),
      linkMs: rounded(best("linkMs")),
      generateMs: rounded(best("generateMs")),
    };
    const allMs = STAGES.reduce((sum, stage) => sum + stages[stage], 0);
    const programBytes = JSON.stringify(rounds[0]?.program).length;
    return { steps, ...stages, programBytes, usPerStep: rounded((allMs * 1000) / steps) };
  });
  const [, middle, longest] = strategies;
  if (middle === undefined || longest === undefined) throw new InvariantError("bench.strategies");
  const growth = (stage: keyof Stages): number =>
    rounded(longest[stage] / longest.steps / (middle[stage] / middle.steps));
  return {
    strategies,
    growth: {
      readMs: growth("readMs"),
      lintMs: growth("lintMs"),
      compileMs: growth("compileMs"),
      linkMs: growth("linkMs"),
      generateMs: growth("generateMs"),
    },
  };
}
