import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { iconNames } from "lucide-react/dynamic";
import { describe, expect, test } from "vitest";
import { handlesTaken } from "../compile/handles";
import type { Content } from "../model/content";
import { EVENT_TYPES } from "../model/execution";
import { canonicalJson, type JsonValue } from "../model/json";
import { LOCALES } from "../model/locale";
import { innerStepId, type RequestSpec, type RuleSet, type StepSpec } from "../model/program";
import { HandleIdSchema, type StrategySettings } from "../model/strategy";
import { DAY_MS } from "../model/time";
import type { AuthoredRule, CompiledStep, CompoundStep, NodeContext } from "./define";
import { DURATION_DAYS_MAX } from "./fragments";
import { definitionOf, nodeDefinitions } from "./index";

const FOLDERS = readdirSync(import.meta.dirname, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== "testing",
);
const SOURCES = FOLDERS.map((folder) => readFileSync(join(import.meta.dirname, folder.name, "node.ts"), "utf8"));
type JsonMembers = { readonly [key: string]: JsonValue };
/** What several contact types are made of; a type that takes a whole step from there has its words there too. */
const SHARED = readFileSync(join(import.meta.dirname, "fragments-contact.ts"), "utf8");
const PLACEHOLDER = /\{\w+\}/g;
/** How answers are written: result codes of channels, verdicts, and words of the house or of an integration. */
const ANSWER_FORMS: { readonly [kind in RequestSpec["kind"]]: RegExp } = {
  contact: /^[A-Z]{2,4}$/,
  qa: /^(pass|block|review)$/,
  "conversation-qa": /^(pass|block|review)$/,
  task: /^[a-z][a-z-]*$/,
  external: /^[A-Za-z][\w-]*$/,
};

const SETTINGS: StrategySettings = {
  market: "cn",
  currency: "CNY",
  timeZone: "Asia/Shanghai",
  rulePack: "cn-default",
  horizonDays: 400,
  exits: [],
  variables: [],
  fields: [],
};

function contextFor(ruleSets: AuthoredRule[][]): NodeContext {
  const contents: { readonly [id: string]: Content } = {};
  return {
    nodeId: "step",
    settings: SETTINGS,
    fields: {},
    contents,
    lexicons: [],
    strategies: {},
    addRuleSet: (rules) => {
      ruleSets.push([...rules]);
      return `rules-${ruleSets.length}`;
    },
    ownVariable: (name) => innerStepId("step", name),
  };
}

/** Every handle a compiled step can be left by, its rules' outcomes included. */
function handlesLeft(compiled: CompiledStep, ruleSets: readonly (readonly AuthoredRule[])[]): ReadonlySet<string> {
  if (compiled.kind === "embedded") return new Set();
  if (compiled.kind !== "compound") return new Set(handlesTaken(compiled, ruleSetsById(ruleSets)));
  const ways = Object.values(compiled.parts).flatMap((part) => Object.values(part.ways));
  return new Set(ways.flatMap((way) => ("handle" in way ? [way.handle] : [])));
}

/** Rule sets by the ids `contextFor` gave them; only their outcomes are looked at here. */
function ruleSetsById(ruleSets: readonly (readonly AuthoredRule[])[]): { readonly [id: string]: RuleSet } {
  return Object.fromEntries(
    ruleSets.map((order, index) => [
      `rules-${index + 1}`,
      { id: `rules-${index + 1}`, order, rules: [], facts: [], types: {} },
    ]),
  );
}

/** The steps of executor kinds that a drawn step becomes. */
function specsOf(compiled: CompiledStep): readonly StepSpec[] {
  if (compiled.kind === "embedded") return [];
  return compiled.kind === "compound" ? Object.values(compiled.parts).map((part) => part.spec) : [compiled];
}

function takesTime(spec: StepSpec): boolean {
  return spec.kind === "wait" || (spec.kind === "request" && spec.goOn === null);
}

/** Ways out of a compound step that lead past no part that waits. */
function leftOnTheSpot({ first, parts }: CompoundStep): ReadonlySet<string> {
  const left = new Set<string>();
  const visited = new Set<string>();
  const visit = (name: string): void => {
    const part = parts[name];
    if (part === undefined) throw new Error(`no part called ${name}`);
    if (visited.has(name) || takesTime(part.spec)) return;
    visited.add(name);
    for (const way of Object.values(part.ways)) {
      if ("part" in way) visit(way.part);
      else left.add(way.handle);
    }
  };
  visit(first);
  return left;
}
/** Issues of the fragments, by what a type writes to take them over. */
const SHARED_ISSUES: { readonly [taken: string]: readonly string[] } = {
  "contentIssues\\(|messageStep\\(": ["content-missing", "content-unknown"],
  'contentIssues\\([^)]*channel: "|messageStep\\(': ["content-channel"],
  "hasSubject: true": ["subject-missing"],
  "redialIssues\\(": ["redial-never", "redial-too-late", "redial-bad-number"],
  contactDeskIssues: ["queue-missing", "due-too-late"],
};

