import type { JsonValue } from "#engine/model/json";
import {
  amountOutcome,
  type Design,
  daysFor,
  eventsForHazard,
  type Outcome,
  rateOutcome,
  type Shares,
  smallestLift,
  unitsFor,
} from "#engine/statistics/power";
import { type Answer, type CommandInput, flagChoice, flagInteger, flagText, UsageError } from "../command";
import { tableLines } from "../table-lines";
import { flagNumber, numberText, percentText } from "./numbers";

const PERCENT = 100;
const HALVES: Shares = { control: 0.5, treatment: 0.5 };

type Wish = {
  readonly lift: number;
  readonly shares: Shares;
  readonly sharesText: string;
  readonly design: Omit<Design, "tuning"> & { readonly isSequential: boolean };
  readonly flow: { readonly unitsPerDay: number; readonly windowDays: number; readonly minimumDays: number };
};

/** `due experiment plan`: how many people and days a difference needs, what 90/10 costs, and a rate beside an amount. */
export function planExperiment(input: CommandInput): Answer {
  const { words } = input;
  const rate = flagNumber(input, "rate", { minimum: 0.01, maximum: 99.99, fallback: null }) / PERCENT;
  const cv = flagNumber(input, "cv", { minimum: 0, maximum: 100, fallback: 1.5 });
  const correlation = flagNumber(input, "correlation", { minimum: 0, maximum: 0.99, fallback: 0 });
  const wish = wishOf(input);
  const amount = amountOutcome({ share: rate, mean: 1, cv });
  const metrics: readonly (readonly [string, Outcome])[] = [
    [words.say("experiment.say-rate"), rateOutcome(rate)],
    [words.say("experiment.say-amount", { cv }), amount],
    ...(correlation === 0
      ? []
      : [
          [
            words.say("experiment.say-amount-adjusted", { correlation }),
            { ...amount, variance: amount.variance * (1 - correlation ** 2) },
          ] as const,
        ]),
  ];
  const rows = metrics.flatMap(([metric, outcome]) => rowsOf(metric, outcome, wish));
  const events = Math.ceil(eventsForHazard(1 + wish.lift, { shares: normal(wish.shares), design: wish.design }));
  return {
    exit: 0,
    json: { rows: rows as unknown as JsonValue, logRankEvents: events },
    lines: [
      words.say("experiment.say-plan", {
        lift: percentText(wish.lift, words),
        rate: percentText(rate, words),
        perDay: numberText(wish.flow.unitsPerDay, words),
        power: percentText(wish.design.power, words),
        method: words.say(`experiment.say-method-${wish.design.isSequential ? "sequential" : "fixed"}`),
      }),
      ...tableLines([
        (["metric", "shares", "people", "days", "price", "smallest"] as const).map((head) =>
          words.say(`experiment.say-head-${head}`),
        ),
        ...rows.map((row) => [
          row.metric,
          row.shares,
          row.people === null ? "—" : numberText(row.people, words),
          row.days === null ? "—" : numberText(row.days, words),
          row.price === null ? "" : `× ${numberText(row.price, words)}`,
          row.smallestLift === null ? "" : percentText(row.smallestLift, words),
        ]),
      ]),
      words.say("experiment.say-plan-note", { window: wish.flow.windowDays, events: numberText(events, words) }),
    ],
  };
}

const normal = ({ control, treatment }: Shares): Shares => ({
  control: control / (control + treatment),
  treatment: treatment / (control + treatment),
});

function wishOf(input: CommandInput): Wish {
  const { shares, text } = sharesFlag(input);
  const method = flagChoice(input, "method", { choices: ["sequential", "fixed"], fallback: "sequential" });
  return {
    lift: flagNumber(input, "lift", { minimum: 0.1, maximum: 1000, fallback: 10 }) / PERCENT,
    shares,
    sharesText: text,
    design: {
      alpha: flagNumber(input, "alpha", { minimum: 0.1, maximum: 20, fallback: 5 }) / PERCENT,
      power: flagNumber(input, "power", { minimum: 50, maximum: 99.9, fallback: 80 }) / PERCENT,
      isSequential: method === "sequential",
    },
    flow: {
      unitsPerDay: flagNumber(input, "per-day", { minimum: 0.01, maximum: 1e8, fallback: null }),
      windowDays: flagInteger(input, "window", { minimum: 0, maximum: 400, fallback: 30 }),
      minimumDays: 7,
    },
  };
}

/** `90/10`: champion and challenger; more challengers share what follows, and the smallest one decides the size. */
function sharesFlag(input: CommandInput): { readonly shares: Shares; readonly text: string } {
  const text = flagText(input, "shares") ?? "90/10";
  const parts = text.split("/").map(Number);
  const sum = parts.reduce((total, part) => total + part, 0);
  if (parts.length < 2 || parts.length > 5 || parts.some((part) => !(part > 0)) || Math.abs(sum - PERCENT) > 1e-9) {
    throw new UsageError("experiment.shares", "experiment.shares", { found: text.slice(0, 40) });
  }
  const [control = 0, ...challengers] = parts;
  return { shares: { control: control / PERCENT, treatment: Math.min(...challengers) / PERCENT }, text };
}

type PlanRow = {
  readonly metric: string;
  readonly shares: string;
  readonly people: number | null;
  readonly days: number | null;
  /** Times the people of 50/50. */
  readonly price: number | null;
  /** Smallest lift found in the days the even split would take. */
  readonly smallestLift: number | null;
};

function rowsOf(metric: string, outcome: Outcome, wish: Wish): readonly PlanRow[] {
  const even = peopleFor(outcome, wish, HALVES);
  const asked = peopleFor(outcome, wish, wish.shares);
  const row = (shares: string, people: number | null): PlanRow => ({
    metric,
    shares,
    people,
    days: people === null ? null : daysFor(people, wish.flow),
    price: even === null || people === null ? null : people / even,
    smallestLift: even === null ? null : liftWithin(outcome, wish, { people: even, shares: sharesOf(shares, wish) }),
  });
  const isEven = wish.shares.control === HALVES.control && wish.shares.treatment === HALVES.treatment;
  return isEven ? [row("50/50", even)] : [row("50/50", even), row(wish.sharesText, asked)];
}

const sharesOf = (text: string, wish: Wish): Shares => (text === wish.sharesText ? wish.shares : HALVES);

/** A sequential plan is narrowest at the number it needs, so that number is sought together with its tuning. */
function peopleFor(outcome: Outcome, { lift, design }: Wish, shares: Shares): number | null {
  const { isSequential, ...kept } = design;
  const once = unitsFor(outcome, lift, { shares, design: { ...kept, tuning: null } });
  if (once === null || !isSequential) return once === null ? null : Math.ceil(once);
  const both = shares.control + shares.treatment;
  const first = unitsFor(outcome, lift, { shares, design: { ...kept, tuning: Math.ceil(once * both) } });
  if (first === null) return null;
  const settled = unitsFor(outcome, lift, { shares, design: { ...kept, tuning: Math.ceil(first * both) } });
  return settled === null ? null : Math.ceil(settled);
}

function liftWithin(
  outcome: Outcome,
  { design }: Wish,
  { people, shares }: { readonly people: number; readonly shares: Shares },
): number | null {
  const { isSequential, ...kept } = design;
  const sizes = { control: people * shares.control, treatment: people * shares.treatment };
  const tuning = isSequential ? Math.ceil(sizes.control + sizes.treatment) : null;
  return smallestLift(outcome, sizes, { ...kept, tuning });
}
