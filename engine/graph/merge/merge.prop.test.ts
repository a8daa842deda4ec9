import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type StrategyDoc, StrategyNodeSchema } from "../../model/strategy";
import { nodeDefinitions } from "../../nodes";
import { documentArbitrary } from "../../run/testing/documents/document";
import { WIDE_MARKET } from "../../run/testing/documents/wide-market";
import { diffStrategies } from "../diff/diff";
import { parseStrategy } from "../parse";
import { stepOf } from "../step-data";
import { writeStrategy } from "../write";
import { type MergeChoices, mergeStrategies } from "./merge";

const strategies = documentArbitrary
  .map((document) => parseStrategy(document))
  .filter((read) => read.ok)
  .map(({ value }) => value);

const WAIT = nodeDefinitions.find(({ type }) => type === "wait") ?? raise();
function raise(): never {
  throw new Error("there is no step that waits");
}

/** An edit as an author makes one. The number says where, as far as there is such a place. */
const EDITS: readonly ((doc: StrategyDoc, at: number, mark: string) => StrategyDoc)[] = [
  (doc, at, mark) => withStep(doc, at, (node) => ({ ...node, name: { en: mark } })),
  (doc, at, mark) => withStep(doc, at, (node) => ({ ...node, note: mark })),
  (doc, at) => removed(doc, doc.nodes[at % doc.nodes.length]?.id ?? ""),
  (doc, at) => inserted(doc, at),
  (doc, at, mark) => ({
    ...doc,
    edges: doc.edges.map((edge, index) =>
      index === at % doc.edges.length
        ? { ...edge, to: doc.nodes[mark.length % doc.nodes.length]?.id ?? edge.to }
        : edge,
    ),
  }),
  (doc, _at, mark) => ({ ...doc, name: { ...doc.name, en: mark } }),
  (doc, at) => ({ ...doc, settings: { ...doc.settings, horizonDays: 100 + at } }),
  (doc, at, mark) => ({ ...doc, notes: [...doc.notes, { id: "note-1", text: mark, position: { x: at, y: 0 } }] }),
  (doc, at) => ({
    ...doc,
    layout: { mode: "free", positions: { [doc.nodes[at % doc.nodes.length]?.id ?? ""]: { x: at, y: at } } },
  }),
  (doc, at) => withStep(doc, at, (node) => dataChanged(node, at)),
];

function withStep(
  doc: StrategyDoc,
  at: number,
  change: (node: StrategyDoc["nodes"][number]) => StrategyDoc["nodes"][number],
) {
  return { ...doc, nodes: doc.nodes.map((node, index) => (index === at % doc.nodes.length ? change(node) : node)) };
}

/** A step of another kind in its place, or the same with its lists turned round, as far as it can be read then. */
function dataChanged(node: StrategyDoc["nodes"][number], at: number) {
  const entries = Object.entries(node.data).map(([name, value]) =>
    Array.isArray(value) ? [name, value.slice(at % 2).reverse()] : [name, value],
  );
  const changed = { ...node, data: Object.fromEntries(entries) as typeof node.data };
  return stepOf(changed) === null ? node : changed;
}

/** A step taken out with its lines, as deleting it does. The first step stays. */
function removed(doc: StrategyDoc, id: string): StrategyDoc {
  if (id === doc.entry.node || doc.nodes.length < 3) return doc;
  return {
    ...doc,
    nodes: doc.nodes.filter((node) => node.id !== id),
    edges: doc.edges.filter(({ from, to }) => from.node !== id && to !== id),
  };
}

/** A step put into a line, under the id the designer would give it. */
function inserted(doc: StrategyDoc, at: number): StrategyDoc {
  const edge = doc.edges[at % doc.edges.length];
  const model = doc.nodes[at % doc.nodes.length];
  if (edge === undefined || model === undefined || doc.nodes.some(({ id }) => id === "new-1")) return doc;
  const step = StrategyNodeSchema.parse({
    id: "new-1",
    type: WAIT.type,
    version: WAIT.version,
    name: { en: `new ${at}` },
    data: WAIT.initial(),
  });
  const handle = WAIT.handles(WAIT.initial())[0]?.id ?? "";
  const edges = doc.edges.map((one) => (one === edge ? { ...one, to: step.id } : one));
  return {
    ...doc,
    nodes: [...doc.nodes, step],
    edges: [...edges, { id: "new-1-next", from: { node: step.id, handle }, to: edge.to }],
  };
}

/** Choices may bring further conflicts, but not for ever. */
const ROUNDS_MAX = 8;
const edit = fc.record({
  kind: fc.nat(EDITS.length - 1),
  at: fc.nat(60),
  mark: fc.string({ minLength: 1, maxLength: 9 }),
});
const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
type Edits = readonly { readonly kind: number; readonly at: number; readonly mark: string }[];

function edited(doc: StrategyDoc, all: Edits): StrategyDoc {
  return all.reduce((current, { kind, at, mark }) => EDITS[kind]?.(current, at, mark) ?? current, doc);
}

