import type { Channel } from "../../model/content";
import { HOUR_MS, SECOND_MS } from "../../model/time";
import type { AssumptionSet } from "../assumptions/set";
import type { SimulationResult } from "../result";

/** What is scarce: people who talk, lines a robot talks over, money for messages. */
export const POOLS = ["agent", "robot", "sms"] as const;
export type Pool = (typeof POOLS)[number];

/** A pool's work is measured in seconds of talk or in minor units of money. */
export const MEASURED_IN: { readonly [pool in Pool]: "seconds" | "minor" } = {
  agent: "seconds",
  robot: "seconds",
  sms: "minor",
};

/** The pool a contact draws on; null = nothing scarce. */
export function poolOf(channel: Channel): Pool | null {
  return channel === "agent" || channel === "robot" || channel === "sms" ? channel : null;
}

/** One day of a pool. */
export type PoolDay = {
  /** Contacts that came up for the first time on this day. */
  readonly asked: number;
  readonly done: number;
  /** Put off to the next day for want of capacity; one that waits three days is counted three times. */
  readonly putOff: number;
  /** Could not wait any longer, and never left. */
  readonly notDone: number;
  /** Work done: seconds or minor units. */
  readonly units: number;
};

/** What a pool can do in a day, in its own measure; null = no bound. */
export function limitsOf({ capacity }: AssumptionSet): { readonly [pool in Pool]: number | null } {
  const seconds = (count: number | null, hours: number): number | null =>
    count === null ? null : (count * hours * HOUR_MS) / SECOND_MS;
  return {
    agent: seconds(capacity.agents, capacity.agentHoursPerDay),
    robot: seconds(capacity.robotLines, capacity.robotHoursPerDay),
    sms: capacity.smsBudgetMinor,
  };
}

export type CapacityPlan = {
  /** Share of the contacts that come up on a day (new ones and those put off) which can be done on it, by day of the run. */
  readonly [pool in Pool]?: readonly number[];
};

/** Passes of planning: what is put off on one day moves work to others, which settles after a few. */
const PASSES_MAX = 4;
/** Chance alone lets the work of a day stand so many standard deviations above a limit that is met on average. */
const NOISE = 3;

/**
 * The passes of a run with bounded capacity. Each yields the plan to run under (null = no bounds) and wants the result; the last
 * one is returned. The first pass tells what would be wanted; where that is more than can be done, plans follow until the work of
 * every day meets its limit on average, chance aside. Work queues up as a fluid: on each day the share of the queue is done that
 * the limit allows, and the rest waits. So people can still be simulated one by one, in any order and in any number of threads.
 */
export function* plannedPasses(set: AssumptionSet): Generator<CapacityPlan | null, SimulationResult, SimulationResult> {
  let result = yield null;
  for (let pass = 1; pass < PASSES_MAX && isOver(set, result.perDay, pass === 1 ? 0 : NOISE); pass += 1) {
    result = yield planFor(set, result.perDay);
  }
  return result;
}

type Days = readonly { readonly pools: { readonly [pool in Pool]: PoolDay } }[];

function isOver(set: AssumptionSet, days: Days, noise: number): boolean {
  const limits = limitsOf(set);
  return POOLS.some((pool) => {
    const limit = limits[pool];
    if (limit === null) return false;
    const own = days.map(({ pools }) => pools[pool]);
    const most = limit + noise * Math.sqrt(limit * unitsEach(own));
    return own.some(({ units }) => units > most);
  });
}

function planFor(set: AssumptionSet, days: Days): CapacityPlan {
  const limits = limitsOf(set);
  const plan: { [pool in Pool]?: readonly number[] } = {};
  for (const pool of POOLS) {
    const limit = limits[pool];
    if (limit !== null)
      plan[pool] = sharesOf(
        limit,
        days.map(({ pools }) => pools[pool]),
      );
  }
  return plan;
}

/** Seconds or money one contact of a pool takes. */
function unitsEach(days: readonly PoolDay[]): number {
  const done = days.reduce((sum, day) => sum + day.done, 0);
  return done === 0 ? 1 : days.reduce((sum, day) => sum + day.units, 0) / done;
}

function sharesOf(limit: number, days: readonly PoolDay[]): readonly number[] {
  const each = unitsEach(days);
  let waiting = 0;
  return days.map(({ asked, notDone }) => {
    const load = (waiting + asked) * each;
    const share = load <= limit ? 1 : limit / load;
    waiting = Math.max(0, (waiting + asked) * (1 - share) - notDone);
    return share;
  });
}
