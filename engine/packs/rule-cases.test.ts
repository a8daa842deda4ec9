import { describe, expect, it } from "vitest";
import { parseInstant } from "../model/time";
import { layeredPack } from "../policy/link";
import { runRuleCases } from "../policy/rule-cases";
import { shippedRuleCases, shippedRulePacks } from "./rule-cases";

const packs = shippedRulePacks();
const files = shippedRuleCases();

describe("the rule bench", () => {
  it("has cases for every pack that ships, and at least sixty", () => {
    expect(files.map(({ pack }) => pack).sort()).toEqual(Object.keys(packs).sort());
    expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(60);
  });

  it.each(files.map((file) => [file.pack, file] as const))("names a case for every rule of %s", (name, file) => {
    const named = new Set(files.flatMap(({ cases }) => cases.flatMap(({ expect: { rules = [] } }) => rules)));
    const silent = (packs[name]?.rules ?? []).filter(({ id }) => !named.has(id)).map(({ id }) => id);
    expect(silent).toEqual([]);
    expect(file.cases.length).toBeGreaterThan(5);
  });
});

describe.each(files.map((file) => [file.pack, file] as const))("%s", (name, file) => {
  const rulePack = layeredPack(packs, name);
  if (rulePack === null) throw new Error(`${name} does not ship`);
  const results = runRuleCases(file, { rulePack });

  it.each(results.map((result) => [result.case.id, result] as const))("%s", (_, result) => {
    const { expect: expected, note } = result.case;
    const found = {
      verdict: result.verdict.verdict,
      ...(expected.until === undefined ? {} : { until: parseInstant(result.until ?? "") }),
      ...(expected.rules === undefined ? {} : { rules: [...new Set(result.reasons.map(({ rule }) => rule))].sort() }),
    };
    const wanted = {
      ...expected,
      ...(expected.until === undefined ? {} : { until: parseInstant(expected.until) }),
      ...(expected.rules === undefined ? {} : { rules: [...expected.rules].sort() }),
    };
    expect(found, note.en).toEqual(wanted);
    expect(result.passed, note.en).toBe(true);
  });
});
