import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { compileStrategy } from "../../compile/compile";
import type { Facts } from "../../model/facts";
import type { JsonValue } from "../../model/json";
import { EXECUTORS, story } from "../../run/testing/both-executors";
import { samplePack } from "../testing/sample";
import { importJdm, type JdmImport } from "./import-jdm";

/**
 * Decision graphs drawn by others, with the answers their authors expect. They are not part of this repository: the folder is named
 * by DUECOURSE_REAL_DATA or lies beside it.
 */
const FOLDER = join(process.env.DUECOURSE_REAL_DATA ?? resolve(import.meta.dirname, "../../../../shared/data"), "jdm");
const GRAPHS = existsSync(join(FOLDER, "graphs")) ? readdirSync(join(FOLDER, "graphs")).sort() : [];
const THERE = GRAPHS.length > 0;

type Json = { readonly [member: string]: JsonValue };

const isObject = (value: JsonValue | undefined): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function at(value: JsonValue, path: string): JsonValue | undefined {
  return path
    .split(".")
    .reduce<JsonValue | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** Everything that is not an object, by its path; nothing where there is nothing. */
function leaves(value: JsonValue, path = ""): readonly (readonly [string, JsonValue])[] {
  if (value === null) return [];
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, path === "" ? name : `${path}.${name}`));
}

/** The facts of an account as the lender's file would bring this input. */
function factsOf(input: JsonValue, { inputs }: JdmImport): Facts {
  return Object.fromEntries(
    inputs.map(({ path, field }) => {
      const value = at(input, path);
      return [field, typeof value === "object" || value === undefined ? null : value];
    }),
  );
}

/** The graph's answer out of what the strategy remembers. */
function answerOf(
  imported: JdmImport,
  input: JsonValue,
  { exit, vars }: { readonly exit: string; readonly vars: Facts },
) {
  const answer = imported.answers.find((known) => known.exit === exit);
  if (answer === undefined) throw new Error(`no answer at ${exit}`);
  const written = new Set(answer.outputs.map(({ path }) => path));
  const passed = answer.passesInput
    ? leaves(input).filter(
        ([path]) =>
          !written.has(path) && !answer.removed.some((removed) => path === removed || path.startsWith(`${removed}.`)),
      )
    : [];
  const made = answer.outputs.flatMap(({ path, variable }) => {
    const value = vars[variable] ?? null;
    return value === null ? [] : [[path, value] as const];
  });
  return Object.fromEntries([...passed, ...made]);
}

/** ZEN reckons in decimals, we in binary fractions: twelve digits are what both have. */
const rounded = (value: JsonValue): JsonValue => (typeof value === "number" ? Number(value.toPrecision(12)) : value);
const comparable = (answer: Json): Json =>
  Object.fromEntries(Object.entries(answer).map(([path, value]) => [path, rounded(value)]));

function load(name: string) {
  const text = readFileSync(join(FOLDER, "graphs", name), "utf8");
  const imported = importJdm(text, { id: "strat_jdm", key: "jdm", name: { en: name } });
  return {
    imported,
    tests: (JSON.parse(text).tests ?? []) as { readonly input: JsonValue; readonly output: JsonValue }[],
  };
}