/** The same document, whatever the order of its members and of lists whose order says nothing. */
function expectSame(left: StrategyDoc, right: StrategyDoc): void {
  expect(diffStrategies(left, right, WIDE_MARKET).changes.map(({ words }) => words.en.sentence)).toEqual([]);
  expect(left.layout).toEqual(right.layout);
}

describe("merging what two people made of one strategy", () => {
  test("gives mine when only I changed it, theirs when only they did, and either when both did the same", () => {
    fc.assert(
      fc.property(strategies, edits, (base, made) => {
        const changed = edited(base, made);
        expect(mergeStrategies({ base, mine: changed, theirs: structuredClone(base) }, WIDE_MARKET)).toEqual({
          doc: changed,
          conflicts: [],
        });
        for (const mine of [structuredClone(base), structuredClone(changed)]) {
          const merged = mergeStrategies({ base, mine, theirs: changed }, WIDE_MARKET);
          expect(merged).toEqual({ doc: changed, conflicts: [] });
        }
      }),
      { numRuns: 40 },
    );
  });

  test("never leaves a line that leads to nothing, and the merged strategy can be read, whatever is chosen", () => {
    fc.assert(
      fc.property(
        strategies,
        fc.tuple(edits, edits),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (base, [a, b], coins) => {
          const sides = { base, mine: edited(base, a), theirs: edited(base, b) };
          let choices: MergeChoices = {};
          // A choice may bring further conflicts; each round answers those that are new.
          for (let round = 0; round < ROUNDS_MAX; round += 1) {
            const { doc, conflicts } = mergeStrategies(sides, WIDE_MARKET, { choices });
            const ids = new Set(doc.nodes.map(({ id }) => id));
            expect(doc.edges.filter(({ from, to }) => !ids.has(from.node) || !ids.has(to))).toEqual([]);
            expect(ids.has(doc.entry.node)).toBe(true);
            expect(new Set(doc.edges.map(({ id }) => id)).size).toBe(doc.edges.length);
            expect(new Set(conflicts.map(({ id }) => id)).size).toBe(conflicts.length);
            const read = parseStrategy(JSON.parse(writeStrategy(doc)));
            expect(read.ok ? [] : read.error).toEqual([]);
            const open = conflicts.filter(({ id }) => !Object.hasOwn(choices, id));
            if (open.length === 0) return;
            expect(round).toBeLessThan(ROUNDS_MAX - 1);
            choices = {
              ...choices,
              ...Object.fromEntries(
                open.map(({ id }, at) => [id, coins[(at + round) % coins.length] ? "mine" : "theirs"]),
              ),
            };
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test("is the same from both desks where nothing conflicts, and finds as many conflicts from either", () => {
    fc.assert(
      fc.property(strategies, edits, edits, (base, a, b) => {
        const [mine, theirs] = [edited(base, a), edited(base, b)];
        const here = mergeStrategies({ base, mine, theirs }, WIDE_MARKET);
        const there = mergeStrategies({ base, mine: theirs, theirs: mine }, WIDE_MARKET);
        expect(here.conflicts.length === 0).toBe(there.conflicts.length === 0);
        // Steps that both added are counted up on one desk or the other.
        const twins = mine.nodes.some(({ id }) => id === "new-1") && theirs.nodes.some(({ id }) => id === "new-1");
        const notes = mine.notes.length > 0 && theirs.notes.length > 0;
        if (here.conflicts.length === 0 && !twins && !notes) expectSame(here.doc, there.doc);
      }),
      { numRuns: 40 },
    );
  });

  test("says every conflict in both languages", () => {
    fc.assert(
      fc.property(strategies, edits, edits, (base, a, b) => {
        const { conflicts } = mergeStrategies({ base, mine: edited(base, a), theirs: edited(base, b) }, WIDE_MARKET);
        for (const { words } of conflicts) {
          for (const said of Object.values(words)) {
            const all = [said.subject, said.place, said.base ?? "", said.mine ?? "", said.theirs ?? ""].join(" ");
            expect(all).not.toMatch(/undefined|\[object/);
            expect(said.subject).not.toBe("");
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("edits that touch different steps", () => {
  test("are both there, and nothing is asked", () => {
    fc.assert(
      fc.property(strategies, fc.nat(60), fc.nat(60), (base, left, right) => {
        const [a, b] = [left % base.nodes.length, right % base.nodes.length];
        fc.pre(a !== b);
        const mine = withStep(base, a, (node) => ({ ...node, name: { en: "Mine" }, note: "of mine" }));
        const theirs = withStep(base, b, (node) => ({ ...node, name: { en: "Theirs" } }));
        const { doc, conflicts } = mergeStrategies({ base, mine, theirs }, WIDE_MARKET);
        expect(conflicts).toEqual([]);
        expect(doc).toEqual(withStep(mine, b, (node) => ({ ...node, name: { en: "Theirs" } })));
      }),
      { numRuns: 40 },
    );
  });
});
