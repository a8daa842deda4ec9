import { canonicalJson, type JsonValue } from "../../model/json";
import { LOCALES } from "../../model/locale";
import { type StrategyEdge, type StrategyNode, StrategyNodeSchema } from "../../model/strategy";
import { definitionOf } from "../../nodes";
import { TITLES } from "../diff/drawn";
import type { DiffReading, Drawn } from "../diff/reading";
import { dataShape } from "../diff/shapes";
import { type Given, type Label, NO_PLACE, type Place, type Teller } from "../diff/structure";
import { parseStepData } from "../step-data";
import { stepSummary } from "../step-text";
import { same } from "./same";
import { type Clash, mergedValue, plainSide, type Settle, type Side, type Sides, sidesOf } from "./three-way";
import { mergedWays, type Ways, waysOf } from "./ways";

export type DrawingSides = Sides<Pick<Drawn, "nodes" | "edges" | "entry">>;
/** Whose goes on where a step (the empty string: the drawing itself) has a clash. */
export type Choose = (stepId: string, clash: Clash) => Side;
export type StepClash = { readonly stepId: string; readonly clash: Clash };

export type MergedDrawing = {
  readonly nodes: readonly StrategyNode[];
  readonly edges: readonly StrategyEdge[];
  readonly entry: Drawn["entry"];
  readonly clashes: readonly StepClash[];
};

export type KnownSteps = ReadonlyMap<string, StrategyNode>;
/** What is decided of a step: taken whole from one side (undefined there = it goes), or put together out of both. */
type Decided = { readonly node: StrategyNode | undefined; readonly whole: Side | null };
export type DecidedSteps = ReadonlyMap<string, Decided>;

export type Case = {
  readonly drawings: DrawingSides;
  readonly steps: Sides<KnownSteps>;
  readonly ways: Sides<Ways>;
  /** Steps that are taken from one side or the other, never put together. */
  readonly whole: ReadonlySet<string>;
};

/**
 * Steps and lines out of three drawings. A step that one took away and the other changed, or leads to, asks as a whole; so does one
 * whose parts do not go together. A merged line never leads to a step that the merge took away. Null when ids are not unique in
 * one of them.
 */
export function mergedDrawing(drawings: DrawingSides, choose: Choose): MergedDrawing | null {
  const { base, mine, theirs } = sidesOf(drawings, ({ nodes }) => byId(nodes));
  if (base === null || mine === null || theirs === null) return null;
  const steps = { base, mine, theirs };
  const ways = sidesOf(drawings, ({ edges }) => waysOf(edges));
  // Steps that turn out not to go together are taken whole in the next round; every round finds new ones, so that they end.
  const whole = new Set<string>();
  for (;;) {
    const { broken, ...merged } = mergedOnce({ drawings, steps, ways, whole }, choose);
    if (broken.length === 0) return merged;
    for (const id of broken) whole.add(id);
  }
}

function byId(nodes: readonly StrategyNode[]): KnownSteps | null {
  const found = new Map(nodes.map((node) => [node.id, node]));
  return found.size === nodes.length ? found : null;
}

function mergedOnce(one: Case, choose: Choose): MergedDrawing & { readonly broken: readonly string[] } {
  const ids = [...new Set([...one.steps.mine.keys(), ...one.steps.theirs.keys()])];
  const clashes: StepClash[] = [];
  const decided: DecidedSteps = new Map(ids.map((id) => [id, decide(id, one, { choose, clashes })]));
  const noted: Choose = (stepId, clash) => {
    clashes.push({ stepId, clash });
    return choose(stepId, clash);
  };
  const { edges, entry, broken } = mergedWays(one, decided, noted);
  const nodes = ids.flatMap((id) => decided.get(id)?.node ?? []);
  return { nodes, edges, entry, clashes, broken };
}

type Asking = { readonly choose: Choose; readonly clashes: StepClash[] };

