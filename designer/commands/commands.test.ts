import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyStrategy, nodeDefinitions, type StrategyDoc, writeStrategy } from "#engine";
import { clipOf, pasteSteps, readClip, writeClip } from "./clip";
import { setName, setSettings } from "./details";
import { addFrame, addNote, changeNote, moveToFrame, removeFrame, removeNote } from "./marks";
import { applyOperations, type Change, type Operation } from "./operation";
import { bypassStep, moveStep, replaceStep } from "./rearrange";
import { mainHandle, nodeById, viewOf } from "./step-view";
import {
  addStep,
  changed,
  duplicateSteps,
  insertOnEdges,
  moveSteps,
  type NodeData,
  removeSteps,
  renameStep,
  tidy,
  updateData,
} from "./steps";
import { connect, connectProblem, disconnect, edgeFrom, redirect } from "./wiring";

const empty = (): StrategyDoc =>
  emptyStrategy({ id: "strat_m1", key: "m1", name: { "zh-CN": "M1 标准", en: "M1 standard" }, market: "cn" });

/** Entry -> robot call -> exit, with the other ways on of the call free. */
function withRobot(): { readonly doc: StrategyDoc; readonly robot: string } {
  const doc = empty();
  const made = insertOnEdges(doc, { edgeIds: doc.edges.map((edge) => edge.id), type: "robot" });
  if (made === null) throw new Error("no robot");
  return { doc: changed(doc, made.change), robot: made.nodeId };
}

function stepAfter(doc: StrategyDoc, type: string, from: { node: string; handle: string }) {
  const made = addStep(doc, { type, from });
  if (made === null) throw new Error(`cannot add ${type}`);
  return { doc: changed(doc, made.change), id: made.nodeId };
}

const targetOf = (doc: StrategyDoc, node: string, handle: string) => edgeFrom(doc, { node, handle })?.to;

describe("a step put on a line", () => {
  it("leads on by its main way to where the line led", () => {
    const { doc, robot } = withRobot();
    expect(targetOf(doc, "start", "enter")).toBe(robot);
    expect(targetOf(doc, robot, "promised")).toBe("done");
  });

  it("is refused when it would end the path", () => {
    const doc = empty();
    const edgeIds = doc.edges.map((edge) => edge.id);
    const types = nodeDefinitions.filter(
      (definition) => insertOnEdges(doc, { edgeIds, type: definition.type }) === null,
    );
    expect(types.map((definition) => definition.group)).toEqual(["entry", "exit"]);
  });
});

describe("a step taken away", () => {
  it("leaves the rest wired along its main way", () => {
    const { doc, robot } = withRobot();
    const after = changed(doc, removeSteps(doc, [robot]));
    expect(targetOf(after, "start", "enter")).toBe("done");
    expect(after.edges).toHaveLength(1);
  });

  it("takes a whole run away at once", () => {
    const { doc, robot } = withRobot();
    const edge = edgeFrom(doc, { node: robot, handle: "promised" });
    const wait = insertOnEdges(doc, { edgeIds: [edge?.id ?? ""], type: "wait" });
    const both = changed(doc, wait?.change ?? null);
    const after = changed(both, removeSteps(both, [robot, wait?.nodeId ?? ""]));
    expect(targetOf(after, "start", "enter")).toBe("done");
    expect(after.nodes.map((node) => node.id)).toEqual(["start", "done"]);
  });

  it("never is the entry", () => {
    expect(removeSteps(empty(), ["start"])).toBeNull();
  });

  it("leaves no edge in a loop that led back into itself", () => {
    const { doc, robot } = withRobot();
    const made = stepAfter(doc, "wait", { node: robot, handle: "exhausted" });
    const loop = changed(made.doc, connect(made.doc, { node: made.id, handle: "elapsed" }, robot));
    const after = changed(loop, removeSteps(loop, [made.id]));
    expect(targetOf(after, robot, "exhausted")).toBeUndefined();
  });
});

