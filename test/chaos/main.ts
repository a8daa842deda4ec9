import { parseArgs } from "node:util";
import { isMutation, MUTATIONS, type MutationName } from "./mutations";
import { type ChaosOptions, tableOf } from "./report";
import { runChaos } from "./run";
import { runScenario, type ScenarioName } from "./scenarios";

/**
 * Process entry of `npm run -s chaos -- [--minutes N] [--people N] [--seed N] [--kills N] [--terminations N] [--long] [--json]`,
 * `--scenario same-second|backlog [--people N]`, or `--mutation <name>|all`. Prints the report as a table, or with `--json` as one line of JSON and the table beside it on standard error; ends with 1 when a
 * check found a breach.
 */

/** What a short run must have met, and a long one. */
const SHORT = { minutes: 2, people: 300, kills: 300, terminations: 500 } as const;
const LONG = { minutes: 35, people: 2000, kills: 10_000, terminations: 5000 } as const;

const SCENARIOS = { "same-second": 100_000, backlog: 24_000 } as const satisfies {
  readonly [name in ScenarioName]: number;
};

function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

function readOptions() {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  const { values } = parseArgs({
    options: {
      ...{ minutes: string, people: string, seed: string, kills: string, terminations: string },
      ...{ scenario: string, mutation: string, long: boolean, json: boolean },
    },
  });
  const { scenario = null, mutation = null, long = false, json = false } = values;
  if (scenario !== null && !isScenario(scenario)) throw new RangeError(`no scenario ${scenario}`);
  const preset = long ? LONG : SHORT;
  const people = scenario === null ? preset.people : SCENARIOS[scenario];
  const options: ChaosOptions = {
    minutes: Number(values.minutes ?? preset.minutes),
    people: Number(values.people ?? people),
    seed: Number(values.seed ?? 1),
    kills: Number(values.kills ?? preset.kills),
    terminations: Number(values.terminations ?? preset.terminations),
  };
  if (!(options.minutes > 0 && options.people > 0 && Number.isInteger(options.seed)))
    throw new RangeError("out of range");
  return { options, scenario, mutation, json };
}

/** Breaks the engine and runs it: whether a check that must find it has found it, and which have. */
async function mutated(name: MutationName, options: ChaosOptions) {
  const { says, caughtBy } = MUTATIONS[name];
  const { breaches } = await runChaos(options, MUTATIONS[name]);
  const found = Object.entries(breaches).flatMap(([check, seen]) =>
    seen.length > 0 ? [check.split(" ")[0] ?? ""] : [],
  );
  const isCaught = caughtBy.some((check) => found.includes(check));
  process.stderr.write(tableOf({ mutation: name, says, found, breaches }));
  return { mutation: name, isCaught, found };
}

async function main(): Promise<boolean> {
  const { options, scenario, mutation, json } = readOptions();
  if (mutation !== null) {
    const names = Object.keys(MUTATIONS).filter(isMutation);
    const wanted = mutation === "all" ? names : names.filter((name) => name === mutation);
    if (wanted.length === 0) throw new RangeError(`no mutation ${mutation}`);
    let areCaught = true;
    for (const name of wanted) {
      const result = await mutated(name, { ...options, kills: 0, terminations: 0 });
      process.stdout.write(`${JSON.stringify(result)}\n`);
      areCaught &&= result.isCaught;
    }
    return areCaught;
  }
  const { people, seed } = options;
  const report = scenario === null ? await runChaos(options) : await runScenario(scenario, { people, seed });
  (json ? process.stderr : process.stdout).write(tableOf(report));
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.holds;
}

process.exitCode = (await main()) ? 0 : 1;
