import { describe, expect, it } from "vitest";
import { emptyStrategy, type Field, nodeDefinitions, type StrategyDoc, writeStrategy } from "#engine";
import { innerDoc } from "./inner-doc";
import { stepRenamed } from "./names";
import { applyOperations, type Change } from "./operation";
import { viewOf } from "./step-view";
import { changed, insertFirst, insertOnEdges, removeSteps, setFirst, updateData } from "./steps";
import { addStrategy, duplicateStrategy, removeStrategy, renameStrategy } from "./sub-strategies";
import { exitsOf } from "./uses";
import {
  addVariable,
  fieldUses,
  removeField,
  removeVariable,
  renameField,
  renameVariable,
  setField,
  setVariable,
  variableNameProblem,
  variableUses,
} from "./variables";

const empty = (): StrategyDoc => emptyStrategy({ id: "strat_m1", key: "m1", name: { en: "M1" }, market: "cn" });

/** A strategy that remembers a score and asks for it in a branch, in an exit and in a scenario. */
function withScore(): StrategyDoc {
  const declared = changed(empty(), addVariable(empty(), { name: "score", type: "number", initial: null }));
  const made = insertOnEdges(declared, { edgeIds: declared.edges.map((edge) => edge.id), type: "branch" });
  const drawn = changed(declared, made?.change ?? null);
  const when = { fact: "var.score", operator: "greaterThan" as const, value: 60 };
  const asked = changed(drawn, updateData(drawn, made?.nodeId ?? "", { rules: [{ id: "rule-1", when }] }));
  return {
    ...asked,
    settings: { ...asked.settings, exits: [{ id: "exit-1", reason: "cured", when }] },
    tests: [
      {
        id: "good",
        name: { en: "Good" },
        startAt: "2026-03-02T09:00:00+08:00",
        party: "1",
        facts: { "var.score": 70 },
        events: [],
        expect: { vars: { score: 70 } },
      },
    ],
  };
}

const vip: Field = {
  key: "custom.vip",
  type: "integer",
  label: { en: "VIP" },
  aliases: [],
  origin: "column",
  usableInRules: true,
  personal: false,
  required: false,
};

function undone(doc: StrategyDoc, change: Change): StrategyDoc {
  const applied = applyOperations(doc, change.operations);
  return applyOperations(applied.doc, applied.inverse).doc;
}

describe("a variable", () => {
  it("is declared once, by a name conditions can carry", () => {
    const doc = withScore();
    const { variables } = doc.settings;
    expect(variableNameProblem(variables, "score")).toBe("taken");
    expect(variableNameProblem(variables, "Score")).toBe("shape");
    expect(variableNameProblem(variables, "stage")).toBe("reserved");
    expect(addVariable(doc, { name: "score", type: "text", initial: null })).toBeNull();
  });

  it("takes its new name along to every step, exit and scenario that uses it", () => {
    const doc = withScore();
    const change = renameVariable(doc, null, { from: "score", to: "risk" });
    const after = changed(doc, change);
    expect(writeStrategy(after)).not.toContain("score");
    expect(after.settings.variables.map(({ name }) => name)).toEqual(["risk"]);
    expect(after.settings.exits[0]?.when).toMatchObject({ fact: "var.risk" });
    expect(after.tests[0]).toMatchObject({ facts: { "var.risk": 70 }, expect: { vars: { risk: 70 } } });
    expect(variableUses(after, null, "risk")).toHaveLength(3);
    expect(change === null ? null : undone(doc, change)).toEqual(doc);
  });

  it("stays while something uses it, and says what", () => {
    const doc = withScore();
    expect(removeVariable(doc, null, "score")).toBeNull();
    expect(variableUses(doc, null, "score").map(({ kind }) => kind)).toEqual(["step", "exit", "scenario"]);
    const unused = changed(doc, addVariable(doc, { name: "spare", type: "date", initial: null }));
    const after = changed(unused, removeVariable(unused, null, "spare"));
    expect(after.settings.variables.map(({ name }) => name)).toEqual(["score"]);
  });

  it("is set without losing the others", () => {
    const doc = withScore();
    const after = changed(doc, setVariable(doc, { name: "score", type: "number", initial: 5 }));
    expect(after.settings.variables).toEqual([{ name: "score", type: "number", initial: 5 }]);
  });
});

