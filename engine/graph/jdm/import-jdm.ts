import { FieldSchema } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import type { JsonValue } from "../../model/json";
import { err, ok, type Result } from "../../model/result";
import type { StrategyDoc } from "../../model/strategy";
import { emptyStrategy } from "../new";
import { parseStrategy } from "../parse";
import { readJson } from "../read-json";
import { shapeIssues } from "../shape-issues";
import { BEGINNING, type Environment } from "./environment";
import { expressionSteps } from "./expression-node";
import { fieldTypes } from "./field-types";
import { JDM_LIMITS, type Jdm, type JdmNode, JdmSchema } from "./shape";
import { isKnown } from "./sides";
import { drawStep, type JdmPlace, type Loose, type Making, plain, refuseNode } from "./steps";
import { switchStep } from "./switch-node";
import { tableStep } from "./table-node";

/** Where the graph's answer stands in the strategy once an account has left by an exit. */
export type JdmAnswer = {
  /** Id of the exit. */
  readonly exit: string;
  /** The answer also holds the graph's input, without the paths that were removed. */
  readonly passesInput: boolean;
  readonly removed: readonly string[];
  readonly outputs: readonly { readonly path: string; readonly variable: string }[];
};

export type JdmImport = {
  readonly doc: StrategyDoc;
  /** Path of the graph's input -> field of the lender that it is read from. */
  readonly inputs: readonly { readonly path: string; readonly field: string }[];
  readonly answers: readonly JdmAnswer[];
  /** What is worth knowing though the graph was taken over. */
  readonly remarks: readonly Issue[];
};

type Made = Pick<StrategyDoc, "id" | "key" | "name">;

/**
 * A strategy from the text of a GoRules decision graph. The graph is taken over whole, so that it answers the same, or every reason
 * why it cannot be is told with node, row and column. What it reads become fields of the lender, what it writes variables.
 */
export function importJdm(text: string, made: Made): Result<JdmImport, readonly Issue[]> {
  const json = readJson(text, { bytes: JDM_LIMITS.bytes, depth: JDM_LIMITS.depth });
  if (!json.ok) return json;
  const parsed = JdmSchema.safeParse(json.value, { reportInput: true });
  if (!parsed.success) return err(shapeIssues(parsed.error));
  return importGraph(parsed.data, made);
}

type Importing = {
  readonly jdm: Jdm;
  readonly making: Making;
  readonly answers: JdmAnswer[];
  readonly visited: Set<string>;
};
type Standing = { readonly loose: readonly Loose[]; readonly environment: Environment };

function importGraph(jdm: Jdm, made: Made): Result<JdmImport, readonly Issue[]> {
  const names = { fieldTypes: fieldTypes(jdm), fields: new Map(), variables: [] };
  const making: Making = { names, nodes: [], edges: [], refused: [], remarks: [] };
  const importing: Importing = { jdm, making, answers: [], visited: new Set() };
  const inputs = jdm.nodes.filter(({ type }) => type === "inputNode");
  const [input] = inputs;
  if (input === undefined || inputs.length > 1)
    return err([issue("jdm.one-input", { path: "nodes" }, { count: inputs.length })]);
  // Every account goes in: the graph has no entry rule.
  const always = { any: [isKnown("dpd", true), isKnown("dpd", false)] };
  const start = drawStep(making, { type: "start", name: input.name, data: { when: plain(always) } }, []);
  goOn(importing, input, { loose: [{ node: start, handle: "enter" }], environment: BEGINNING });
  for (const node of jdm.nodes) lookForOddities(importing, node);
  if (making.refused.length > 0) return err(distinct(making.refused));
  const doc = documentOf(making, made, start);
  if (!doc.ok) return doc;
  const fields = [...making.names.fields].map(([path, { key }]) => ({ path, field: key }));
  if (making.nodes.some(({ data }) => reckons(data))) {
    making.remarks.push(issue("jdm.binary-fractions", { path: "", severity: "info" }));
  }
  return ok({ doc: doc.value, inputs: fields, answers: importing.answers, remarks: making.remarks });
}

function placeOf({ jdm }: Importing, node: JdmNode): JdmPlace {
  return { node: node.name, path: `nodes[${jdm.nodes.indexOf(node)}]` };
}