/** Graphs that cannot be taken over, with the codes that say why; `docs/guide/jdm-import` counts them. */
const REFUSED: { readonly [graph: string]: readonly string[] } = {
  "application-risk-assessment.json": ["jdm.function"],
  "booking-personalization-system.json": ["jdm.list", "jdm.object"],
  "claim-validation-system.json": ["jdm.function"],
  "clinical-lab-result-interpreter.json": ["jdm.input-field", "jdm.loop"],
  "clinical-pathway-selection.json": ["jdm.function", "jdm.operator"],
  "credit-limit-adjustment.json": ["jdm.function"],
  "customer-eligibility-engine.json": ["jdm.function", "jdm.object"],
  "decision-table-shipping.json": ["jdm.function", "jdm.list"],
  "flight-rebooking-fee-calculator.json": ["jdm.function"],
  "government-assistance.json": ["jdm.text-joined"],
  "hazardous-materials-management-system.json": ["jdm.function"],
  "last-mile-delivery-assignment.json": ["jdm.list"],
  "municipal-permit-evaluation-system.json": ["jdm.text-joined"],
  "nested-request.json": ["jdm.fork"],
  "online-checkin-eligibility.json": ["jdm.clock", "jdm.compared-fields"],
  "policy-discount-calculator.json": ["jdm.collect", "jdm.list"],
  "product-listing-scoring.json": ["jdm.object"],
  "realtime-fraud-detection.json": ["jdm.clock", "jdm.compared-fields"],
  "seller-approval-workflow.json": ["jdm.clock"],
  "shipping-carrier-selector.json": ["jdm.collect", "jdm.list"],
  "supply-chain-risk.json": ["jdm.function"],
  "table-loop.json": ["jdm.input-field", "jdm.loop"],
  "traffic-violation-penalty-calculator.json": ["jdm.function"],
  "warehouse-cross-docking.json": ["jdm.clock", "jdm.function"],
};

test.runIf(!THERE)(`skipped: there are no decision graphs in ${FOLDER}`, () => {
  expect(GRAPHS).toEqual([]);
});

describe.runIf(THERE).each(GRAPHS)("the graph %s", (name) => {
  const { imported, tests } = load(name);

  test("is taken over whole, or refused for what it cannot be", () => {
    const codes = imported.ok ? [] : imported.error.map(({ code }) => code);
    expect([...new Set(codes)].sort()).toEqual(REFUSED[name] ?? []);
    for (const { params } of imported.ok ? [] : imported.error) expect(params.node).not.toBe("");
  });

  test.runIf(imported.ok)("answers as its author expects, in both executors", async () => {
    if (!imported.ok) return;
    const compiled = compileStrategy(imported.value.doc, samplePack);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error.slice(0, 5)));
    expect(tests.length).toBeGreaterThan(0);
    for (const [, link] of EXECUTORS) {
      for (const { input, output } of tests) {
        const { state } = await story(link, compiled.value).start(factsOf(input, imported.value));
        expect(state.status).toBe("exited");
        const answer = answerOf(imported.value, input, { exit: state.nodeId, vars: state.vars });
        expect(comparable(answer)).toEqual(comparable(Object.fromEntries(leaves(output))));
      }
    }
  });
});

test.runIf(THERE)(
  "a table of 7,990 rows is taken over, compiled and run",
  async () => {
    const text = readFileSync(join(FOLDER, "8k.json"), "utf8");
    const imported = importJdm(text, { id: "strat_jdm", key: "jdm", name: { en: "8k" } });
    if (!imported.ok) throw new Error(JSON.stringify(imported.error.slice(0, 5)));
    const compiled = compileStrategy(imported.value.doc, samplePack);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error.slice(0, 5)));
    const customer = { country: "GB", totalSpend: 50, email: "a@gmail.com" };
    const product = { currency: "GBP", price: 20 };
    const cases = [
      [
        { customer, product },
        { "shipping.price": 5, "shipping.currency": "GBP" },
      ],
      [
        { customer: { ...customer, email: "a@gmail.com.cn" }, product },
        { "shipping.price": 10, "shipping.currency": "USD" },
      ],
      [
        { customer, product: { price: 20 } },
        { "shipping.price": 10, "shipping.currency": "USD" },
      ],
    ] as const;
    for (const [name, link] of EXECUTORS) {
      for (const [input, expected] of name === "reference" ? cases.slice(0, 1) : cases) {
        const { state } = await story(link, compiled.value).start(factsOf(input, imported.value));
        expect(answerOf(imported.value, input, { exit: state.nodeId, vars: state.vars })).toEqual(expected);
      }
    }
  },
  600_000,
);
