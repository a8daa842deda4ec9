import type { JsonValue } from "../model/json";
import type { StrategyDoc, StrategyEdge, StrategyNode } from "../model/strategy";
import type { StrategyVariable } from "../model/variable";
import { stepOf } from "./step-data";

/**
 * Order of members where a reader expects one. Members not listed follow in alphabetical order, which is also the order of
 * everything below a step's `data`: what a text looks like depends on what it says, never on how it was edited.
 */
const ORDER: { readonly [kind: string]: readonly string[] } = {
  document: [
    "$schema",
    "schemaVersion",
    "id",
    "key",
    "name",
    "description",
    "entry",
    "settings",
    "nodes",
    "edges",
    "contents",
    "strategies",
    "frames",
    "notes",
    "layout",
    "tests",
  ],
  text: ["zh-CN", "en"],
  settings: ["market", "currency", "timeZone", "rulePack", "horizonDays", "onRelease", "exits", "variables", "fields"],
  variable: ["name", "type", "label", "values", "initial"],
  field: ["key", "type", "label", "aliases", "values"],
  strategy: ["key", "name", "entry", "variables", "nodes", "edges"],
  scenario: ["id", "name", "startAt", "party", "facts", "events", "expect"],
  exit: ["id", "reason", "when"],
  node: ["id", "type", "version", "name", "note", "data"],
  edge: ["id", "from", "to"],
  from: ["node", "handle"],
  content: ["id", "channel", "title", "text", "version", "stages", "tone", "source"],
  frame: ["id", "title", "nodes"],
  note: ["id", "text", "position"],
  layout: ["mode", "positions"],
};

type Members = { readonly [key: string]: unknown };

/** By UTF-16 code unit, the same on every machine. */
function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => byCodeUnit(left, right))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

function ordered(kind: string, value: Members): { [key: string]: unknown } {
  const order = ORDER[kind] ?? [];
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.fromEntries(
    Object.entries(value).sort(([left], [right]) => rank(left) - rank(right) || byCodeUnit(left, right)),
  );
}

/** Data as its schema reads it, defaults filled in, so that writing and reading back cannot differ. */
export function normalData(node: StrategyNode): { readonly [key: string]: JsonValue | undefined } {
  return stepOf(node)?.data ?? node.data;
}

function orderedNode(node: StrategyNode): Members {
  const name = node.name === undefined ? {} : { name: ordered("text", node.name) };
  return ordered("node", { ...node, ...name, data: sorted(normalData(node)) });
}

function orderedEdge(edge: StrategyEdge): Members {
  return ordered("edge", { ...edge, from: ordered("from", edge.from) });
}

function orderedVariable(variable: StrategyVariable): Members {
  const label = variable.label === undefined ? {} : { label: ordered("text", variable.label) };
  return ordered("variable", { ...variable, ...label });
}

function orderedDocument(doc: StrategyDoc): Members {
  const { settings, contents } = doc;
  return ordered("document", {
    ...doc,
    name: ordered("text", doc.name),
    ...(doc.description === undefined ? {} : { description: ordered("text", doc.description) }),
    settings: ordered("settings", {
      ...settings,
      exits: settings.exits.map((exit) => ordered("exit", { ...exit, when: sorted(exit.when) })),
      variables: settings.variables.map(orderedVariable),
      fields: settings.fields.map((field) => ordered("field", { ...field, label: ordered("text", field.label) })),
    }),
    nodes: doc.nodes.map(orderedNode),
    edges: doc.edges.map(orderedEdge),
    strategies: doc.strategies.map((strategy) =>
      ordered("strategy", {
        ...strategy,
        name: ordered("text", strategy.name),
        variables: strategy.variables.map(orderedVariable),
        nodes: strategy.nodes.map(orderedNode),
        edges: strategy.edges.map(orderedEdge),
      }),
    ),
    contents: contents.map((content) =>
      ordered("content", {
        ...content,
        title: ordered("text", content.title),
        text: ordered("text", content.text),
      }),
    ),
    frames: doc.frames.map((frame) => ordered("frame", { ...frame, title: ordered("text", frame.title) })),
    notes: doc.notes.map((note) => ordered("note", { ...note, position: sorted(note.position) })),
    layout: ordered("layout", { ...doc.layout, positions: sorted(doc.layout.positions) }),
    tests: doc.tests.map((scenario) =>
      ordered("scenario", {
        ...scenario,
        name: ordered("text", scenario.name),
        facts: sorted(scenario.facts),
        events: scenario.events.map(sorted),
        expect: sorted(scenario.expect),
      }),
    ),
  });
}

/**
 * The canonical text of a document: two spaces, fixed order of members, line feed at the end. Equal documents give equal
 * bytes, and reading the text and writing it again gives the same bytes.
 */
export function writeStrategy(doc: StrategyDoc): string {
  return `${JSON.stringify(orderedDocument(doc), null, 2)}\n`;
}
