import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DECISION_CODES } from "../model/execution";
import { canonicalHash } from "../model/json";
import { type Case, hunt, linkAll, tellAll, traceOf } from "./testing/agreement";
import { movesArbitrary } from "./testing/random-events";
import { programArbitrary } from "./testing/random-program";
import { factsArbitrary } from "./testing/random-strategy";

/** Programs drawn per run, beside the strategies of `drawn-strategies.test.ts`; set DIFFERENTIAL_RUNS for a long hunt. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 1000);
/** Fixed, so that a test run tells the same every time; another seed hunts elsewhere. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_128);
/** A name: the smallest failing case of this run is kept under it, to be replayed for ever. */
const TROPHY = process.env.DIFFERENTIAL_TROPHY;
const TROPHIES = new URL("./testing/trophies/", import.meta.url).pathname;

function keep(smallest: Case): void {
  if (TROPHY !== undefined) writeFileSync(`${TROPHIES}${TROPHY}.json`, `${JSON.stringify(smallest)}\n`);
}

const drawnPrograms: fc.Arbitrary<Case> = fc.record({
  program: programArbitrary,
  facts: factsArbitrary,
  moves: movesArbitrary,
});

describe("the executors", () => {
  test(`agree on every state, decision and effect of ${RUNS} drawn Programs (seed ${SEED})`, async () => {
    const seen = new Set<string>();
    const agree = async (drawn: Case): Promise<void> => {
      for (const { decisions } of await tellAll(linkAll(drawn.program), drawn))
        for (const { code } of decisions) seen.add(code);
    };
    await hunt(drawnPrograms, agree, { runs: RUNS, seed: SEED, keep });
    // The generators must reach every way a step can go, or agreement proves little. Redials are drawn in strategies.
    const missing = DECISION_CODES.filter((code) => !seen.has(code) && !code.startsWith("retry-"));
    if (RUNS >= 1000) expect(missing).toEqual([]);
  }, 600_000);

  test("give the same trace when everything is stopped, stored and begun anew after every step", () => {
    fc.assert(
      fc.property(drawnPrograms, (drawn) => {
        expect(traceOf(drawn, true)).toBe(traceOf(drawn, false));
      }),
      { numRuns: Math.ceil(RUNS / 5), seed: SEED },
    );
  });

  test("give the same answer to the same question, and change nothing they were given", () => {
    fc.assert(
      fc.property(drawnPrograms, (drawn) => {
        const before = canonicalHash(drawn);
        const first = traceOf(drawn, false);
        expect(traceOf(drawn, false)).toBe(first);
        expect(canonicalHash(drawn)).toBe(before);
      }),
      { numRuns: Math.ceil(RUNS / 10), seed: SEED },
    );
  });
});

/** Cases that once parted two executors, because of a mistake or because one was broken on purpose; each as small as it got. */
const trophies = readdirSync(TROPHIES).filter((file) => file.endsWith(".json"));

describe("trophies", () => {
  test.each(trophies)("%s stays mended", async (file) => {
    const kept: Case = JSON.parse(readFileSync(`${TROPHIES}${file}`, "utf8"));
    await tellAll(linkAll(kept.program), kept);
    expect(traceOf(kept, true)).toBe(traceOf(kept, false));
  });
});
