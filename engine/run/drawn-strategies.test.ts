import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileStrategy } from "../compile/compile";
import { lintStrategy } from "../graph/lint";
import { parseStrategy } from "../graph/parse";
import { DECISION_CODES, type Outcome } from "../model/execution";
import { hasErrors } from "../model/issue";
import { canonicalJson } from "../model/json";
import type { Program } from "../model/program";
import type { StrategyDoc } from "../model/strategy";
import { nodeDefinitions } from "../nodes/index";
import { hunt, linkAll, type Story, tellAll, traceOf } from "./testing/agreement";
import { type DrawnDocument, documentArbitrary } from "./testing/documents/document";
import { anyDraft, isSound } from "./testing/documents/step";
import { storyArbitrary } from "./testing/documents/stories";
import { type Ways, waysOf } from "./testing/documents/ways";
import { WIDE_MARKET } from "./testing/documents/wide-market";
import { worldsOf } from "./testing/documents/world";

/** Valid strategies per run, each with an account's facts and history of its own; set DIFFERENTIAL_RUNS for a long hunt. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 2000);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_128);
/** A name: the smallest failing case of this run is kept under it, to be replayed for ever. */
const TROPHY = process.env.DIFFERENTIAL_TROPHY;
const TROPHIES = new URL("./testing/trophies/", import.meta.url).pathname;
/** Most accounts that go through one strategy: it takes longer to make one than to walk through it. */
const STORIES_MAX = 2;
/** Share of the drawn documents that are to be valid; the rest are refused and not counted. */
const VALID_SHARE = 0.95;
/** Least number of accounts that enter a step of each type in a whole run. */
const ENTERED_LEAST = 50;

/** What failed fails with one story of the two: the other is shrunk away. */
function keep({ program, stories: [story] }: Told): void {
  if (TROPHY !== undefined) writeFileSync(`${TROPHIES}${TROPHY}.json`, `${JSON.stringify({ program, ...story })}\n`);
}

type Compiled = { readonly doc: StrategyDoc; readonly program: Program };

/** The document's whole way: read and brought up to date, linted, compiled. Null when lint finds an error in it. */
function compiledOf(document: DrawnDocument): Compiled | null {
  const doc = parseStrategy(document);
  if (!doc.ok) return null;
  const program = compileStrategy(doc.value, WIDE_MARKET);
  if (program.ok) return { doc: doc.value, program: program.value };
  if (hasErrors(lintStrategy(doc.value, WIDE_MARKET))) return null;
  throw new Error(`what lint let pass does not compile: ${JSON.stringify(program.error)}`);
}

const drawnDocuments = fc.record({
  document: documentArbitrary,
  stories: fc.array(storyArbitrary, { minLength: 1, maxLength: STORIES_MAX, size: "max" }),
  // A low limit makes runaways common; the compiled Program's own is 100.
  stepsPerAdvance: fc.oneof({ weight: 20, arbitrary: fc.constant(100) }, fc.constantFrom(3, 1)),
});

type Told = Compiled & { readonly stories: readonly Story[] };

/** Counted over a run: how much of the language the accounts came through. */
class Tally {
  drawn = 0;
  valid = 0;
  readonly codes = new Map<string, number>();
  readonly types = new Map<string, number>();
  readonly handles = new Map<string, number>();
  /** Handles that were drawn, taken or not. */
  readonly offered = new Set<string>();

  add({ types, handles }: Ways, outcomes: readonly Outcome[]): void {
    for (const kind of handles.values()) this.offered.add(kind);
    const entered = new Set<number>();
    for (const { stepSeq, nodeId, handle, code } of outcomes.flatMap(({ decisions }) => decisions)) {
      count(this.codes, code);
      const way = handle === null ? undefined : handles.get(`${nodeId} ${handle}`);
      if (way !== undefined) count(this.handles, way);
      const type = types.get(nodeId);
      if (type === undefined || entered.has(stepSeq)) continue;
      entered.add(stepSeq);
      count(this.types, type);
    }
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

const told = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, left], [, right]) => left - right)
    .map(([name, times]) => `${name} ${times}`)
    .join(", ");

describe("drawn strategies", () => {
  const tally = new Tally();
  const cases = drawnDocuments
    .map(({ document, stories, stepsPerAdvance }): Told | null => {
      tally.drawn += 1;
      const compiled = compiledOf(document);
      if (compiled === null) return null;
      tally.valid += 1;
      const { doc, program } = compiled;
      return { doc, stories, program: { ...program, limits: { ...program.limits, stepsPerAdvance } } };
    })
    .filter((drawn) => drawn !== null);

  test(`mean the same to every executor, stopped after every step or not: ${RUNS} of them (seed ${SEED})`, async () => {
    const agree = async (drawn: Told): Promise<void> => {
      const { doc, program, stories } = drawn;
      const linked = linkAll(program);
      const ways = waysOf(doc);
      for (const story of stories) {
        tally.add(ways, await tellAll(linked, story));
        expect(traceOf({ program, ...story }, true)).toBe(traceOf({ program, ...story }, false));
      }
    };
    await hunt(cases, agree, { runs: RUNS, seed: SEED, keep });
    process.stdout.write(
      [
        `seed ${SEED}: ${tally.valid} of ${tally.drawn} drawn strategies are valid`,
        `steps entered: ${told(tally.types)}`,
        `ways taken: ${told(tally.handles)}`,
        `decisions: ${told(tally.codes)}\n`,
      ].join("\n"),
    );
    if (RUNS < 2000) return;
    expect(tally.valid / tally.drawn).toBeGreaterThan(VALID_SHARE);
    expect(
      nodeDefinitions.map(({ type }) => type).filter((type) => (tally.types.get(type) ?? 0) < ENTERED_LEAST),
    ).toEqual([]);
    const missed = [...tally.offered].filter((way) => !tally.handles.has(way)).sort();
    expect(missed).toEqual([]);
    expect(DECISION_CODES.filter((code) => !tally.codes.has(code))).toEqual([]);
  }, 600_000);
});

describe.each(nodeDefinitions.map((definition) => [definition.type, definition] as const))(
  "%s as drawn",
  (_, definition) => {
    const { whole } = worldsOf({ arms: false, uses: true });
    const drafts = fc.sample(anyDraft(definition, whole), { numRuns: 300, seed: SEED });

    test("is sound often enough to be drawn by trying again", () => {
      const sound = drafts.filter((draft) => isSound(draft, whole));
      expect(sound.length / drafts.length).toBeGreaterThan(0.2);
    });

    test("differs in every field of its form", () => {
      for (const { path, widget, options = [] } of definition.form) {
        const seen = new Set(drafts.map(({ data }) => canonicalJson(data[path] ?? null)));
        const least = widget === "choice" ? options.length : 2;
        expect([path, seen.size >= least]).toEqual([path, true]);
      }
    });
  },
);
