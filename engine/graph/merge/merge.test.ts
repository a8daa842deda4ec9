import { describe, expect, it } from "vitest";
import type { StrategyDoc } from "../../model/strategy";
import { exitStep, samplePack, startStep, step, strategy } from "../testing/sample";
import { mergeStrategies } from "./merge";

const late = (days: number) => ({ fact: "dpd", operator: "greaterThan", value: days });
const rule = (id: string, days: number) => ({ id, when: late(days), name: { en: id } });
const edge = (node: string, handle: string, to: string) => ({ id: `${node}-${handle}`, from: { node, handle }, to });
const SMS = { contentId: "sms.reminder", waitForDelivery: true, giveUpHours: 24 };
const BASE = strategy({
  nodes: [
    startStep(),
    step("remind", "sms", SMS),
    step("fork", "branch", { rules: [rule("a", 10), rule("b", 20)] }),
    exitStep("done"),
  ],
  edges: [
    ["start", "enter", "remind"],
    ["remind", "delivered", "fork"],
    ["fork", "a", "done"],
  ],
});

type Step = StrategyDoc["nodes"][number];

const aStep = (id: string, type: string, data: Step["data"]): Step => ({ id, type, version: 1, data });

function withStep(doc: StrategyDoc, id: string, change: (node: Step) => Step): StrategyDoc {
  return { ...doc, nodes: doc.nodes.map((node) => (node.id === id ? change(node) : node)) };
}

const named = (doc: StrategyDoc, id: string, name: string) =>
  withStep(doc, id, (node) => ({ ...node, name: { en: name } }));
const ruled = (doc: StrategyDoc, rules: readonly ReturnType<typeof rule>[]) =>
  withStep(doc, "fork", (node) => ({ ...node, data: { ...node.data, rules: [...rules] } }));
const without = (doc: StrategyDoc, id: string): StrategyDoc => ({
  ...doc,
  nodes: doc.nodes.filter((node) => node.id !== id),
  edges: doc.edges.filter(({ from, to }) => from.node !== id && to !== id),
});
const inserted = (doc: StrategyDoc, before: string, name: string): StrategyDoc => ({
  ...doc,
  nodes: [...doc.nodes, { ...aStep("sms-1", "sms", { ...SMS }), name: { en: name } }],
  edges: [
    ...doc.edges.map((one) => (one.to === before ? { ...one, to: "sms-1" } : one)),
    edge("sms-1", "delivered", before),
  ],
});

function merged(mine: StrategyDoc, theirs: StrategyDoc, choices = {}) {
  const { doc, conflicts } = mergeStrategies({ base: BASE, mine, theirs }, samplePack, { choices });
  return { doc, conflicts, words: conflicts.map(({ words }) => words.en) };
}

const rulesOf = (doc: StrategyDoc) =>
  (doc.nodes.find(({ id }) => id === "fork")?.data.rules as undefined | { id: string }[])?.map(({ id }) => id);
const lines = ({ edges }: StrategyDoc) => edges.map(({ from, to }) => `${from.node}.${from.handle} > ${to}`).sort();

