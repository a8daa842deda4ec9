import { type Coverage, coverStrategy } from "#engine/cover/cover";
import { coverTexts } from "#engine/cover/texts";
import { locateIssues } from "#engine/graph/read";
import { writeStrategy } from "#engine/graph/write";
import type { Issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import type { Program } from "#engine/model/program";
import { STRATEGY_LIMITS, type StrategyDoc } from "#engine/model/strategy";
import { addDays } from "#engine/model/time";
import { synthesisePortfolio } from "#engine/portfolio/synthesise";
import { linkCompiled } from "#engine/run/compiled";
import { runScenario } from "#engine/run/scenario";
import { SIMULATION_LIMITS } from "#engine/simulate/input";
import { threadsFor } from "../../_server/simulation/threads";
import { type Command, type CommandInput, flagInteger, flagText, UsageError } from "../command";
import { readText, writeNewText } from "../files";
import { issueLines, issuesJson } from "../issue-lines";
import type { Speaker } from "../language";
import { runSimulation } from "../run-simulation";
import { type CheckedStrategy, compileStrategyFile } from "../strategy-file";

const DAYS_DEFAULT = 30;
const ACCOUNTS_DEFAULT = 500;
const ACCOUNTS_MAX = 100_000;
const SEED_MAX = 2 ** 31;
/** A fixed day, so that the same file always gives the same answer. */
const FIRST_DAY = "2026-03-02";
/** Ways on listed for people; the JSON answer has them all. */
const WAYS_MAX = 40;

type Compiled = CheckedStrategy & { readonly program: Program };

/**
 * `due test <strategy.json>`: runs the scenarios the strategy carries, says which ways on they take and why the others are not
 * taken, and holds both executors against each other. `--cover --out <file>` writes the strategy with scenarios for what is left.
 */
export const testStrategy: Command = {
  usage: "usage.test",
  options: {
    days: { type: "string" },
    accounts: { type: "string" },
    seed: { type: "string" },
    cover: { type: "boolean" },
    out: { type: "string" },
  },
  takes: 1,
  run: async (input) => {
    const [file = ""] = input.positionals;
    const { words } = input;
    const out = outFile(input);
    const asked = simulationAsked(input);
    const compiled = compileStrategyFile(file);
    const scenarios = runScenarios(file, compiled);
    const coverage = coverStrategy(compiled.doc, compiled.program, compiled.pack);
    const written = out === null ? null : writeCovered(out, compiled.doc, coverage);
    const executors = await compareExecutors(file, compiled, { ...asked, words });
    const shown = coverageShown(compiled.doc, coverage, { written, words });
    const ok = scenarios.failed === 0 && executors.agree;
    return {
      exit: ok ? 0 : 1,
      json: {
        file,
        ok,
        scenarios: { total: scenarios.total, failed: scenarios.failed },
        issues: issuesJson(scenarios.issues, words),
        coverage: shown.json,
        ...(written === null ? {} : { written: { file: out, scenarios: written } }),
        ...executors.json,
      },
      lines: [
        ...issueLines(file, scenarios.issues, words),
        words.say(scenarios.total === 0 ? "test.no-scenarios" : "test.scenarios", {
          total: scenarios.total,
          failed: scenarios.failed,
        }),
        ...shown.lines,
        ...(written === null ? [] : [words.say("test.written", { file: out ?? "", count: written })]),
        ...executors.lines,
      ],
    };
  },
};

/** Where `--cover` writes to. Null = not asked. */
function outFile(input: CommandInput): string | null {
  const out = flagText(input, "out");
  const cover = input.flags.cover === true;
  if (cover === (out !== undefined)) return out ?? null;
  const option = cover ? "--out" : "--cover";
  throw new UsageError("usage.option-missing", "usage.option-missing", { option });
}

type Asked = { readonly days: number; readonly accounts: number; readonly seed: number };

function simulationAsked(input: CommandInput): Asked {
  return {
    days: flagInteger(input, "days", { minimum: 1, maximum: SIMULATION_LIMITS.days, fallback: DAYS_DEFAULT }),
    accounts: flagInteger(input, "accounts", { minimum: 1, maximum: ACCOUNTS_MAX, fallback: ACCOUNTS_DEFAULT }),
    seed: flagInteger(input, "seed", { minimum: -SEED_MAX, maximum: SEED_MAX, fallback: 1 }),
  };
}

/** Every saved scenario, with what is wrong located in the file's lines. */
function runScenarios(file: string, { doc, program }: Compiled) {
  const executor = linkCompiled(program);
  const problems = doc.tests.map((scenario, index) =>
    runScenario(program, scenario, executor).problems.map((found): Issue => {
      const place = found.path === "" ? "" : `.${found.path}`;
      return { ...found, path: `tests[${index}]${place}`, params: { ...found.params, scenario: scenario.id } };
    }),
  );
  const issues = problems.flat();
  const text = issues.length === 0 ? "" : readText(file, STRATEGY_LIMITS.fileBytes);
  return {
    total: doc.tests.length,
    failed: problems.filter((found) => found.length > 0).length,
    issues: issues.length === 0 ? [] : locateIssues(text, issues),
  };
}

/** Writes the strategy with the scenarios that were found, as many as a strategy may carry; answers how many. */
function writeCovered(out: string, doc: StrategyDoc, { added }: Coverage): number {
  const room = Math.max(0, STRATEGY_LIMITS.tests - doc.tests.length);
  const kept = added.slice(0, room);
  writeNewText(out, writeStrategy({ ...doc, tests: [...doc.tests, ...kept] }));
  return kept.length;
}

type Showing = { readonly written: number | null; readonly words: Speaker };

/** Share of ways on that scenarios take: the saved ones, and those just written. */
function coverageShown(doc: StrategyDoc, { covered, uncovered, added }: Coverage, { written, words }: Showing) {
  const told = new Set([...doc.tests, ...added.slice(0, written ?? 0)].map(({ id }) => id));
  const tested = covered.filter(({ scenario }) => told.has(scenario));
  const untested = covered.filter(({ scenario }) => !told.has(scenario));
  const ways = covered.length + uncovered.length;
  const percent = ways === 0 ? 100 : Math.floor((tested.length * 1000) / ways) / 10;
  const left = [
    ...uncovered.map((way) => ({ ...way, message: coverTexts[words.locale].reasons[way.reason] })),
    ...untested.map(({ step, handle }) => ({
      step,
      handle,
      reason: "not-tested",
      message: words.say("test.not-tested"),
    })),
  ];
  const json: { readonly [name: string]: JsonValue } = {
    ways,
    covered: tested.length,
    percent,
    coverable: covered.length,
    uncovered: left,
  };
  const lines = left
    .slice(0, WAYS_MAX)
    .map(({ step, handle, message }) => words.say("test.uncovered", { step, handle, message }));
  const more = left.length - lines.length;
  return {
    json,
    lines: [
      words.say("test.coverage", { covered: tested.length, ways, percent, coverable: covered.length }),
      ...lines,
      ...(more > 0 ? [words.say("issue.more", { count: more })] : []),
    ],
  };
}

async function compareExecutors(file: string, { program, pack }: Compiled, asked: Asked & { readonly words: Speaker }) {
  const { days, accounts, seed, words } = asked;
  const people = synthesisePortfolio({ seed, accounts, dataDate: FIRST_DAY });
  const run = async (executor: "compiled" | "reference") => {
    const from = FIRST_DAY;
    const simulation = { program, pack, ...people, from, days, seed, locale: words.locale };
    return (await runSimulation(file, simulation, { executor, threads: threadsFor(people.accounts.length, executor) }))
      .result;
  };
  const [compiled, reference] = [await run("compiled"), await run("reference")];
  const agree = compiled.traceHash === reference.traceHash;
  const count = people.accounts.length;
  const verdict = agree
    ? words.say("test.agree", { accounts: count, days, traceHash: compiled.traceHash })
    : words.say("test.disagree", { compiled: compiled.traceHash, reference: reference.traceHash });
  return {
    agree,
    lines: [verdict],
    json: {
      accounts: count,
      enrolled: compiled.enrolled,
      from: FIRST_DAY,
      to: addDays(FIRST_DAY, days),
      steps: compiled.steps,
      traceHash: { compiled: compiled.traceHash, reference: reference.traceHash },
    },
  };
}