describe("connecting", () => {
  it("refuses a second edge from one way on, a step into itself and a way back into the entry", () => {
    const { doc, robot } = withRobot();
    expect(connectProblem(doc, { node: robot, handle: "promised" }, "done")).toBe("taken");
    expect(connectProblem(doc, { node: robot, handle: "spoke" }, robot)).toBe("self");
    expect(connectProblem(doc, { node: robot, handle: "spoke" }, "start")).toBe("entry");
    expect(connectProblem(doc, { node: robot, handle: "nonsense" }, "done")).toBe("no-such-way");
    expect(connectProblem(doc, { node: robot, handle: "spoke" }, "done")).toBeNull();
  });

  it("leads a taken way on elsewhere without a second edge", () => {
    const { doc, robot } = withRobot();
    const made = stepAfter(doc, "exit", { node: robot, handle: "spoke" });
    const after = changed(made.doc, redirect(made.doc, { node: robot, handle: "promised" }, made.id));
    expect(targetOf(after, robot, "promised")).toBe(made.id);
    expect(after.edges).toHaveLength(made.doc.edges.length);
  });
});

describe("a step whose ways on change", () => {
  it("keeps the main way's edge under its new name and drops the others", () => {
    const start = stepAfter({ ...empty(), edges: [] }, "sms", { node: "start", handle: "enter" });
    const delivered = changed(start.doc, connect(start.doc, { node: start.id, handle: "delivered" }, "done"));
    const both = changed(delivered, connect(delivered, { node: start.id, handle: "failed" }, "done"));
    const node = nodeById(both, start.id);
    const after = changed(both, updateData(both, start.id, { ...node?.data, waitForDelivery: false } as NodeData));
    expect(after.edges.filter((edge) => edge.from.node === start.id).map((edge) => edge.from.handle)).toEqual(["sent"]);
    expect(targetOf(after, start.id, "sent")).toBe("done");
  });
});

describe("a copy", () => {
  it("keeps the edges among the copied steps and never copies the entry", () => {
    const { doc, robot } = withRobot();
    const made = duplicateSteps(doc, ["start", robot, "done"]);
    const after = changed(doc, made?.change ?? null);
    expect(made?.nodeIds).toEqual(["exit-1", "robot-2"]);
    expect(targetOf(after, "robot-2", "promised")).toBe("exit-1");
    expect(after.nodes).toHaveLength(doc.nodes.length + 2);
  });
});

const aGesture = fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000));

describe("a step moved elsewhere", () => {
  it("stands in its new line, and its old place closes up", () => {
    const { doc, robot } = withRobot();
    const wait = stepAfter(doc, "wait", { node: robot, handle: "spoke" });
    const end = changed(wait.doc, connect(wait.doc, { node: wait.id, handle: "elapsed" }, "done"));
    const edge = edgeFrom(end, { node: "start", handle: "enter" });
    const after = changed(end, moveStep(end, wait.id, { kind: "on-edges", edgeIds: [edge?.id ?? ""] }));
    expect(targetOf(after, "start", "enter")).toBe(wait.id);
    expect(targetOf(after, wait.id, "elapsed")).toBe(robot);
    expect(targetOf(after, robot, "spoke")).toBe("done");
  });

  it("is refused where it stands already, and for the entry", () => {
    const { doc, robot } = withRobot();
    const own = edgeFrom(doc, { node: "start", handle: "enter" });
    expect(moveStep(doc, robot, { kind: "on-edges", edgeIds: [own?.id ?? ""] })).toBeNull();
    expect(moveStep(doc, "start", { kind: "on-edges", edgeIds: [own?.id ?? ""] })).toBeNull();
  });
});

describe("a step passed by", () => {
  it("stays with its ways on, and nothing leads to it", () => {
    const { doc, robot } = withRobot();
    const after = changed(doc, bypassStep(doc, robot));
    expect(targetOf(after, "start", "enter")).toBe("done");
    expect(targetOf(after, robot, "promised")).toBe("done");
    expect(bypassStep(after, robot)).toBeNull();
  });
});

