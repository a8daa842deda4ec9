import { canonicalJson, type JsonValue } from "../../model/json";
import { LOCALES } from "../../model/locale";
import type { StrategyEdge, StrategyNode } from "../../model/strategy";
import { definitionOf } from "../../nodes";
import type { Handle } from "../../nodes/define";
import { drawnLogic } from "../hash";
import { stepOf } from "../step-data";
import { handleText, stepSummary } from "../step-text";
import { normalData } from "../write";
import type { Finding, Readings } from "./document";
import { type DiffReading, type Drawn, diffWord, nameOfStep } from "./reading";
import { dataShape } from "./shapes";
import { type Difference, differences, type Given, isSame, type Label, type Shape, type Teller } from "./structure";
import { asStep, LOCAL_TEXT, leaf, listOf, part } from "./tellers";

type Pair<TValue> = { readonly before: TValue; readonly after: TValue };
type Setting = {
  readonly readings: Readings;
  readonly within: string | null;
  /** What a step is called when it stands inside another strategy. */
  readonly name: (said: string, reading: DiffReading) => string;
};

/** Differences between the steps of two drawings and where they lead. */
export function drawnFindings(drawn: Pair<Drawn>, setting: Setting): readonly Finding[] {
  const nodes = { before: byId(drawn.before.nodes), after: byId(drawn.after.nodes) };
  if (nodes.before === null || nodes.after === null) return wholeDrawing(drawn, setting);
  const known = { before: nodes.before, after: nodes.after };
  const ways = waysByStep(drawn);
  // In the order of the newer drawing; what is gone stands where it stood before.
  const ids = [...new Set([...known.after.keys(), ...known.before.keys(), ...ways.keys()])];
  return ids.flatMap((id) => stepFindings(id, { known, ways: ways.get(id) ?? [], setting }));
}

function byId(nodes: readonly StrategyNode[]): ReadonlyMap<string, StrategyNode> | null {
  const found = new Map(nodes.map((node) => [node.id, node]));
  return found.size === nodes.length ? found : null;
}

type Known = Pair<ReadonlyMap<string, StrategyNode>>;
export type StepWays = { readonly handle: string } & Pair<readonly string[]>;
type StepCase = { readonly known: Known; readonly ways: readonly StepWays[]; readonly setting: Setting };

function stepFindings(id: string, { known, ways, setting }: StepCase): readonly Finding[] {
  const { readings, within } = setting;
  const before = known.before.get(id);
  const after = known.after.get(id);
  const subject = { kind: "step", id, within } as const;
  const name: Label = (reading) => {
    const node = after ?? before;
    return setting.name(node === undefined ? id : nameOfStep(node, reading.locale), reading);
  };
  const finding =
    (logic: boolean) =>
    (difference: Difference): Finding => ({ difference, subject, logic, name, readings });
  const led = wayDifferences(ways, { before, after });
  if (before === undefined || after === undefined) {
    const whole = before === after ? [] : [wholeStep(before, after)];
    return [...whole.map((one) => ({ ...finding(true)(one), name: named(name) })), ...led.map(finding(true))];
  }
  return [
    ...titleDifferences(before, after).map(finding(false)),
    ...dataDifferences(before, after).map(finding(true)),
    ...led.map(finding(true)),
  ];
}

const named =
  (name: Label): Label =>
  (reading) =>
    diffWord(reading.locale, "step-named", { name: name(reading) });

/** A step that came or went, in the sentence on its card. */
function wholeStep(before: StrategyNode | undefined, after: StrategyNode | undefined): Difference {
  const node = after ?? before;
  const tell: Teller = (_value, reading) =>
    (node === undefined
      ? null
      : (stepSummary(node, reading) ?? definitionOf(node.type)?.texts[reading.locale].title)) ??
    node?.type ??
    "";
  const value = (given: StrategyNode | undefined): Given =>
    given === undefined ? undefined : { type: given.type, data: normalData(given) as JsonValue };
  return {
    kind: before === undefined ? "added" : "removed",
    path: [],
    labels: [],
    before: value(before),
    after: value(after),
    tell,
  };
}

export const TITLES: Shape = { kind: "members", members: { name: part("name", LOCAL_TEXT), note: part("note") } };

function titleDifferences(before: StrategyNode, after: StrategyNode): readonly Difference[] {
  const titles = ({ name, note }: StrategyNode): Given => ({
    ...(name === undefined ? {} : { name: name as JsonValue }),
    ...(note === undefined ? {} : { note }),
  });
  return differences(TITLES, { before: titles(before), after: titles(after) });
}

const asType: Teller = (type, { locale }) => definitionOf(String(type))?.texts[locale].title ?? String(type);

