import { channelOf } from "../../channels";
import { CHANNELS } from "../../model/content";
import { BUCKETS } from "../../model/party";
import type { SimulationResult } from "../result";
import { type Interval, intervalOver } from "./interval";

/**
 * What a run is judged by, in the order of their weight. Money in minor units (`net` = recovered less cost, absent where the currencies differ); rates in [0, 1]
 * of the accounts that came in; contacts per person of the portfolio; seconds and minor units per day on average.
 */
export const FIGURES = [
  "net",
  "recovered",
  "cost",
  "cureRate",
  "rollRate",
  "contactsPerPerson",
  "complaints",
  "optOuts",
  "blocked",
  "putOff",
  "notDone",
  "agentHoursPerDay",
  "robotHoursPerDay",
  "smsSpendPerDay",
] as const;
export type FigureName = (typeof FIGURES)[number];
export type Figures = { readonly [figure in FigureName]: number };

const HOUR_SECONDS = 3600;

/** The figures of one run. */
export function figuresOf(result: SimulationResult): Figures {
  const { enrolled, parties, recovered, cost, perDay, days } = result;
  const share = (count: number): number => (enrolled === 0 ? 0 : count / enrolled);
  const pools = perDay.map((day) => day.pools);
  const sum = (of: (pool: (typeof pools)[number]) => number): number =>
    pools.reduce((total, pool) => total + of(pool), 0);
  const all = (member: "putOff" | "notDone"): number =>
    sum(({ agent, robot, sms }) => agent[member] + robot[member] + sms[member]);
  return {
    recovered: recovered.minor,
    cost: cost.minor,
    net: recovered.minor - cost.minor,
    cureRate: share(movesTo(result, (_, to) => to === "paid")),
    rollRate: share(movesTo(result, isWorse)),
    contactsPerPerson:
      parties === 0 ? 0 : CHANNELS.reduce((total, own) => total + result.contacts[own].sent, 0) / parties,
    complaints: answersThatHold(result, "complaint"),
    optOuts: answersThatHold(result, "cease-request"),
    blocked: Object.values(result.blockedBy).reduce((total, count) => total + count, 0),
    putOff: all("putOff"),
    notDone: all("notDone"),
    agentHoursPerDay: sum(({ agent }) => agent.units) / HOUR_SECONDS / days,
    robotHoursPerDay: sum(({ robot }) => robot.units) / HOUR_SECONDS / days,
    smsSpendPerDay: sum(({ sms }) => sms.units) / days,
  };
}

/** Every figure over several seeds of the same run, with its interval. */
export function figuresOver(results: readonly SimulationResult[]): { readonly [figure in FigureName]: Interval } {
  const all = results.map(figuresOf);
  return perFigure((name) => intervalOver(all.map((figures) => figures[name])));
}

/** Something for every figure. */
export function perFigure<T>(make: (name: FigureName) => T): { readonly [figure in FigureName]: T } {
  return {
    recovered: make("recovered"),
    cost: make("cost"),
    net: make("net"),
    cureRate: make("cureRate"),
    rollRate: make("rollRate"),
    contactsPerPerson: make("contactsPerPerson"),
    complaints: make("complaints"),
    optOuts: make("optOuts"),
    blocked: make("blocked"),
    putOff: make("putOff"),
    notDone: make("notDone"),
    agentHoursPerDay: make("agentHoursPerDay"),
    robotHoursPerDay: make("robotHoursPerDay"),
    smsSpendPerDay: make("smsSpendPerDay"),
  };
}

/** Without money in one currency there is no net. */
export function hasNet({ recovered, cost }: SimulationResult): boolean {
  return recovered.currency === cost.currency;
}

function movesTo({ moves }: SimulationResult, counts: (from: string, to: string) => boolean): number {
  return Object.entries(moves).reduce((total, [move, count]) => {
    const [from = "", to = ""] = move.split(">");
    return counts(from, to) ? total + count : total;
  }, 0);
}

const STAGES: readonly string[] = BUCKETS;

function isWorse(from: string, to: string): boolean {
  return STAGES.indexOf(to) > STAGES.indexOf(from);
}

/** Answers whose meaning brings a hold of a kind. */
function answersThatHold({ contacts }: SimulationResult, hold: "complaint" | "cease-request"): number {
  let found = 0;
  for (const channel of CHANNELS) {
    const { outcomes } = channelOf(channel);
    for (const [code, count] of Object.entries(contacts[channel].outcomes)) {
      if (Object.hasOwn(outcomes, code) && outcomes[code]?.hold === hold) found += count;
    }
  }
  return found;
}
