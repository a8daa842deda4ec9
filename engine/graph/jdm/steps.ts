import type { DecisionTable } from "../../condition/tables/table";
import { type Issue, issue } from "../../model/issue";
import type { JsonValue } from "../../model/json";
import type { StrategyEdge } from "../../model/strategy";
import type { ValueSpec } from "../../model/value";
import type { Names } from "./environment";
import { Refusal } from "./refusal";

/** A way on that leads nowhere yet. */
export type Loose = { readonly node: string; readonly handle: string };

/** A step as it goes through the door of documents later. */
type DrawnNode = {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly name: { readonly en: string };
  readonly data: { readonly [member: string]: JsonValue };
};

/** The strategy while it is being put together, and what was found on the way. */
export type Making = {
  readonly names: Names;
  readonly nodes: DrawnNode[];
  readonly edges: StrategyEdge[];
  /** Why it cannot be taken over. */
  readonly refused: Issue[];
  /** What is worth knowing though it can. */
  readonly remarks: Issue[];
};

/** Where in the graph something stands. Rows are counted from 1. */
export type JdmPlace = {
  readonly node: string;
  readonly path: string;
  readonly row?: number;
  readonly column?: string;
};

/** `at` is the place within the node as it is read in any language: `#3 “Balance”`; empty = the node as a whole. */
function placeParams({ node, row, column }: JdmPlace) {
  const parts = [
    ...(row === undefined ? [] : [`#${row}`]),
    ...(column === undefined || column === "" ? [] : [`“${column}”`]),
  ];
  return { node, row: row ?? 0, column: column ?? "", at: parts.length === 0 ? "" : ` ${parts.join(" ")}` };
}

/** Runs what may refuse an expression; a refusal is written down with its place. */
export function attempted<TResult>(making: Making, place: JdmPlace, attempt: () => TResult): TResult | null {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    making.refused.push(issue(error.code, { path: place.path }, { ...placeParams(place), piece: error.piece }));
    return null;
  }
}

/** Refuses a node for what it is. */
export function refuseNode(making: Making, place: JdmPlace, code: string): void {
  making.refused.push(issue(code, { path: place.path }, placeParams(place)));
}

export function remark(making: Making, place: JdmPlace, code: string): void {
  making.remarks.push(issue(code, { path: place.path, severity: "info" }, placeParams(place)));
}

const ID_MAX = 48;

function stepId(making: Making, name: string): string {
  const letters = name.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[^A-Za-z]+|-+$/g, "");
  const base = (letters === "" ? "step" : letters).slice(0, ID_MAX);
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (!making.nodes.some((node) => node.id === id)) return id;
  }
}

type Drawn = { readonly type: string; readonly name: string; readonly data: { readonly [member: string]: JsonValue } };

/** Draws a step and leads everything that is loose to it. Answers its id. */
export function drawStep(making: Making, drawn: Drawn, loose: readonly Loose[]): string {
  const id = stepId(making, drawn.name);
  making.nodes.push({ id, type: drawn.type, version: 1, name: { en: drawn.name.slice(0, 200) }, data: drawn.data });
  for (const { node, handle } of loose) {
    making.edges.push({ id: `e${making.edges.length + 1}`, from: { node, handle }, to: id });
  }
  return id;
}

export type PlainAssignment = { readonly variable: string; readonly value: ValueSpec };

/** Draws a step that writes variables, if there are any to write. */
export function drawAssignments(
  making: Making,
  { name, assign }: { readonly name: string; readonly assign: readonly PlainAssignment[] },
  loose: readonly Loose[],
): readonly Loose[] {
  if (assign.length === 0) return loose;
  const id = drawStep(making, { type: "set", name, data: { assign: plain(assign) } }, loose);
  return [{ node: id, handle: "next" }];
}

/** Draws a table whose first row that holds decides; every way of it leads on. */
export function drawTable(
  making: Making,
  { name, table }: { readonly name: string; readonly table: DecisionTable },
  loose: readonly Loose[],
): readonly Loose[] {
  const data = { hitPolicy: "first", otherwiseExpected: true, table: plain(table) };
  const node = drawStep(making, { type: "table", name, data }, loose);
  return ["done", "otherwise", "unknown"].map((handle) => ({ node, handle }));
}

/** A value without `undefined` and without anything shared, as documents hold it. */
export function plain(value: unknown): JsonValue {
  const copy: JsonValue = JSON.parse(JSON.stringify(value));
  return copy;
}