function dataDifferences(before: StrategyNode, after: StrategyNode): readonly Difference[] {
  const data = { before: normalData(before) as JsonValue, after: normalData(after) as JsonValue };
  const head = differences(
    { kind: "members", members: { type: part("type", leaf(asType)), version: part("data-version") } },
    { before: { type: before.type, version: before.version }, after: { type: after.type, version: after.version } },
  );
  if (isSame(data.before, data.after)) return head;
  const definition = definitionOf(after.type);
  // Data of another type has nothing to be compared with.
  if (before.type !== after.type) return head;
  const found =
    definition === undefined
      ? differences({ kind: "members", members: {} }, data)
      : differences(dataShape(definition, data), data);
  if (definition === undefined) return [...head, ...found];
  const options = Object.fromEntries(LOCALES.map((locale) => [locale, definition.texts[locale].options]));
  const inOwnWords = ({ tell, labels, ...rest }: Difference): Difference => ({
    ...rest,
    labels: labels.map((label) =>
      Object.assign((reading: DiffReading) => label({ ...reading, options: options[reading.locale] ?? {} }), label),
    ),
    tell: (value, reading) => tell(value, { ...reading, options: options[reading.locale] ?? {} }),
  });
  return [...head, ...found.map(inOwnWords)];
}

/** Where each way on of each step leads, in both drawings, where that differs. */
function waysByStep({ before, after }: Pair<Drawn>): ReadonlyMap<string, readonly StepWays[]> {
  const targets = { before: targetsOf(before.edges), after: targetsOf(after.edges) };
  const found = new Map<string, StepWays[]>();
  for (const key of new Set([...targets.after.keys(), ...targets.before.keys()])) {
    const was = targets.before.get(key);
    const is = targets.after.get(key);
    const from = (is ?? was)?.from;
    const ends = { before: was?.ends ?? [], after: is?.ends ?? [] };
    if (from === undefined || ends.before.join() === ends.after.join()) continue;
    found.set(from.node, [...(found.get(from.node) ?? []), { handle: from.handle, ...ends }]);
  }
  return found;
}

type Targets = { readonly from: StrategyEdge["from"]; readonly ends: readonly string[] };

function targetsOf(edges: readonly StrategyEdge[]): ReadonlyMap<string, Targets> {
  const found = new Map<string, Targets>();
  for (const { from, to } of edges) {
    const key = canonicalJson(from);
    found.set(key, { from, ends: [...(found.get(key)?.ends ?? []), to].sort() });
  }
  return found;
}

export function handlesOf(node: StrategyNode | undefined): readonly Handle[] {
  const step = node === undefined ? null : stepOf(node);
  return step === null ? [] : step.definition.handles(step.data);
}

/** Lines of a step or a way on that is gone go with it and are not told. */
function wayDifferences(
  ways: readonly StepWays[],
  { before, after }: Pair<StrategyNode | undefined>,
): readonly Difference[] {
  if (before !== undefined && after === undefined) return [];
  const handles = { before: handlesOf(before), after: handlesOf(after) };
  const has = (list: readonly Handle[], id: string) => list.some((handle) => handle.id === id);
  return ways.flatMap((way): Difference[] => {
    const gone = has(handles.before, way.handle) && !has(handles.after, way.handle);
    if (gone && way.after.length === 0) return [];
    return [wayDifference(way, after ?? before, [...handles.after, ...handles.before])];
  });
}

export function wayDifference(
  { handle, before, after }: StepWays,
  node: StrategyNode | undefined,
  handles: readonly Handle[],
): Difference {
  const shown = handles.find(({ id }) => id === handle);
  const definition = node === undefined ? undefined : definitionOf(node.type);
  const way: Label = (reading) =>
    shown === undefined || definition === undefined ? handle : handleText(definition, shown, reading);
  const ends = (list: readonly string[]): Given => (list.length === 0 ? undefined : list.length === 1 ? list[0] : list);
  return {
    kind: "changed",
    path: ["ways", handle],
    labels: [(reading) => diffWord(reading.locale, "leads-to", { way: way(reading) })],
    before: ends(before),
    after: ends(after),
    tell: (value, reading) => (Array.isArray(value) ? listOf(asStep)(value, reading) : asStep(value, reading)),
  };
}

/** Two steps of one id: a draft that cannot be published. What the engine would make of it is compared as a whole. */
function wholeDrawing({ before, after }: Pair<Drawn>, { readings, within, name }: Setting): readonly Finding[] {
  const logic = ({ nodes, edges }: Drawn): Given =>
    JSON.parse(canonicalJson(drawnLogic({ nodes: [...nodes], edges: [...edges] }))) as JsonValue;
  const count: Teller = (value, { locale }) => {
    const { nodes } = value as { readonly nodes?: readonly JsonValue[] };
    return diffWord(locale, "steps-count", { count: nodes?.length ?? 0 });
  };
  return differences(leaf(count), { before: logic(before), after: logic(after) }).map((difference) => ({
    difference,
    subject: { kind: "step", id: "", within },
    logic: true,
    name: (reading) => name(diffWord(reading.locale, "drawing"), reading),
    readings,
  }));
}
