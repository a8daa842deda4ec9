import type { SimulatedAnswers } from "../desk/answer-decision";
import { type Issue, issue } from "../model/issue";
import type { Locale } from "../model/locale";
import type { MarketPack } from "../model/market-pack";
import type { Account, ContactPoint } from "../model/party";
import type { HouseStanding, KnownAgency } from "../model/policy";
import type { Program } from "../model/program";
import { addDays, type EpochMs, instantAt, isLocalDate, type LocalDate } from "../model/time";
import type { AssumptionSet } from "./assumptions/set";

/** Bounds of one simulation. */
export const SIMULATION_LIMITS = {
  days: 1500,
  accounts: 1_000_000,
  /** Events of one party per account it has; over it the party is cut short, and the result says so. */
  eventsPerAccount: 20_000,
} as const;

/** Accounts come in when the working day begins: the nightly file is loaded, and nothing is asked for in the middle of the night. */
export const ENTRY_MINUTE_OF_DAY = 9 * 60;

export type SimulationInput = {
  readonly program: Program;
  readonly pack: MarketPack;
  readonly accounts: readonly Account[];
  readonly contactPoints: readonly ContactPoint[];
  /** First day, in the strategy's zone. */
  readonly from: LocalDate;
  /** 1..1500. */
  readonly days: number;
  /** Any 32-bit integer; the same seed gives the same bytes. */
  readonly seed: number;
  /** Language of the texts that are rendered and checked. */
  readonly locale: Locale;
  /** What integrations answer about people who are simulated, by name. One that is not listed fails. */
  readonly integrations?: { readonly [name: string]: SimulatedAnswers };
  /** What the house says of itself to the rules, and the agencies debts may be placed with; absent = nothing is known. */
  readonly house?: HouseStanding | undefined;
  readonly agencies?: readonly KnownAgency[] | undefined;
  /** How people, networks, desks and agencies behave, and what can be done in a day; absent = the shipped base. */
  readonly assumptions?: AssumptionSet | undefined;
};

/**
 * Why a simulation cannot be run: `simulation.from`, `simulation.days`, `simulation.seed`, `simulation.too-many-accounts`,
 * `simulation.mixed-currencies` (sums of money in several currencies mean nothing), `simulation.rule-pack-missing`.
 */
export function checkSimulation(input: SimulationInput): readonly Issue[] {
  const problems: Issue[] = [];
  const { days, seed, from, accounts, program, pack } = input;
  if (!isLocalDate(from)) problems.push(issue("simulation.from", { path: "from" }, { value: from.slice(0, 20) }));
  if (!Number.isInteger(days) || days < 1 || days > SIMULATION_LIMITS.days) {
    problems.push(issue("simulation.days", { path: "days" }, { value: days, maximum: SIMULATION_LIMITS.days }));
  }
  if (!Number.isInteger(seed) || Math.abs(seed) > 2 ** 31) {
    problems.push(issue("simulation.seed", { path: "seed" }, { value: seed }));
  }
  if (accounts.length > SIMULATION_LIMITS.accounts) {
    const params = { value: accounts.length, maximum: SIMULATION_LIMITS.accounts };
    problems.push(issue("simulation.too-many-accounts", { path: "accounts" }, params));
  }
  const currencies = [...new Set(accounts.map(({ currency }) => currency))].sort();
  if (currencies.length > 1) {
    const params = { currencies: currencies.join(", ") };
    problems.push(issue("simulation.mixed-currencies", { path: "accounts" }, params));
  }
  const { rulePack } = program.settings;
  if (!Object.hasOwn(pack.rulePacks, rulePack)) {
    problems.push(issue("simulation.rule-pack-missing", { path: "settings.rulePack" }, { rulePack }));
  }
  return problems;
}

/** The stretch of time a simulation covers; its end is not part of it. */
export function spanOf({ program, from, days }: SimulationInput): {
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
} {
  const { timeZone } = program.settings;
  return {
    startMs: instantAt(timeZone, from, ENTRY_MINUTE_OF_DAY),
    endMs: instantAt(timeZone, addDays(from, days), ENTRY_MINUTE_OF_DAY),
  };
}
