import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definitionOf } from "../../nodes";
import { documentArbitrary } from "../../run/testing/documents/document";
import { WIDE_MARKET } from "../../run/testing/documents/wide-market";
import { lintStrategy } from "../lint";
import { parseStrategy } from "../parse";
import { referencesOf, withNames } from "../references/references";
import { drawn, exitStep, samplePack, startStep, step } from "../testing/sample";
import { writeStrategy } from "../write";
import { applyMapping, type ImportMapping } from "./apply-mapping";
import { candidatesFor } from "./candidates";
import { reviewImport } from "./review";

const WORLD = { pack: samplePack, agencies: [{ name: "North", code: "north" }] };
const HOUSE = { packOf: () => samplePack, agencies: WORLD.agencies };
const placement = { ...definitionOf("placement")?.initial(), agency: "South" };
const FOREIGN = drawn({
  nodes: [
    startStep({
      all: [
        { fact: "dpd", operator: "greaterThan", value: 3 },
        { fact: "custom.salary_day", operator: "equal", value: 15 },
        { fact: "var.rounds", operator: "lessThan", value: 3 },
      ],
    }),
    step("remind", "sms", { contentId: "sms.elsewhere", waitForDelivery: true, giveUpHours: 24 }),
    step("place", "placement", placement),
    { id: "dial", type: "video-call", version: 3, data: { anything: [1, { kept: true }] } },
    exitStep("done"),
  ],
  edges: [
    ["start", "enter", "remind"],
    ["remind", "delivered", "place"],
  ],
});
const text = (value: unknown) => JSON.stringify(value, null, 2);

function reviewed(value: unknown) {
  const review = reviewImport(text(value), HOUSE);
  if (!review.ok) throw new Error(JSON.stringify(review.error));
  return review.value;
}

const missingIn = (value: unknown) => reviewed(value).missing.map(({ kind, name }) => `${kind} ${name}`);

describe("a strategy from elsewhere", () => {
  it("says what it names that is not here, each once and with the steps that name it", () => {
    const { missing } = reviewed(FOREIGN);
    expect(missing).toEqual([
      {
        kind: "fact",
        name: "custom.salary_day",
        canCreate: true,
        places: [{ path: "nodes[0].data.when.all[1].fact", within: null, nodeId: "start" }],
      },
      {
        kind: "variable",
        name: "rounds",
        canCreate: true,
        places: [{ path: "nodes[0].data.when.all[2].fact", within: null, nodeId: "start" }],
      },
      {
        kind: "content",
        name: "sms.elsewhere",
        canCreate: false,
        places: [{ path: "nodes[1].data.contentId", within: null, nodeId: "remind" }],
      },
      {
        kind: "agency",
        name: "South",
        canCreate: false,
        places: [{ path: "nodes[2].data.agency", within: null, nodeId: "place" }],
      },
    ]);
  });

  it("keeps a step nobody knows as it is, and says so", () => {
    const { unknownSteps, doc } = reviewed(FOREIGN);
    expect(unknownSteps).toEqual([{ within: null, nodeId: "dial", type: "video-call", version: 3, supported: null }]);
    expect(doc.nodes[3]).toEqual({
      id: "dial",
      type: "video-call",
      version: 3,
      data: { anything: [1, { kept: true }] },
    });
    expect(lintStrategy(doc, samplePack)).toContainEqual(
      expect.objectContaining({ code: "graph.unknown-step-type", nodeId: "dial" }),
    );
  });

  it("is mapped to what is here: texts of the same channel, agencies of the house, and fields and variables made for it", () => {
    const { doc, missing } = reviewed(FOREIGN);
    const offered = candidatesFor(doc, WORLD);
    const named = (kind: string) =>
      missing
        .filter((one) => one.kind === kind)
        .flatMap(offered)
        .map(({ name }) => name);
    expect(named("content")).toEqual(["sms.reminder"]);
    expect(named("agency")).toEqual(["North"]);
    const mapping: ImportMapping = [
      { kind: "content", name: "sms.elsewhere", to: "sms.reminder" },
      { kind: "agency", name: "South", to: "North" },
      { kind: "fact", name: "custom.salary_day", to: { create: true } },
      { kind: "variable", name: "rounds", to: { create: true } },
    ];
    const mapped = applyMapping(doc, mapping, WORLD);
    if (!mapped.ok) throw new Error(JSON.stringify(mapped.error));
    expect(missingIn(JSON.parse(writeStrategy(mapped.value)))).toEqual([]);
    expect(mapped.value.nodes[1]?.data).toMatchObject({ contentId: "sms.reminder" });
    expect(mapped.value.settings.fields).toMatchObject([
      { key: "custom.salary_day", type: "number", origin: "column" },
    ]);
    expect(mapped.value.settings.variables).toMatchObject([{ name: "rounds", type: "number" }]);
  });

  it("refuses a mapping of what is not missing, to what is not here, or of what cannot be made", () => {
    const { doc } = reviewed(FOREIGN);
    const codes = (mapping: ImportMapping) => {
      const mapped = applyMapping(doc, mapping, WORLD);
      return mapped.ok ? [] : mapped.error.map(({ code }) => code);
    };
    expect(codes([{ kind: "content", name: "sms.reminder", to: "x.y" }])).toEqual(["strategy.mapping-unknown"]);
    expect(codes([{ kind: "agency", name: "South", to: "West" }])).toEqual(["strategy.mapping-target"]);
    expect(codes([{ kind: "agency", name: "South", to: { create: true } }])).toEqual(["strategy.mapping-create"]);
  });
});

describe("a file", () => {
  it("of an older format says what is brought up to date and what is left out", () => {
    const { settings, ...rest } = FOREIGN as { settings: { [name: string]: unknown } };
    const old = { ...rest, settings, schemaVersion: 1, tests: [{ anything: 1 }, { anything: 2 }] };
    expect(reviewed(old).migrated).toEqual([
      { kind: "document", from: 1, to: 2 },
      { kind: "tests-dropped", count: 2 },
    ]);
  });

  it("that cannot be read says where, by line and column", () => {
    const broken = reviewImport('{\n  "schemaVersion": 2,\n  "key": oops\n}', HOUSE);
    expect(broken.ok ? [] : broken.error).toMatchObject([{ line: 3, column: 10 }]);
    const strange = reviewImport(text({ ...FOREIGN, nodes: [{ id: 7 }] }), HOUSE);
    expect(strange.ok ? [] : strange.error.every(({ line, column }) => Number(line) > 1 && Number(column) > 0)).toBe(
      true,
    );
  });
});

describe("whatever is drawn", () => {
  it("names only what is there, keeps every byte when no name changes, and knows each name again when all do", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        const read = parseStrategy(document);
        if (!read.ok) return;
        const doc = read.value;
        const found = reviewImport(writeStrategy(doc), { packOf: () => WIDE_MARKET, agencies: [] });
        const missing = found.ok ? found.value.missing.filter(({ kind }) => kind !== "agency") : [];
        expect(missing).toEqual([]);
        expect(writeStrategy(withNames(doc, ({ name }) => name))).toBe(writeStrategy(doc));
        const renamed = withNames(doc, ({ kind, name }) => (kind === "content" ? `${name}.new` : name));
        const contents = (of: typeof doc) =>
          referencesOf(of).flatMap(({ kind, name }) => (kind === "content" ? [name] : []));
        expect(contents(renamed)).toEqual(contents(doc).map((name) => `${name}.new`));
      }),
      { numRuns: 60 },
    );
  });
});
