import { availableParallelism } from "node:os";
import { addDays } from "#engine/model/time";
import { synthesisePortfolio } from "#engine/portfolio/synthesise";
import { SIMULATION_LIMITS } from "#engine/simulate/input";
import { type Command, flagInteger } from "../command";
import { runSimulation } from "../run-simulation";
import { compileStrategyFile } from "../strategy-file";

const DAYS_DEFAULT = 30;
const ACCOUNTS_DEFAULT = 500;
const ACCOUNTS_MAX = 100_000;
const SEED_MAX = 2 ** 31;
/** A fixed day, so that the same file always gives the same answer. */
const FIRST_DAY = "2026-03-02";

/** `due test <strategy.json>`: validate, compile, and both executors over the synthetic portfolio must decide alike. */
export const testStrategy: Command = {
  usage: "usage.test",
  options: { days: { type: "string" }, accounts: { type: "string" }, seed: { type: "string" } },
  takes: 1,
  run: async (input) => {
    const [file = ""] = input.positionals;
    const { words } = input;
    const days = flagInteger(input, "days", { minimum: 1, maximum: SIMULATION_LIMITS.days, fallback: DAYS_DEFAULT });
    const accounts = flagInteger(input, "accounts", { minimum: 1, maximum: ACCOUNTS_MAX, fallback: ACCOUNTS_DEFAULT });
    const seed = flagInteger(input, "seed", { minimum: -SEED_MAX, maximum: SEED_MAX, fallback: 1 });
    const { program, pack } = compileStrategyFile(file);
    const people = synthesisePortfolio({ seed, accounts, dataDate: FIRST_DAY });
    const run = async (executor: "compiled" | "reference") => {
      const from = FIRST_DAY;
      const simulation = { program, pack, ...people, from, days, seed, locale: words.locale };
      return (await runSimulation(file, simulation, { executor, threads: availableParallelism() })).result;
    };
    const [compiled, reference] = [await run("compiled"), await run("reference")];
    const agree = compiled.traceHash === reference.traceHash;
    const verdict = agree
      ? words.say("test.agree", { traceHash: compiled.traceHash })
      : words.say("test.disagree", { compiled: compiled.traceHash, reference: reference.traceHash });
    return {
      exit: agree ? 0 : 1,
      json: {
        file,
        ok: agree,
        scenarios: 0,
        note: words.say("test.no-scenarios", { accounts: people.accounts.length, days }),
        accounts: people.accounts.length,
        enrolled: compiled.enrolled,
        from: FIRST_DAY,
        to: addDays(FIRST_DAY, days),
        steps: compiled.steps,
        traceHash: { compiled: compiled.traceHash, reference: reference.traceHash },
      },
      lines: [words.say("test.no-scenarios", { accounts: people.accounts.length, days }), verdict],
    };
  },
};
