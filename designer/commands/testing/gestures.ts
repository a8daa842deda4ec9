import { nodeDefinitions, type StrategyDoc } from "#engine";
import { setName, setSettings } from "../details";
import { innerDoc } from "../inner-doc";
import type { Change, Operation } from "../operation";
import {
  addStep,
  duplicateSteps,
  insertOnEdges,
  moveSteps,
  noteStep,
  removeSteps,
  renameStep,
  tidy,
  updateData,
} from "../steps";
import { addStrategy, removeStrategy, renameStrategy } from "../sub-strategies";
import { addVariable } from "../variables";
import { disconnect, redirect } from "../wiring";

const SAID = { "zh-CN": "改名", en: "Renamed" };

/** Every gesture an author has, aimed by a number at one of the steps or lines there are. */
export const GESTURES: readonly ((doc: StrategyDoc, aim: number) => Change | null)[] = [
  (doc, aim) => renameStep(doc, step(doc, aim), SAID),
  (doc, aim) => noteStep(doc, step(doc, aim), "note"),
  (doc, aim) => moveSteps(doc, { [step(doc, aim)]: { x: aim, y: aim } }),
  (doc) => tidy(doc),
  (doc, aim) => removeSteps(doc, [step(doc, aim)]),
  (doc, aim) => duplicateSteps(doc, [step(doc, aim)])?.change ?? null,
  (doc, aim) => addStep(doc, { type: type(aim) })?.change ?? null,
  (doc, aim) => insertOnEdges(doc, { type: type(aim), edgeIds: [edge(doc, aim)] })?.change ?? null,
  (doc, aim) => redirect(doc, from(doc, aim), step(doc, aim + 1)),
  (doc, aim) => disconnect(doc, [edge(doc, aim)]),
  (doc, aim) => updateData(doc, step(doc, aim), exampleFor(doc, aim)),
  (doc, aim) => setSettings(doc, { ...doc.settings, horizonDays: 1 + (aim % 400) }),
  (doc) => setName(doc, SAID),
  (doc, aim) => addVariable(doc, { name: `own_${aim}`, type: "integer", initial: null }),
  (doc) => addStrategy(doc, SAID)?.change ?? null,
  (doc, aim) => inner(doc, aim, (key) => renameStrategy(doc, key, SAID)),
  (doc, aim) => inner(doc, aim, (key) => removeStrategy(doc, key)),
  (doc, aim) =>
    inner(doc, aim, (key) => {
      const room = innerDoc(doc, key);
      const change = room === null ? null : (addStep(room, { type: type(aim) })?.change ?? null);
      return change === null ? null : { ...change, operations: insideStrategy(key, change.operations) };
    }),
];

const insideStrategy = (strategy: string, operations: readonly Operation[]): readonly Operation[] =>
  operations.map((operation) => ({ kind: "in-strategy", strategy, operation }));

const at = <TItem>(items: readonly TItem[], aim: number): TItem | undefined => items[aim % Math.max(1, items.length)];
const step = (doc: StrategyDoc, aim: number): string => at(doc.nodes, aim)?.id ?? "";
const edge = (doc: StrategyDoc, aim: number): string => at(doc.edges, aim)?.id ?? "";
const from = (doc: StrategyDoc, aim: number) => at(doc.edges, aim)?.from ?? { node: "", handle: "" };
const type = (aim: number): string => at(nodeDefinitions, aim)?.type ?? "";
const inner = (doc: StrategyDoc, aim: number, act: (key: string) => Change | null): Change | null => {
  const strategy = at(doc.strategies, aim);
  return strategy === undefined ? null : act(strategy.key);
};

/** Data another step of its type might have. */
function exampleFor(doc: StrategyDoc, aim: number): StrategyDoc["nodes"][number]["data"] {
  const node = at(doc.nodes, aim);
  const definition = nodeDefinitions.find((known) => known.type === node?.type);
  const example = definition === undefined ? undefined : at(definition.examples, aim >> 3);
  return { ...(example ?? node?.data) } as StrategyDoc["nodes"][number]["data"];
}
