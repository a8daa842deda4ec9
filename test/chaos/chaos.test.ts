import { expect, it } from "vitest";
import { runChaos } from "./run";

/** A night's run sets hours; a run of the suite is short, and what it must at least have met is short with it. */
const MINUTES = Number(process.env.CHAOS_MINUTES ?? 1);
/** A run goes on for up to five times its minutes until it has met this, so that a busy machine meets it, too. */
const KILLS = 60;
const TERMINATIONS = 100;

it(
  "whatever happens to workers, database and provider: nobody is lost, nothing is decided twice, caps and windows hold",
  async () => {
    const report = await runChaos({ minutes: MINUTES, people: 150, seed: 1, kills: KILLS, terminations: TERMINATIONS });
    expect(Object.entries(report.breaches).filter(([, found]) => found.length > 0)).toEqual([]);
  },
  (5 * MINUTES + 5) * 60_000,
);
