import { parseArgs } from "node:util";
import { type ChaosOptions, tableOf } from "./report";
import { runChaos } from "./run";
import { runScenario, type ScenarioName } from "./scenarios";

/**
 * Process entry of `npm run -s chaos -- [--minutes N] [--people N] [--seed N] [--kills N] [--terminations N] [--long] [--json]`,
 * or `--scenario same-second|backlog [--people N]`. Prints the report as a table, or with `--json` as one line of JSON and the table beside it on standard error; ends with 1 when a
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
      ...{ scenario: string, long: boolean, json: boolean },
    },
  });
  const { scenario = null, long = false, json = false } = values;
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
  return { options, scenario, json };
}

const { options, scenario, json } = readOptions();
const { people, seed } = options;
const report = scenario === null ? await runChaos(options) : await runScenario(scenario, { people, seed });
if (json) {
  process.stderr.write(tableOf(report));
  process.stdout.write(`${JSON.stringify(report)}\n`);
} else process.stdout.write(tableOf(report));
process.exitCode = report.holds ? 0 : 1;