describe("a lender's field", () => {
  it("is renamed wherever it is asked, inside and outside, and stays while it is asked", () => {
    const declared = changed(empty(), setField(empty(), vip));
    const inside = addStrategy(declared, { en: "Part" });
    const both = changed(declared, inside?.change ?? null);
    const when = { fact: "custom.vip", operator: "equal" as const, value: 1 };
    const data = { rules: [{ id: "rule-1", when }] };
    const node = { id: "branch-1", type: "branch", version: 1, data };
    const asking = {
      ...both,
      strategies: both.strategies.map((strategy) => ({ ...strategy, nodes: [...strategy.nodes, node] })),
    };
    expect(fieldUses(asking, "custom.vip")).toMatchObject([{ kind: "step", strategy: "part-1" }]);
    expect(removeField(asking, "custom.vip")).toBeNull();
    const after = changed(asking, renameField(asking, { from: "custom.vip", to: "custom.gold" }));
    expect(writeStrategy(after)).not.toContain("custom.vip");
    expect(after.strategies[0]?.nodes[1]?.data).toEqual({
      rules: [{ id: "rule-1", when: { ...when, fact: "custom.gold" } }],
    });
  });
});

describe("a strategy inside", () => {
  const made = addStrategy(empty(), { en: "Follow-up" });
  const doc = changed(empty(), made?.change ?? null);
  const key = made?.key ?? "";
  const open = (of: StrategyDoc): StrategyDoc => {
    const inner = innerDoc(of, key);
    if (inner === null) throw new Error("not there");
    return inner;
  };

  it("begins as an exit and grows from its beginning", () => {
    expect(open(doc).nodes.map((node) => node.id)).toEqual(["done"]);
    const first = insertFirst(open(doc), "sms");
    const grown = changed(open(doc), first?.change ?? null);
    expect(grown.entry.node).toBe(first?.nodeId);
    expect(grown.edges).toMatchObject([{ from: { node: first?.nodeId }, to: "done" }]);
    expect(insertFirst(open(doc), "exit")).toBeNull();
    expect(insertFirst(empty(), "sms")).toBeNull();
  });

  it("begins at what followed when its first step is taken away, and never at nothing", () => {
    const first = insertFirst(open(doc), "sms");
    const grown = changed(open(doc), first?.change ?? null);
    const after = changed(grown, removeSteps(grown, [first?.nodeId ?? ""]));
    expect(after.entry.node).toBe("done");
    expect(removeSteps(after, ["done"])).toBeNull();
    expect(changed(grown, setFirst(grown, "done")).entry.node).toBe("done");
    expect(setFirst(empty(), "done")).toBeNull();
  });

  it("is edited as a document of its own and leaves the rest as it was", () => {
    const inside = insertFirst(open(doc), "wait");
    const operations = (inside?.change.operations ?? []).map(
      (operation) => ({ kind: "in-strategy", strategy: key, operation }) as const,
    );
    const applied = applyOperations(doc, operations);
    expect(applied.doc.strategies[0]?.nodes.map((node) => node.type)).toEqual(["exit", "wait"]);
    expect(applied.doc.nodes).toEqual(doc.nodes);
    expect(applied.doc.layout).toEqual(doc.layout);
    expect(applyOperations(applied.doc, applied.inverse).doc).toEqual(doc);
  });

  it("has variables of its own, which another of the same name does not touch", () => {
    const outer = changed(doc, addVariable(doc, { name: "count", type: "integer", initial: 0 }));
    const declare = addVariable(open(outer), { name: "count", type: "integer", initial: 1 });
    const both = applyOperations(
      outer,
      (declare?.operations ?? []).map((operation) => ({ kind: "in-strategy", strategy: key, operation }) as const),
    ).doc;
    const after = changed(both, renameVariable(both, key, { from: "count", to: "rounds" }));
    expect(after.settings.variables.map(({ name }) => name)).toEqual(["count"]);
    expect(after.strategies[0]?.variables.map(({ name }) => name)).toEqual(["rounds"]);
  });

  it("is copied under a key of its own, renamed and taken away", () => {
    const copy = duplicateStrategy(doc, key, { en: "Copy" });
    const two = changed(doc, copy?.change ?? null);
    expect(two.strategies.map((strategy) => strategy.key)).toEqual(["part-1", "part-2"]);
    const named = changed(two, renameStrategy(two, key, { en: "First" }));
    expect(named.strategies[0]?.name).toEqual({ en: "First" });
    expect(changed(named, removeStrategy(named, key)).strategies.map((strategy) => strategy.key)).toEqual(["part-2"]);
    expect(exitsOf(doc, key)).toEqual([{ id: "done" }]);
  });
});

describe("names in a step", () => {
  it("are found in every example of every step type, and changed nowhere else", () => {
    const mark = (name: string) => `${name}x`;
    const examples = nodeDefinitions.flatMap((definition) =>
      definition.examples.map((data) => ({ id: "step", type: definition.type, version: definition.version, data })),
    ) as StrategyDoc["nodes"];
    for (const node of examples) {
      expect(viewOf(node).data).not.toBeNull();
      expect(stepRenamed(node, { fact: (fact) => fact, variable: (name) => name })).toBe(node);
      const renamed = stepRenamed(node, { fact: mark, variable: mark });
      const back = stepRenamed(renamed, { fact: (fact) => fact.slice(0, -1), variable: (name) => name.slice(0, -1) });
      expect(back).toEqual(node);
    }
  });
});