function decide(id: string, { steps, ways, whole }: Case, { choose, clashes }: Asking): Decided {
  const held = sidesOf(steps, (known) => known.get(id));
  const { base, mine, theirs } = held;
  const given = held as Sides<Given>;
  const found: Clash[] = [];
  const settle: Settle = (clash) => {
    found.push(clash);
    return choose(id, clash);
  };
  const asWhole = (): Decided => {
    found.length = 0;
    const side = settle({ ...NO_PLACE, tell: asStepSentence, sides: given });
    return { node: held[side], whole: side };
  };
  const decided = ((): Decided => {
    if (mine === undefined || theirs === undefined) {
      const stays: Side = mine === undefined ? "theirs" : "mine";
      if (base === undefined) return { node: held[stays], whole: stays };
      const untouched = same(given[stays], given.base) && same(ways[stays].of(id), ways.base.of(id));
      return untouched && !whole.has(id) ? { node: undefined, whole: null } : asWhole();
    }
    if (whole.has(id)) return asWhole();
    const plain = plainSide(given);
    if (plain !== null) return { node: held[plain], whole: null };
    const merged = base === undefined ? null : mergedStep({ base, mine, theirs }, settle);
    return merged === null ? asWhole() : { node: merged, whole: null };
  })();
  clashes.push(...found.map((clash) => ({ stepId: id, clash })));
  return decided;
}

/** A step in the sentence on its card. */
const asStepSentence: Teller = (value, reading) => {
  const node = StrategyNodeSchema.safeParse(value);
  if (!node.success) return canonicalJson(value);
  const { type } = node.data;
  return stepSummary(node.data, reading) ?? definitionOf(type)?.texts[reading.locale].title ?? type;
};

const IN_DATA: Place = { path: ["data"], labels: [] };

/** A step that both changed, field by field; null when the fields of both do not go together. */
function mergedStep(sides: Sides<StrategyNode>, settle: Settle): StrategyNode | null {
  const kinds = sidesOf(sides, ({ type, version }): Given => ({ type, version }));
  if (!same(kinds.mine, kinds.theirs) || !same(kinds.base, kinds.mine)) {
    const heads = sidesOf(sides, ({ type, version, data }): Given => ({ type, version, data }));
    const plain = plainSide(heads);
    if (plain === null) return null;
    return { ...withTitles(sides, settle), ...headOf(sides[plain]) };
  }
  const definition = definitionOf(sides.mine.type);
  const data = sidesOf(sides, (node): Given => node.data);
  const shape =
    definition === undefined
      ? ({ kind: "members", members: {} } as const)
      : dataShape(definition, { before: data.mine, after: data.theirs });
  const merged = mergedValue(shape, data, { place: IN_DATA, settle: inWordsOf(sides.mine.type, settle) });
  const node = { ...withTitles(sides, settle), ...headOf(sides.mine), data: merged as StrategyNode["data"] };
  return definition === undefined || parseStepData(definition, node.data).ok ? node : null;
}

function headOf({ type, version, data }: StrategyNode): Pick<StrategyNode, "type" | "version" | "data"> {
  return { type, version, data };
}

function withTitles(sides: Sides<StrategyNode>, settle: Settle): Pick<StrategyNode, "id" | "name" | "note"> {
  const titles = sidesOf(
    sides,
    ({ name, note }): Given => ({
      ...(name === undefined ? {} : { name: name as JsonValue }),
      ...(note === undefined ? {} : { note }),
    }),
  );
  const merged = mergedValue(TITLES, titles, { place: NO_PLACE, settle }) as Pick<StrategyNode, "name" | "note">;
  return { id: sides.mine.id, ...merged };
}

/** Choices of a step are told in the words of its type. */
function inWordsOf(type: string, settle: Settle): Settle {
  const definition = definitionOf(type);
  if (definition === undefined) return settle;
  const options = Object.fromEntries(LOCALES.map((locale) => [locale, definition.texts[locale].options]));
  const own = (reading: DiffReading): DiffReading => ({ ...reading, options: options[reading.locale] ?? {} });
  return ({ tell, labels, ...clash }) =>
    settle({
      ...clash,
      labels: labels.map((label): Label => Object.assign((reading: DiffReading) => label(own(reading)), label)),
      tell: (value, reading) => tell(value, own(reading)),
    });
}