describe("two people at one draft", () => {
  it("keep both names where each named another step, and ask where both named the same", () => {
    const apart = merged(named(BASE, "remind", "First text"), named(BASE, "done", "The end"));
    expect(apart.conflicts).toEqual([]);
    expect(apart.doc.nodes.flatMap(({ name }) => name ?? [])).toEqual([{ en: "First text" }, { en: "The end" }]);

    const same = merged(named(BASE, "remind", "Mine"), named(BASE, "remind", "Theirs"));
    expect(same.words).toEqual([
      { subject: "Mine", place: "name · English", base: null, mine: "Mine", theirs: "Theirs" },
    ]);
    const [conflict] = same.conflicts;
    const chosen = merged(named(BASE, "remind", "Mine"), named(BASE, "remind", "Theirs"), {
      [conflict?.id ?? ""]: "theirs",
    });
    expect(chosen.doc.nodes[1]?.name).toEqual({ en: "Theirs" });
  });

  it("keep both rules that each wrote into one step, where their order is plain", () => {
    const both = merged(
      ruled(BASE, [rule("mine", 5), rule("a", 10), rule("b", 20)]),
      ruled(BASE, [rule("a", 10), rule("b", 25)]),
    );
    expect(both.conflicts).toEqual([]);
    expect(rulesOf(both.doc)).toEqual(["mine", "a", "b"]);
    expect(both.doc.nodes[2]?.data.rules).toContainEqual(rule("b", 25));
  });

  it("ask whose rule comes first where both wrote one at the same place, and keep both either way", () => {
    const mine = ruled(BASE, [rule("a", 10), rule("b", 20), rule("mine", 30)]);
    const theirs = ruled(BASE, [rule("a", 10), rule("b", 20), rule("theirs", 40)]);
    const asked = merged(mine, theirs);
    expect(asked.words).toMatchObject([{ place: expect.stringContaining("order") }]);
    expect(rulesOf(asked.doc)).toEqual(["a", "b", "mine", "theirs"]);
    const other = merged(mine, theirs, { [asked.conflicts[0]?.id ?? ""]: "theirs" });
    expect(rulesOf(other.doc)).toEqual(["a", "b", "theirs", "mine"]);
  });

  it("ask about a step that one took away and the other changed; kept, it still leads where it led", () => {
    const mine = without(BASE, "remind");
    const theirs = named(BASE, "remind", "Better text");
    const asked = merged(mine, theirs);
    expect(asked.words).toMatchObject([{ subject: "Better text", mine: null, theirs: expect.any(String) }]);
    expect(asked.doc.nodes.map(({ id }) => id)).not.toContain("remind");
    const kept = merged(mine, theirs, { [asked.conflicts[0]?.id ?? ""]: "theirs" });
    expect(kept.doc.nodes.map(({ id }) => id)).toContain("remind");
    expect(lines(kept.doc)).toContain("remind.delivered > fork");
  });

  it("ask about a step that one took away and the other leads to", () => {
    const theirs = { ...BASE, edges: [...BASE.edges, edge("remind", "failed", "fork")] };
    const mine = without(BASE, "fork");
    const asked = merged(mine, theirs);
    expect(asked.conflicts.map(({ subject }) => subject.id)).toEqual(["fork"]);
    expect(lines(asked.doc)).toEqual(["start.enter > remind"]);
    const kept = merged(mine, theirs, { [asked.conflicts[0]?.id ?? ""]: "theirs" });
    expect(lines(kept.doc)).toEqual(
      expect.arrayContaining(["remind.failed > fork", "fork.a > done", "start.enter > remind"]),
    );
  });

  it("are both given a step of the id that was free, and get both steps", () => {
    const both = merged(inserted(BASE, "done", "Mine"), inserted(BASE, "remind", "Theirs"));
    expect(both.conflicts).toEqual([]);
    expect(lines(both.doc)).toEqual([
      "fork.a > sms-2",
      "remind.delivered > fork",
      "sms-1.delivered > remind",
      "sms-2.delivered > done",
      "start.enter > sms-1",
    ]);
    expect(both.doc.nodes.find(({ id }) => id === "sms-2")?.name).toEqual({ en: "Mine" });
  });

  it("ask about all shares of an experiment at once where both changed some: they must sum up", () => {
    const arm = (id: string, weight: number) => ({ id, weight, name: { en: id } });
    const split = (weights: readonly [number, number, number]): StrategyDoc => ({
      ...BASE,
      nodes: [
        ...BASE.nodes,
        aStep("ab", "split", {
          experimentKey: "spring",
          phase: 1,
          arms: [arm("x", weights[0]), arm("y", weights[1]), arm("z", weights[2])],
        }),
      ],
    });
    const sides = {
      base: split([4000, 3000, 3000]),
      mine: split([5000, 2000, 3000]),
      theirs: split([4000, 2000, 4000]),
    };
    const { conflicts, doc } = mergeStrategies(sides, samplePack);
    expect(conflicts.map(({ subject, path }) => [subject.id, path])).toEqual([["ab", ["data", "arms"]]]);
    expect(doc.nodes.at(-1)).toEqual(sides.mine.nodes.at(-1));
  });
});
