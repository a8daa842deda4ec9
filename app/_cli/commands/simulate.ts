import { InvariantError } from "#engine/model/invariant";
import { issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import { exitReasonTexts } from "#engine/run/texts";
import { SIMULATION_LIMITS, type SimulationInput } from "#engine/simulate/input";
import type { SimulationResult } from "#engine/simulate/result";
import { readIntegrations, simulatedAnswers } from "../../_server/integrations";
import { THREADS_MAX, threadsFor } from "../../_server/simulation/threads";
import { flagContacts, flagDate, type ReadAccountFile, readAccountFile, readMapping } from "../account-file";
import { readAssumptionSet } from "../assumption-file";
import {
  type Command,
  type CommandInput,
  flagChoice,
  flagInteger,
  flagText,
  ProblemsError,
  UsageError,
} from "../command";
import type { Speaker } from "../language";
import { moneyText } from "../money-text";
import { runSimulation, type TimedSimulation } from "../run-simulation";
import { type Study, studyJson, studyLines } from "../simulation-study";
import { compileStrategyFile } from "../strategy-file";

const SEED_MAX = 2 ** 31;
/** Intervals hardly narrow any more after that. */
const SEEDS_MAX = 100;
const DECIMALS = 1000;

type Setting = {
  readonly accountsFile: string;
  readonly from: string;
  readonly days: number;
  readonly seed: number;
  readonly executor: "compiled" | "reference";
  /** Null = as many as the work is worth. */
  readonly threads: number | null;
  /** Runs with other luck: seed, seed + 1 and so on. */
  readonly seeds: number;
  readonly against: string | undefined;
};

function readSetting(input: CommandInput): Setting {
  const accountsFile = flagText(input, "accounts");
  if (accountsFile === undefined)
    throw new UsageError("usage.option-missing", "usage.option-missing", { option: "--accounts" });
  const from = flagDate(input, "from");
  if (from === null) throw new UsageError("usage.option-missing", "usage.option-missing", { option: "--from" });
  return {
    accountsFile,
    from,
    days: flagInteger(input, "days", { minimum: 1, maximum: SIMULATION_LIMITS.days, fallback: null }),
    seed: flagInteger(input, "seed", { minimum: -SEED_MAX, maximum: SEED_MAX, fallback: null }),
    executor: flagChoice(input, "executor", { choices: ["compiled", "reference"], fallback: "compiled" }),
    threads:
      flagText(input, "threads") === undefined
        ? null
        : flagInteger(input, "threads", { minimum: 1, maximum: THREADS_MAX, fallback: null }),
    seeds: flagInteger(input, "seeds", { minimum: 1, maximum: SEEDS_MAX, fallback: 1 }),
    against: flagText(input, "against"),
  };
}

/** `due simulate`: a strategy over a file of accounts on a virtual clock; no database. */
export const simulateCommand: Command = {
  usage: "usage.simulate",
  options: {
    accounts: { type: "string" },
    mapping: { type: "string" },
    from: { type: "string" },
    days: { type: "string" },
    seed: { type: "string" },
    executor: { type: "string" },
    threads: { type: "string" },
    contacts: { type: "string" },
    assumptions: { type: "string" },
    preset: { type: "string" },
    seeds: { type: "string" },
    against: { type: "string" },
  },
  takes: 1,
  run: async (input) => {
    const { words, progress } = input;
    const [file = ""] = input.positionals;
    const setting = readSetting(input);
    const contacts = flagContacts(input);
    const mapping = readMapping(flagText(input, "mapping"));
    const assumptions = readAssumptionSet(input);
    const { program, pack } = compileStrategyFile(file);
    const other = setting.against === undefined ? null : compileStrategyFile(setting.against);
    const { accountsFile, from, days, executor } = setting;
    const read = readAccountFile({ file: accountsFile, mapping, dataDate: from, contacts }, pack);
    if (read.accounts.length === 0) throw new ProblemsError(accountsFile, [...read.rejected, issue("cli.no-accounts")]);
    const threads = setting.threads ?? threadsFor(read.accounts.length, executor);
    progress(words.say("simulate.running", { accounts: read.accounts.length, days, threads }));
    const { accounts, contactPoints } = read;
    const integrations = simulatedAnswers(readIntegrations());
    const world = { accounts, contactPoints, from, days, locale: words.locale, integrations, assumptions };
    const runs = async (compiled: Pick<SimulationInput, "program" | "pack">): Promise<readonly TimedSimulation[]> => {
      const timed: TimedSimulation[] = [];
      for (let index = 0; index < setting.seeds; index += 1) {
        const given = { ...world, ...compiled, seed: setting.seed + index };
        timed.push(await runSimulation(accountsFile, given, { executor, threads }));
      }
      return timed;
    };
    const own = await runs({ program, pack });
    const [timed] = own;
    if (timed === undefined) throw new InvariantError("cli.no-run");
    const study: Study = {
      own: own.map(({ result }) => result),
      against: other === null ? [] : (await runs(other)).map(({ result }) => result),
    };
    const telling = { read, setting, words, contactsAsked: contacts };
    return {
      exit: 0,
      json: { ...resultJson(timed, read, setting), ...studyJson(study) },
      lines: [...resultLines(timed, telling), ...studyLines(study, words)],
    };
  },
};

function speedOf({ result, seconds }: TimedSimulation): { readonly seconds: number; readonly stepsPerSecond: number } {
  return {
    seconds: Math.round(seconds * DECIMALS) / DECIMALS,
    stepsPerSecond: Math.round(result.steps / Math.max(seconds, 1 / DECIMALS)),
  };
}

function resultJson(
  timed: TimedSimulation,
  read: ReadAccountFile,
  setting: Setting,
): { readonly [key: string]: JsonValue } {
  const { result } = timed;
  return {
    simulated: true,
    accounts: result.accounts,
    parties: result.parties,
    enrolled: result.enrolled,
    notEligible: result.notEligible,
    unknownEligibility: result.unknownEligibility,
    rejected: read.rejectedRows,
    steps: result.steps,
    ...speedOf(timed),
    recovered: result.recovered,
    cost: result.cost,
    contacts: result.contacts,
    blockedBy: result.blockedBy,
    nodes: result.nodes,
    exits: countsOf(result.exits),
    waiting: result.waiting,
    held: result.held,
    faulted: result.faulted,
    cutShort: result.cutShort,
    contactPoints: read.contactsUsed,
    from: setting.from,
    days: setting.days,
    seed: setting.seed,
    executor: setting.executor,
    assumptions: { ...result.assumptions },
    moves: result.moves,
    groups: result.groups,
    perDay: result.perDay,
    programHash: result.programHash,
    traceHash: result.traceHash,
  };
}

function countsOf(exits: SimulationResult["exits"]): { readonly [reason: string]: number } {
  return Object.fromEntries(Object.entries(exits).filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function listed(counts: { readonly [name: string]: number | undefined }): string {
  const said = Object.entries(counts).filter(([, count]) => count !== undefined && count > 0);
  return said.length === 0 ? "–" : said.map(([name, count]) => `${name} ${count}`).join(" · ");
}

function inWords(
  counts: { readonly [name: string]: number | undefined },
  names: { readonly [name: string]: string },
): { readonly [name: string]: number | undefined } {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [names[name] ?? name, count]));
}

type Telling = {
  readonly read: ReadAccountFile;
  readonly setting: Setting;
  readonly words: Speaker;
  readonly contactsAsked: "none" | "simulated" | null;
};

function resultLines(timed: TimedSimulation, { read, setting, words, contactsAsked }: Telling): readonly string[] {
  const { result } = timed;
  const { from, days, seed, executor } = setting;
  const { accounts, enrolled, notEligible, unknownEligibility, recovered, cost } = result;
  const money = { recovered: moneyText(recovered, words.locale), cost: moneyText(cost, words.locale) };
  const used = Object.entries(result.contacts).filter(([, { requested }]) => requested > 0);
  const channels = used.map(([channel, { outcomes: _outcomes, ...counts }]) =>
    words.say("simulate.channel", { channel, counts: listed(counts) }),
  );
  return [
    words.say("simulate.title", { from, days, seed, executor }),
    words.say("simulate.assumptions", {
      set: `${result.assumptions.key} ${result.assumptions.version}`,
      label: words.say(`simulate.label.${result.assumptions.label}`),
    }),
    ...(contactsAsked === null && read.contactsUsed === "simulated" ? [words.say("simulate.contacts-default")] : []),
    words.say("simulate.accounts", {
      accounts,
      enrolled,
      notEligible,
      unknownEligibility,
      rejected: read.rejectedRows,
    }),
    words.say("simulate.money", money),
    ...channels,
    words.say("simulate.exits", { exits: listed(inWords(result.exits, exitReasonTexts[words.locale])) }),
    words.say("simulate.blocked", { rules: listed(result.blockedBy) }),
    words.say("simulate.held", { held: result.held }),
    words.say("simulate.speed", { steps: result.steps, ...speedOf(timed) }),
    words.say("simulate.trace", { traceHash: result.traceHash }),
  ];
}
