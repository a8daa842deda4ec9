import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "../model/execution";
import { canonicalJson } from "../model/json";
import { addToTrace, canonicalDecision, newTrace, traceDigest, traceHash } from "./trace";

const decisionArbitrary: fc.Arbitrary<Decision> = fc.record({
  stepSeq: fc.nat(1000),
  nodeId: fc.string(),
  handle: fc.option(fc.string()),
  code: fc.constantFrom("entered", "outcome", "waiting"),
  detail: fc.option(fc.string({ unit: "grapheme" })),
  factsRead: fc.dictionary(
    fc.constantFrom("dpd", "due_date", "stage", "b", "a"),
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    ),
  ),
  atMs: fc.integer({ min: 0, max: 4e12 }),
});

function digestOf(decisions: readonly Decision[]): string {
  const trace = newTrace();
  addToTrace(trace, decisions);
  return traceDigest(trace);
}

const WAITED: Decision = {
  stepSeq: 2,
  nodeId: "w",
  handle: null,
  code: "waiting",
  detail: null,
  factsRead: { b: 1, a: null },
  atMs: 0,
};

describe("trace", () => {
  test("a decision reads like this, in UTC", () => {
    expect(canonicalDecision(WAITED)).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","code":"waiting","detail":null,"factsRead":{"a":null,"b":1},"handle":null,"nodeId":"w","stepSeq":2}',
    );
  });

  test("is canonical JSON, whatever the order members came back in from storage", () => {
    fc.assert(
      fc.property(decisionArbitrary, (decision) => {
        const { atMs, ...rest } = decision;
        expect(canonicalDecision(decision)).toBe(canonicalJson({ ...rest, at: new Date(atMs).toISOString() }));
      }),
    );
  });

  test("does not depend on the calls decisions were made in, but on every one of them and their order", () => {
    fc.assert(
      fc.property(fc.array(decisionArbitrary, { minLength: 1, maxLength: 6 }), fc.nat(6), (decisions, cut) => {
        const trace = newTrace();
        addToTrace(trace, decisions.slice(0, cut));
        addToTrace(trace, decisions.slice(cut));
        const digest = traceDigest(trace);
        expect(digest).toBe(digestOf(decisions));
        expect(digestOf(decisions.slice(1))).not.toBe(digest);
      }),
    );
    const later = { ...WAITED, stepSeq: 3 };
    expect(digestOf([WAITED, later])).not.toBe(digestOf([later, WAITED]));
  });

  test("accounts may finish in any order", () => {
    const accounts = [
      ["acct_2", digestOf([WAITED])],
      ["acct_10", digestOf([])],
      ["acct_1", digestOf([WAITED, WAITED])],
    ] as const;
    expect(traceHash([...accounts].reverse())).toBe(traceHash(accounts));
    expect(traceHash(accounts.slice(1))).not.toBe(traceHash(accounts));
    expect(
      traceHash([
        ["acct_1", accounts[0][1]],
        ["acct_2", accounts[2][1]],
      ]),
    ).not.toBe(
      traceHash([
        ["acct_2", accounts[0][1]],
        ["acct_1", accounts[2][1]],
      ]),
    );
  });

  test("is fixed: a change of this hash is a change of format", () => {
    expect(traceHash([["acct_1", digestOf([WAITED])]])).toMatchInlineSnapshot(
      `"fd9206a1e3a24d58c27ecd9b94004f15c78047a51decb5a5371c84183b4a240e"`,
    );
  });
});