describe("a step replaced", () => {
  it("has the lines of the old one and an id of its own", () => {
    const { doc, robot } = withRobot();
    const made = replaceStep(doc, robot, "wait");
    const after = changed(doc, made?.change ?? null);
    expect(made?.nodeId).toBe("wait-1");
    expect(targetOf(after, "start", "enter")).toBe("wait-1");
    expect(targetOf(after, "wait-1", "elapsed")).toBe("done");
    expect(nodeById(after, robot)).toBeUndefined();
  });

  it("is refused where the new one would cut off what follows", () => {
    const { doc, robot } = withRobot();
    expect(replaceStep(doc, robot, "exit")).toBeNull();
    expect(replaceStep(doc, "start", "wait")).toBeNull();
  });
});

describe("the clipboard", () => {
  it("carries steps into another strategy with what they need, and wires them where they are put", () => {
    const { doc, robot } = withRobot();
    const texted: StrategyDoc = {
      ...doc,
      contents: [
        {
          id: "own.robot-1",
          channel: "robot",
          title: { en: "Call" },
          text: { en: "Hello" },
          version: 1,
          stages: [],
          tone: "friendly",
        },
      ],
    };
    const node = nodeById(texted, robot);
    const using = changed(texted, updateData(texted, robot, { ...node?.data, contentId: "own.robot-1" } as NodeData));
    const clip = readClip(writeClip(clipOf(using, ["start", robot], {}) ?? using));
    const other = emptyStrategy({ id: "strat_m2", key: "m2", name: { en: "M2" }, market: "cn" });
    const pasted = pasteSteps(other, clip ?? other, { kind: "on-edges", edgeIds: other.edges.map(({ id }) => id) });
    const after = changed(other, pasted?.change ?? null);
    expect(pasted?.nodeIds).toEqual([robot]);
    expect(after.contents.map(({ id }) => id)).toEqual(["own.robot-1"]);
    expect(targetOf(after, "start", "enter")).toBe(robot);
    expect(targetOf(after, robot, "promised")).toBe("done");
  });

  it("is an export: reading and writing it again gives the same bytes", () => {
    fc.assert(
      fc.property(fc.array(aGesture, { maxLength: 30 }), (gestures) => {
        let doc = withRobot().doc;
        for (const numbers of gestures) {
          const next = changed(doc, gesture(doc, numbers));
          // Data of another type is what no form makes, and no export is read with it.
          if (next.nodes.every((node) => viewOf(node).data !== null)) doc = next;
        }
        const clip = clipOf(
          doc,
          doc.nodes.map(({ id }) => id),
          doc.layout.positions,
        );
        const written = [writeStrategy(doc), ...(clip === null ? [] : [writeClip(clip)])];
        for (const text of written) expect(writeStrategy(readClip(text) ?? empty())).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it("knows what is no strategy", () => {
    for (const text of ["", "hello", "{}", "[1,2]", '{"nodes":[]}']) expect(readClip(text)).toBeNull();
  });
});

/** One gesture, picked by numbers so that any sequence of them is possible on whatever document stands. */
function gesture(doc: StrategyDoc, [kind, first, second]: readonly [number, number, number]): Change | null {
  const pick = <TItem>(items: readonly TItem[], by: number): TItem | undefined => items[by % items.length];
  const node = pick(doc.nodes, first)?.id ?? "";
  const edge = pick(doc.edges, first)?.id ?? "";
  const type = pick(nodeDefinitions, second)?.type ?? "";
  const way = pick(doc.nodes.map(viewOf), first);
  const handle = way === undefined ? undefined : (pick(way.handles, second) ?? mainHandle(way));
  const from = { node, handle: handle?.id ?? "" };
  const other = pick(doc.nodes, second)?.id ?? "";
  const gestures: readonly (() => Change | null)[] = [
    () => addStep(doc, { type, position: { x: first, y: second } })?.change ?? null,
    () => addStep(doc, { type, from })?.change ?? null,
    () => insertOnEdges(doc, { edgeIds: [edge], type })?.change ?? null,
    () => removeSteps(doc, [node, other]),
    () => connect(doc, from, other),
    () => redirect(doc, from, other),
    () => disconnect(doc, [edge]),
    () => moveSteps(doc, { [node]: { x: first, y: second } }),
    () => tidy(doc),
    () => renameStep(doc, node, second % 2 === 0 ? { en: `Step ${second}` } : undefined),
    () => duplicateSteps(doc, [node, other])?.change ?? null,
    () => setName(doc, { en: `Name ${first}` }),
    () => setSettings(doc, { ...doc.settings, horizonDays: (first % 300) + 1 }),
    () => updateData(doc, node, (pick(nodeDefinitions, second)?.initial() ?? {}) as NodeData),
    () => moveStep(doc, node, { kind: "on-edges", edgeIds: [pick(doc.edges, second)?.id ?? ""] }),
    () => moveStep(doc, other, { kind: "behind", from }),
    () => bypassStep(doc, node),
    () => replaceStep(doc, node, type)?.change ?? null,
    () => {
      const clip = clipOf(doc, [node, other], doc.layout.positions);
      const where = second % 2 === 0 ? { kind: "loose" as const, at: null } : { kind: "behind" as const, from };
      return clip === null ? null : (pasteSteps(doc, clip, where)?.change ?? null);
    },
    () => {
      const clip = clipOf(doc, [node], {});
      return clip === null ? null : (pasteSteps(doc, clip, { kind: "on-edges", edgeIds: [edge] })?.change ?? null);
    },
    () => addFrame(doc, [node, other]),
    () => moveToFrame(doc, other, pick(doc.frames, first)?.id ?? null),
    () => removeFrame(doc, pick(doc.frames, second)?.id ?? ""),
    () => addNote(doc, { x: first, y: second }),
    () => changeNote(doc, pick(doc.notes, first)?.id ?? "", { text: `Note ${second}`, position: { x: second, y: 0 } }),
    () => removeNote(doc, pick(doc.notes, second)?.id ?? ""),
  ];
  return pick(gestures, kind)?.() ?? null;
}

describe("undo", () => {
  it("gives back the first document, byte for byte, after any sequence of gestures", () => {
    fc.assert(
      fc.property(fc.array(aGesture, { maxLength: 40 }), (gestures) => {
        const first = withRobot().doc;
        let doc = first;
        const undo: (readonly Operation[])[] = [];
        for (const numbers of gestures) {
          const change = gesture(doc, numbers);
          if (change === null) continue;
          const applied = applyOperations(doc, change.operations);
          doc = applied.doc;
          undo.unshift(applied.inverse);
        }
        for (const inverse of undo) doc = applyOperations(doc, inverse).doc;
        expect(writeStrategy(doc)).toBe(writeStrategy(first));
        expect(doc).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });

  it("redoes exactly what was undone", () => {
    fc.assert(
      fc.property(fc.array(aGesture, { maxLength: 25 }), (gestures) => {
        let doc = withRobot().doc;
        for (const numbers of gestures) {
          const change = gesture(doc, numbers);
          if (change === null) continue;
          const forward = applyOperations(doc, change.operations);
          const back = applyOperations(forward.doc, forward.inverse);
          expect(applyOperations(back.doc, back.inverse).doc).toEqual(forward.doc);
          doc = forward.doc;
        }
      }),
      { numRuns: 200 },
    );
  });

  it("never leaves an edge without its steps, nor two edges on one way on", () => {
    fc.assert(
      fc.property(fc.array(aGesture, { maxLength: 60 }), (gestures) => {
        let doc = withRobot().doc;
        for (const numbers of gestures) doc = changed(doc, gesture(doc, numbers));
        const known = new Set(doc.nodes.map((node) => node.id));
        const ways = doc.edges.map((edge) => `${edge.from.node} ${edge.from.handle}`);
        expect(doc.edges.every((edge) => known.has(edge.from.node) && known.has(edge.to))).toBe(true);
        expect(new Set(ways).size).toBe(ways.length);
        expect(known.size).toBe(doc.nodes.length);
        expect(new Set(doc.edges.map((edge) => edge.id)).size).toBe(doc.edges.length);
        expect(doc.edges.every((edge) => edge.from.node !== edge.to)).toBe(true);
        const framed = doc.frames.flatMap((frame) => frame.nodes);
        expect(framed.every((id) => known.has(id))).toBe(true);
        expect(new Set(framed).size).toBe(framed.length);
      }),
      { numRuns: 300 },
    );
  });
});