function deepFreeze<TValue>(value: TValue): TValue {
  if (value !== null && typeof value === "object") {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

function durationsOf(spec: StepSpec): readonly number[] {
  if (spec.kind === "request") {
    const gaps = Object.values(spec.retry?.gapMinutes ?? {}).map((minutes) => minutes * 60_000);
    return [spec.deadlineMs, ...gaps];
  }
  if (spec.kind !== "wait") return [];
  if (spec.wait.mode === "duration") return [spec.wait.durationMs];
  return spec.wait.mode === "event" ? [spec.wait.deadlineMs] : [];
}

test("every folder of a step type is registered once", () => {
  expect(nodeDefinitions).toHaveLength(FOLDERS.length);
  expect(new Set(nodeDefinitions.map(({ type }) => type)).size).toBe(FOLDERS.length);
  expect(definitionOf("no-such-type")).toBeUndefined();
  expect(definitionOf("constructor")).toBeUndefined();
});

describe.each(nodeDefinitions.map((definition) => ({ type: definition.type, definition })))(
  "step type $type",
  ({ type, definition }) => {
    const samples = definition.examples.map(deepFreeze);
    const at = SOURCES.findIndex((text) => text.includes(`type: "${type}",`));
    const source = SOURCES[at] ?? "";
    const folder = join(import.meta.dirname, FOLDERS[at]?.name ?? "");

    test("has examples, and they survive JSON", () => {
      expect(samples.length).toBeGreaterThanOrEqual(2);
      for (const data of samples) {
        expect(definition.schema.parse(JSON.parse(JSON.stringify(data)))).toEqual(data);
      }
    });

    test("comes out of the palette with data that parse, new each time", () => {
      expect(definition.schema.safeParse(definition.initial()).success).toBe(true);
      expect(definition.initial()).not.toBe(definition.initial());
      expect(definition.initial()).toEqual(definition.initial());
    });

    test("refuses members it does not know", () => {
      for (const data of samples) expect(definition.schema.safeParse({ ...data, surprise: 1 }).success).toBe(false);
    });

    test("can bring data up from every older version", () => {
      const versions = Array.from({ length: definition.version - 1 }, (_, index) => String(index + 1));
      expect(Object.keys(definition.migrate)).toEqual(versions);
      for (const version of versions) {
        const kept: JsonMembers[] = JSON.parse(readFileSync(join(folder, "history", `${version}.json`), "utf8"));
        expect(kept.length).toBeGreaterThan(0);
        for (const old of kept) {
          let data = old;
          for (let from = Number(version); from < definition.version; from += 1) {
            data = definition.migrate[from]?.(data) ?? {};
          }
          expect(definition.schema.safeParse(data).success, JSON.stringify(old)).toBe(true);
        }
      }
    });

    test("has an icon that exists", () => {
      expect(iconNames).toContain(definition.icon);
    });

    test("offers exactly the ways on that its compiled step can take", () => {
      for (const data of samples) {
        const ruleSets: AuthoredRule[][] = [];
        const spec = definition.compile(data, contextFor(ruleSets));
        const ids = definition.handles(data).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) expect(HandleIdSchema.safeParse(id).success, id).toBe(true);
        if (spec.kind !== "embedded") expect([...ids].sort()).toEqual([...handlesLeft(spec, ruleSets)].sort());
      }
    });

    test("compiles to the same bytes every time", () => {
      for (const data of samples) {
        const [first, second]: [AuthoredRule[][], AuthoredRule[][]] = [[], []];
        const specs = [definition.compile(data, contextFor(first)), definition.compile(data, contextFor(second))];
        expect(canonicalJson([specs[0], first])).toBe(canonicalJson([specs[1], second]));
        expect(JSON.parse(JSON.stringify(specs[0]))).toEqual(specs[0]);
      }
    });

    test("never waits without a bound", () => {
      for (const data of samples) {
        for (const durationMs of specsOf(definition.compile(data, contextFor([]))).flatMap(durationsOf)) {
          expect(durationMs).toBeGreaterThan(0);
          expect(durationMs).toBeLessThanOrEqual(DURATION_DAYS_MAX * DAY_MS);
        }
      }
    });

    test("names answers of the world exactly when it waits for one", () => {
      for (const data of samples) {
        const spec = definition.compile(data, contextFor([]));
        const answers = definition.simulate(data);
        const waits = specsOf(spec).some(takesTime);
        expect(answers.length > 0).toBe(waits);
        if (waits) expect(answers.map(({ event }) => event)).toContain("timer.fired");
      }
    });

    test("marks the ways on that a step of several parts may take before it waits", () => {
      for (const data of samples) {
        const spec = definition.compile(data, contextFor([]));
        if (spec.kind !== "compound" || definition.simulate(data).length === 0) continue;
        const marked = definition.handles(data).flatMap(({ id, instant }) => (instant === true ? [id] : []));
        expect([...marked].sort()).toEqual([...leftOnTheSpot(spec)].sort());
      }
    });

    test("expects every answer it maps or retries, each written as a result code or a verdict", () => {
      for (const data of samples) {
        const spec = definition.compile(data, contextFor([]));
        if (spec.kind !== "request" || spec.goOn !== null) continue;
        const expected = definition.simulate(data).flatMap((answer) => ("outcomes" in answer ? answer.outcomes : []));
        expect(new Set(expected).size).toBe(expected.length);
        expect(expected).toEqual(
          expect.arrayContaining([...Object.keys(spec.outcomes), ...Object.keys(spec.retry?.gapMinutes ?? {})]),
        );
        const form = ANSWER_FORMS[spec.request.kind];
        for (const outcome of expected) expect(outcome).toMatch(form);
      }
    });

    test("asks in its form only for members of its data", () => {
      const members = new Set([definition.initial(), ...samples].flatMap((data) => Object.keys(data)));
      for (const { path } of definition.form) expect(members).toContain(path.split(".")[0]);
      expect([...members].sort()).toEqual([...new Set(definition.form.map(({ path }) => path.split(".")[0]))].sort());
    });

    describe.each(LOCALES)("texts in %s", (locale) => {
      const texts = definition.texts[locale];

      test("are complete and have no orphans", () => {
        const everyData = [definition.initial(), ...samples];
        const labels = everyData.flatMap((data) =>
          definition.handles(data).flatMap(({ label }) => ("key" in label ? [label.key] : [])),
        );
        expect(texts.title).not.toBe("");
        expect(texts.help).not.toBe("");
        expect(Object.keys(texts.handles).sort()).toEqual([...new Set(labels)].sort());
        expect(Object.keys(texts.fields).sort()).toEqual(definition.form.map(({ path }) => path).sort());
        const options = definition.form.flatMap((field) => field.options ?? []);
        expect(Object.keys(texts.options).sort()).toEqual([...new Set(options)].sort());
        const written = source.includes("messageStep(") ? source + SHARED : source;
        for (const key of Object.keys(texts.summary)) expect(written, key).toContain(`"${key}"`);
        for (const data of everyData) expect(Object.keys(texts.summary)).toContain(definition.summary(data).key);
        for (const text of Object.values(texts).flatMap((section) =>
          typeof section === "string" ? [section] : Object.values(section),
        )) {
          expect(text.trim()).not.toBe("");
        }
      });

      test("have a sentence for every issue the type can give, and for no other", () => {
        const events: readonly string[] = EVENT_TYPES;
        const literal = [...source.matchAll(/"([a-z.-]+\.[a-z-]+)"/g)]
          .map((match) => match[1] ?? "")
          .filter((code) => !events.includes(code));
        // What a step does in the house (`act: "hold.place"`) is written like an issue and is none.
        const own = literal.filter(
          (code) => code.startsWith(`${type}.`) && !code.endsWith(".incomplete") && !source.includes(` act: "${code}"`),
        );
        const shared = Object.entries(SHARED_ISSUES).flatMap(([taken, codes]) =>
          new RegExp(taken).test(source) ? codes.map((code) => `${type}.${code}`) : [],
        );
        expect(Object.keys(texts.issues).sort()).toEqual([...new Set([...own, ...shared])].sort());
      });

      test("leave no place of a summary unfilled", () => {
        for (const data of [definition.initial(), ...samples]) {
          const { key, params, condition } = definition.summary(data);
          const places = (texts.summary[key] ?? "").match(PLACEHOLDER) ?? [];
          const filled = [...Object.keys(params), ...(condition === undefined ? [] : ["condition"])];
          for (const place of places) expect(filled).toContain(place.slice(1, -1));
        }
      });
    });

    test("says the same in both languages", () => {
      const zh = definition.texts["zh-CN"];
      const en = definition.texts.en;
      for (const section of ["summary", "handles", "fields", "options", "issues"] as const) {
        expect(Object.keys(zh[section]).sort()).toEqual(Object.keys(en[section]).sort());
        for (const [key, text] of Object.entries(zh[section])) {
          expect([...(en[section][key]?.match(PLACEHOLDER) ?? [])].sort(), key).toEqual(
            [...(text.match(PLACEHOLDER) ?? [])].sort(),
          );
        }
      }
    });
  },
);