/** Follows the edges out of a node. Where there are none, the graph has its answer. */
function goOn(importing: Importing, node: JdmNode, standing: Standing): void {
  const { jdm, making } = importing;
  const edges = jdm.edges.filter(({ sourceId }) => sourceId === node.id);
  if (edges.length === 0) {
    answer(importing, node, standing);
    return;
  }
  if (edges.length > 1) {
    refuseNode(making, placeOf(importing, node), "jdm.fork");
    return;
  }
  for (const { targetId } of edges) enter(importing, targetId, standing);
}

function enter(importing: Importing, id: string, standing: Standing): void {
  const { jdm, making, visited } = importing;
  const node = jdm.nodes.find((known) => known.id === id);
  if (node === undefined) {
    making.refused.push(issue("jdm.edge-nowhere", { path: "edges" }, { target: id.slice(0, 60) }));
    return;
  }
  const place = placeOf(importing, node);
  if (node.type === "outputNode") {
    answer(importing, node, standing);
    return;
  }
  if (visited.has(id)) {
    refuseNode(making, place, "jdm.join");
    return;
  }
  visited.add(id);
  const after = stepsOf(importing, node, standing);
  if (after !== null) goOn(importing, node, after);
}

function stepsOf(importing: Importing, node: JdmNode, standing: Standing): Standing | null {
  const { making } = importing;
  const at = { place: placeOf(importing, node), before: standing };
  switch (node.type) {
    case "decisionTableNode":
      return tableStep(node, at, making);
    case "expressionNode":
      return expressionSteps(node, at, making);
    case "switchNode":
      followSwitch(importing, node, standing);
      return null;
    case "inputNode":
    case "outputNode":
      return standing;
    default:
      // Told of by `lookForOddities`, as are those that cannot be reached.
      return null;
  }
}

function followSwitch(
  importing: Importing,
  node: Extract<JdmNode, { readonly type: "switchNode" }>,
  standing: Standing,
): void {
  const { jdm, making } = importing;
  const place = placeOf(importing, node);
  const ways = switchStep(node, { place, ...standing }, making);
  if (ways === null) return;
  for (const [statement, loose] of ways) {
    const edges = jdm.edges.filter(({ sourceId, sourceHandle }) => sourceId === node.id && sourceHandle === statement);
    const [edge] = edges;
    if (edge === undefined) refuseNode(making, place, "jdm.switch-way-open");
    else if (edges.length > 1) refuseNode(making, place, "jdm.fork");
    else enter(importing, edge.targetId, { ...standing, loose });
  }
}

/** An exit, with where the answer stands. */
function answer({ making, answers }: Importing, node: JdmNode, { loose, environment }: Standing): void {
  const exit = drawStep(making, { type: "exit", name: node.name, data: { reason: "completed" } }, loose);
  const { seesInput, removed, written } = environment;
  const outputs = [...written].map(([path, { fact }]) => ({ path, variable: fact.slice("var.".length) }));
  answers.push({ exit, passesInput: seesInput, removed, outputs });
}

const FOREIGN: { readonly [type in JdmNode["type"]]?: string } = {
  functionNode: "jdm.function-node",
  decisionNode: "jdm.decision-node",
  customNode: "jdm.custom-node",
};

/** Nodes that run code or other decisions, wherever they stand. */
function lookForOddities(importing: Importing, node: JdmNode): void {
  const code = FOREIGN[node.type];
  if (code !== undefined) refuseNode(importing.making, placeOf(importing, node), code);
}

function documentOf(making: Making, made: Made, entry: string): Result<StrategyDoc, readonly Issue[]> {
  const { names, nodes, edges } = making;
  const empty = emptyStrategy({ ...made, market: "cn" });
  const fields = [...names.fields].map(([path, { key, type }]) =>
    FieldSchema.parse({ key, type, label: { en: path.slice(0, 200) }, origin: "column", usableInRules: true }),
  );
  const variables = names.variables.map(({ name, type, path }) => ({ name, type, label: { en: path.slice(0, 200) } }));
  return parseStrategy(
    plain({
      ...empty,
      entry: { node: entry },
      settings: { ...empty.settings, fields, variables },
      nodes,
      edges,
      layout: { mode: "auto", positions: {} },
    }),
  );
}

/** Whether a step's data hold a value that is reckoned. */
function reckons(value: JsonValue | undefined): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(reckons);
  return "of" in value || Object.values(value).some(reckons);
}

function distinct(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Set<string>();
  return issues.filter((found) => {
    const text = JSON.stringify(found);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
