import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DECISION_CODES,
  type DecisionCode,
  type Outcome,
  type StepContext,
  type SyncExecutor,
} from "../../model/execution";
import type { Facts } from "../../model/facts";
import { InvariantError } from "../../model/invariant";
import type { Program } from "../../model/program";
import { linkCompiled } from "../compiled";
import { linkInLife, linkInVolume } from "../testing/in-volume";
import { eventAt, type Happening, happeningsArbitrary, programArbitrary } from "../testing/random-hostile-program";
import { HOSTILE_TEXTS } from "../testing/random-spec";
import { factsArbitrary } from "../testing/random-strategy";
import { linkGenerated } from "./executor";

const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 200);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_128);
const STARTED_AT_MS = Date.parse("2026-01-01T00:30:00+08:00");
const SUBJECT = { enrollmentId: "enr_1", partyId: "party_1", accountId: "acct_1" } as const;

/** An outcome, or the code of what was thrown. */
function told(call: () => Outcome): Outcome | string {
  try {
    return call();
  } catch (error) {
    if (error instanceof InvariantError) return error.message;
    throw error;
  }
}

function expectSame(others: readonly (Outcome | string)[], linked: Outcome | string): void {
  for (const other of others) {
    expect(other).toEqual(linked);
    expect(JSON.stringify(other)).toBe(JSON.stringify(linked));
  }
}

type Story = { readonly facts: Facts; readonly happenings: readonly Happening[] };

/** Tells one account's story to the linked executor and to the generated forms; answers the codes that were seen. */
function tell(
  program: Program,
  { facts, happenings }: Story,
  linkOthers: readonly ((program: Program) => SyncExecutor)[],
) {
  const linked = linkCompiled(program);
  const others = linkOthers.map((link) => link(program));
  const first: StepContext = { subject: SUBJECT, facts: Object.freeze(facts), nowMs: STARTED_AT_MS };
  let outcome = told(() => linked.start(first));
  expectSame(
    others.map((other) => told(() => other.start(first))),
    outcome,
  );
  const codes: string[] = [];
  let nowMs = STARTED_AT_MS;
  for (const happening of happenings) {
    if (typeof outcome === "string") break;
    codes.push(...outcome.decisions.map(({ code }) => code));
    const state = Object.freeze(outcome.state);
    const next = eventAt(happening, { program, state, nowMs });
    nowMs = next.nowMs;
    const context = { subject: SUBJECT, facts: Object.freeze(happening.facts), nowMs };
    outcome = told(() => linked.send(state, next.event, context));
    expectSame(
      others.map((other) => told(() => other.send(state, next.event, context))),
      outcome,
    );
  }
  return codes;
}

/** Holds the generated forms to the linked one over drawn Programs and stories; answers the codes that were seen. */
function holdTogether(programs: fc.Arbitrary<Program>, numRuns: number): ReadonlySet<string> {
  const seen = new Set<string>();
  const story = fc.record({ facts: factsArbitrary, happenings: happeningsArbitrary });
  fc.assert(
    fc.property(programs, fc.array(story, { minLength: 1, maxLength: 3 }), (program, stories) => {
      for (const one of stories) {
        for (const code of tell(program, one, [linkGenerated, linkInVolume, linkInLife])) seen.add(code);
      }
    }),
    { numRuns, seed: SEED },
  );
  return seen;
}

function sourceOf(program: Program): string {
  const sources: string[] = [];
  linkGenerated(program, (parameters, body) => {
    sources.push(body);
    return new Function(...parameters, body);
  });
  return sources.join("");
}

/** What a person's word brings about is in no generated source; the differential test draws it. */
const BY_HAND: ReadonlySet<DecisionCode> = new Set(["exit-requested", "re-entered", "migrated"]);

describe("generated code", () => {
  test(`agrees with the linked closures on every state, decision and effect of ${RUNS} drawn Programs`, () => {
    const seen = holdTogether(programArbitrary(2, 11), RUNS);
    // The generator must reach every way a step can go, or agreement proves little.
    const missing = DECISION_CODES.filter((code) => !seen.has(code) && !BY_HAND.has(code));
    if (RUNS >= 200) expect(missing).toEqual([]);
  }, 240_000);

  test("agrees where a strategy is too long for one function", () => {
    const seen = holdTogether(programArbitrary(90, 120), Math.ceil(RUNS / 40));
    expect(seen.has("step-limit")).toBe(true);
    const [long] = fc.sample(programArbitrary(90, 120), { numRuns: 1, seed: SEED }).map(sourceOf);
    expect(long?.match(/^groups\[\d+\] = /gm)?.length).toBeGreaterThan(2);
  });

  test("holds no text that an author wrote", () => {
    fc.assert(
      fc.property(programArbitrary(2, 11), (program) => {
        const source = sourceOf(program);
        for (const hostile of HOSTILE_TEXTS) {
          if (hostile !== "K0" && hostile !== "\\") expect(source).not.toContain(hostile);
        }
        // Nothing but what the writer itself writes: no quotes but around the words it knows, no templates, no comments.
        const quoted = source.match(/"[^"]*"/g) ?? [];
        const known = /^"(use strict|number|string|boolean|,|\/|(program|experiment)\.[a-z-]+)"$/;
        expect(quoted.filter((word) => !known.test(word))).toEqual([]);
        expect(source).not.toMatch(/[`'\\]|\/\*|\/\/|[^\x20-\x7e\n]/);
      }),
      { numRuns: 60, seed: SEED },
    );
  });

  test("lets no number in that is none", () => {
    const [program] = fc.sample(programArbitrary(2, 11), { numRuns: 1, seed: SEED });
    if (program === undefined) throw new Error("nothing was drawn");
    const broken = (horizonMs: unknown): Program => ({
      ...program,
      limits: { ...program.limits, horizonMs: horizonMs as number },
    });
    for (const horizonMs of [Number.NaN, Number.POSITIVE_INFINITY, "1; alert()", null]) {
      expect(() => linkGenerated(broken(horizonMs))).toThrow("program.number");
    }
  });
});
