import { describe, expect, test } from "vitest";
import type { Issue } from "../model/issue";
import { definitionOf } from "../nodes";
import { migrateDocument } from "./migrate";
import { parseStrategy } from "./parse";
import { readStrategyText } from "./read";
import { migrateStepData } from "./step-data";
import { drawn, exitStep, startStep, step, strategy } from "./testing/sample";

function problems(value: unknown): readonly Pick<Issue, "code" | "path">[] {
  const parsed = parseStrategy(value);
  return parsed.ok ? [] : parsed.error.map(({ code, path }) => ({ code, path }));
}

const SMS = { contentId: "sms.reminder", waitForDelivery: true };

describe("a strategy document from outside", () => {
  test("is read, with defaults of the steps filled in", () => {
    const doc = strategy({ nodes: [startStep(), step("text", "sms", SMS), exitStep("done")] });
    expect(doc.nodes[1]?.data).toEqual({ contentId: "sms.reminder", waitForDelivery: true, giveUpHours: 24 });
  });

  test("keeps a step type this build does not know, untouched", () => {
    const letter = { id: "letter", type: "fax", version: 7, data: { template: "x", deep: { list: [1, null] } } };
    expect(strategy({ nodes: [startStep(), letter, exitStep("done")] }).nodes[1]).toEqual(letter);
  });

  test("keeps data of a newer version of a known step, untouched", () => {
    const newer = { id: "text", type: "sms", version: 99, data: { brandNew: true } };
    expect(strategy({ nodes: [startStep(), newer, exitStep("done")] }).nodes[1]).toEqual(newer);
  });

  test.each([
    ["a text", "strategy", [{ code: "shape.type", path: "" }]],
    ["a list", [], [{ code: "shape.type", path: "" }]],
    ["nothing", null, [{ code: "shape.type", path: "" }]],
    ["an object without a version", {}, [{ code: "shape.missing", path: "schemaVersion" }]],
    ["a version in words", { schemaVersion: "1" }, [{ code: "shape.type", path: "schemaVersion" }]],
    ["a newer format", drawn({ schemaVersion: 3 }), [{ code: "strategy.newer-version", path: "schemaVersion" }]],
    [
      "a format before the first",
      drawn({ schemaVersion: 0 }),
      [{ code: "strategy.unknown-version", path: "schemaVersion" }],
    ],
    ["a member nobody knows", drawn({ approvedBy: "me" }), [{ code: "shape.unknown-member", path: "" }]],
    ["no steps", drawn({ nodes: [] }), [{ code: "shape.too-few", path: "nodes" }]],
    ["no name in any language", drawn({ name: {} }), [{ code: "text.empty", path: "name" }]],
    [
      "an id with a space",
      drawn({ nodes: [{ ...(startStep() as object), id: "my start" }] }),
      [{ code: "shape.format", path: "nodes[0].id" }],
    ],
    [
      "an id every object inherits",
      drawn({ nodes: [startStep(), exitStep("toString")] }),
      [{ code: "shape.reserved-name", path: "nodes[1].id" }],
    ],
    [
      "an unknown currency",
      drawn({ settings: { currency: "BTC" } }),
      [{ code: "shape.choice", path: "settings.currency" }],
    ],
    ["a function", { ...drawn(), nodes: () => [] }, [{ code: "json.not-data", path: "nodes" }]],
    ["a date object", drawn({ tests: [{ at: new Date(0) }] }), [{ code: "json.not-data", path: "tests[0].at" }]],
    ["not a number", drawn({ tests: [{ at: Number.NaN }] }), [{ code: "json.number", path: "tests[0].at" }]],
    ["a NUL character", drawn({ key: "a\0" }), [{ code: "json.nul-character", path: "key" }]],
    ["half a character", drawn({ key: "a\ud800" }), [{ code: "json.lone-surrogate", path: "key" }]],
  ])("is refused when it is %s", (_, value, expected) => {
    expect(problems(value)).toEqual(expected);
  });

  test("is refused for an own __proto__ member anywhere, and nothing leaks", () => {
    const evil: unknown = JSON.parse('{"__proto__":{"admin":true}}');
    expect(problems(drawn({ tests: [evil] }))).toEqual([{ code: "json.forbidden-key", path: "tests[0].__proto__" }]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("is refused for its depth before anything recurses into it, cycles included", () => {
    const deep: { inner?: unknown } = {};
    deep.inner = deep;
    expect(problems(drawn({ tests: [deep] }))[0]?.code).toBe("json.too-deep");
  });

  test("is refused for a step's data by that step's own rules, each problem with its place and step", () => {
    const nodes = [
      startStep(),
      step("text", "sms", { ...SMS, giveUpHours: 0 }),
      step("call", "robot", { contentId: "Robot!", gapMinutes: { BUSY: 1, NOPE: 20 } }),
      step("pause", "wait", { mode: "until-date", date: "2026-02-30", at: "24:00" }),
      exitStep("done"),
    ];
    const parsed = parseStrategy(drawn({ nodes }));
    expect(parsed.ok ? [] : parsed.error.map(({ code, path, nodeId }) => `${nodeId} ${path} ${code}`)).toEqual([
      "text nodes[1].data.giveUpHours shape.too-small",
      "call nodes[2].data.contentId shape.format",
      "call nodes[2].data.gapMinutes shape.unknown-member",
      "call nodes[2].data.gapMinutes.BUSY shape.too-small",
      "pause nodes[3].data.at shape.local-time",
      "pause nodes[3].data.date shape.date",
    ]);
  });

  test.each([
    ["an unknown operator", { fact: "dpd", operator: "__proto__", value: 1 }, "shape.choice", "operator"],
    ["a json path", { fact: "dpd", operator: "equal", value: 1, path: "$..[?(@.x)]" }, "shape.unknown-member", ""],
    ["a null value", { fact: "dpd", operator: "equal", value: null }, "shape.type", "value"],
    ["a fact that is an expression", { fact: "dpd + 1", operator: "equal", value: 1 }, "shape.format", "fact"],
    ["a missing value", { fact: "dpd", operator: "equal" }, "shape.missing", "value"],
    ["an empty group", { all: [] }, "shape.too-few", "all"],
    [
      "a mistake two groups down",
      { all: [{ any: [{ fact: "dpd", operator: "is", value: 1 }] }] },
      "shape.choice",
      "all[0].any[0].operator",
    ],
  ])("is refused for a condition with %s", (...[, when, code, inside]) => {
    const path = `nodes[0].data.when${inside === "" ? "" : `.${inside}`}`;
    expect(problems(drawn({ nodes: [startStep(when), exitStep("done")] }))).toContainEqual({ code, path });
  });
});

describe("a strategy file", () => {
  test("says line and column of what is wrong in it", () => {
    const text = JSON.stringify(
      drawn({ nodes: [startStep(), step("text", "sms", { ...SMS, giveUpHours: 0 })] }),
      null,
      2,
    );
    const read = readStrategyText(text);
    const [found] = read.ok ? [] : read.error;
    const line = text.split("\n").findIndex((row) => row.includes('"giveUpHours"')) + 1;
    expect(found).toMatchObject({ code: "shape.too-small", line, nodeId: "text" });
    expect(text.split("\n")[line - 1]?.[(found?.column ?? 0) - 1]).toBe("0");
  });

  test("shows a missing member at the object it is missing from", () => {
    const text = JSON.stringify(drawn({ nodes: [startStep(), { id: "text", type: "sms", version: 1 }] }), null, 2);
    const read = readStrategyText(text);
    const [found] = read.ok ? [] : read.error;
    expect(found).toMatchObject({ code: "shape.missing", path: "nodes[1].data" });
    expect(text.split("\n")[(found?.line ?? 0) - 1]?.trim()).toBe("{");
  });
});

describe("older formats", () => {
  const migrations = {
    1: (old: object) => ({ ...old, renamed: true }),
    2: (old: object) => ({ ...old, split: true }),
  };

  test("are brought up one version at a time", () => {
    const migrated = migrateDocument({ schemaVersion: 1, id: "x" }, migrations, 3);
    expect(migrated).toEqual({ ok: true, value: { schemaVersion: 3, id: "x", renamed: true, split: true } });
  });

  test("are refused where the way up is not known", () => {
    const migrated = migrateDocument({ schemaVersion: 0 }, migrations, 3);
    expect(migrated.ok ? [] : migrated.error.map(({ code }) => code)).toEqual(["strategy.unknown-version"]);
  });

  test("of a step's data follow the step's own migrations", () => {
    const definition = {
      version: 3,
      migrate: {
        1: () => ({ hours: 2 }),
        2: (old: { readonly hours?: unknown }) => ({ minutes: Number(old.hours) * 60 }),
      },
    };
    expect(migrateStepData(definition, 1, {})).toEqual({ minutes: 120 });
    expect(migrateStepData(definition, 2, { hours: 3 })).toEqual({ minutes: 180 });
    expect(migrateStepData(definition, 3, { minutes: 5 })).toEqual({ minutes: 5 });
    expect(migrateStepData({ version: 2, migrate: {} }, 1, {})).toBeNull();
    expect(definitionOf("sms")?.version).toBe(1);
  });
});
