import type { FactType } from "../../model/facts";
import type { JsonValue } from "../../model/json";
import { type Expression, parseCellTest, parseExpression } from "./expression";
import { Refusal } from "./refusal";
import type { Jdm, JdmNode } from "./shape";

/** What the graph and its own tests say about the values that stand at a path. */
export type FieldTypes = {
  readonly types: ReadonlyMap<string, FactType>;
  /** Paths that are used as values of different types. */
  readonly conflicts: ReadonlySet<string>;
  /** Paths at which a test's input has a list or an object. */
  readonly compound: ReadonlyMap<string, "list" | "object">;
  /** Paths at which a test's input has anything. */
  readonly inInputs: ReadonlySet<string>;
};

type Found = {
  readonly said: Map<string, Set<FactType>>;
  /** Paths whose values are copies of one another. */
  readonly copies: (readonly [string, string])[];
};

/** The types of all paths of a graph: from what they are compared and reckoned with, else from its tests. */
export function fieldTypes(jdm: Jdm): FieldTypes {
  const found: Found = { said: new Map(), copies: [] };
  for (const node of jdm.nodes) lookAtNode(node, found);
  const examples = examplesOf(jdm.tests.map(({ input }) => input));
  spread(found);
  for (const [path, type] of examples.types) {
    const said = found.said.get(path);
    if (said === undefined || said.size === 0) found.said.set(path, new Set([type]));
  }
  spread(found);
  const types = new Map<string, FactType>();
  const conflicts = new Set<string>();
  for (const [path, said] of found.said) {
    const [first] = said;
    if (said.size > 1) conflicts.add(path);
    else if (first !== undefined) types.set(path, first);
  }
  const inInputs = new Set([...examples.types.keys(), ...examples.compound.keys()]);
  return { types, conflicts, compound: examples.compound, inInputs };
}

function say(found: Found, path: string, type: FactType): void {
  const said = found.said.get(path) ?? new Set<FactType>();
  found.said.set(path, said.add(type));
}

/** Copies say of each other what is said of one of them. Every round carries it at least one copy further. */
function spread({ said, copies }: Found): void {
  for (let round = 0; round <= copies.length; round += 1) {
    let changed = false;
    for (const [left, right] of copies) {
      for (const [from, to] of [
        [left, right],
        [right, left],
      ] as const) {
        for (const type of said.get(from) ?? []) {
          const known = said.get(to) ?? new Set<FactType>();
          if (known.has(type)) continue;
          said.set(to, known.add(type));
          changed = true;
        }
      }
    }
    if (!changed) return;
  }
}

/** An expression that cannot be read says nothing here; it is refused where it is taken over. */
function reading(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function lookAtNode(node: JdmNode, found: Found): void {
  switch (node.type) {
    case "decisionTableNode": {
      const { inputs, outputs, rules, outputPath } = node.content;
      const prefix = outputPath?.trim() ? `${outputPath.trim()}.` : "";
      for (const rule of rules) {
        for (const { id, field } of inputs) {
          const cell = rule[id]?.trim() ?? "";
          if (cell !== "") reading(() => lookAtCell(cell, field?.trim() ?? "", found));
        }
        for (const { id, field } of outputs) {
          const cell = rule[id]?.trim() ?? "";
          if (cell !== "") reading(() => written(`${prefix}${field}`, parseExpression(cell), found));
        }
      }
      return;
    }
    case "expressionNode": {
      const { outputPath } = node.content;
      const prefix = outputPath?.trim() ? `${outputPath.trim()}.` : "";
      for (const { key, value } of node.content.expressions) {
        if (key !== "" && value !== "") reading(() => written(`${prefix}${key}`, parseExpression(value), found));
      }
      return;
    }
    case "switchNode":
      for (const { condition } of node.content.statements) {
        if (condition !== "") reading(() => asked(parseExpression(condition), null, found));
      }
      return;
    default:
  }
}

function lookAtCell(cell: string, field: string, found: Found): void {
  if (field === "") asked(parseExpression(cell), null, found);
  else {
    const column = parseExpression(field);
    read(column, found);
    asked(parseCellTest(cell), column.kind === "path" ? column.path : null, found);
  }
}

function pathOf(expression: Expression, column: string | null): string | null {
  if (expression.kind === "path" || expression.kind === "own") return expression.path;
  return expression.kind === "reference" ? column : null;
}

const LITERAL_TYPES = { number: "number", string: "text", boolean: "boolean" } as const;

function literalType(value: number | string | boolean | null): FactType | null {
  if (value === null) return null;
  const kind = typeof value;
  return kind === "number" || kind === "string" || kind === "boolean" ? LITERAL_TYPES[kind] : null;
}

/** A test: what its fields are compared with. */
function asked(test: Expression, column: string | null, found: Found): void {
  const path = pathOf(test, column);
  if (path !== null) say(found, path, "boolean");
  switch (test.kind) {
    case "not":
      asked(test.of, column, found);
      return;
    case "and":
    case "or":
      asked(test.left, column, found);
      asked(test.right, column, found);
      return;
    case "compare":
      compared(test, column, found);
      return;
    case "call":
      for (const operand of test.of) {
        const subject = pathOf(operand, column);
        if (subject !== null) say(found, subject, "text");
      }
      return;
    default:
  }
}

function compared(test: Extract<Expression, { readonly kind: "compare" }>, column: string | null, found: Found): void {
  const { left, right, operator } = test;
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const path = pathOf(one, column);
    if (path === null) {
      read(one, found);
      continue;
    }
    if (!["==", "!=", "in", "not in"].includes(operator) || other.kind === "interval" || other.kind === "reckon") {
      say(found, path, "number");
    }
    for (const item of other.kind === "list" ? other.items : [other]) {
      const type = item.kind === "literal" ? literalType(item.value) : null;
      if (type !== null) say(found, path, type);
    }
  }
}

/** A value: what its parts must be. Answers its type and the paths it is a copy of. */
function read(value: Expression, found: Found): { readonly type: FactType | null; readonly copies: readonly string[] } {
  const numeric = (parts: readonly Expression[]) => {
    for (const part of parts) for (const path of read(part, found).copies) say(found, path, "number");
    return { type: "number" as const, copies: [] };
  };
  switch (value.kind) {
    case "literal":
      return { type: literalType(value.value), copies: [] };
    case "path":
    case "own":
      return { type: null, copies: [value.path] };
    case "reckon":
      // Joined texts are refused where they stand; they do not make numbers of their parts.
      if (value.operator === "+" && [value.left, value.right].some((part) => isText(part))) {
        return { type: "text", copies: [] };
      }
      return numeric([value.left, value.right]);
    case "negative":
      return numeric([value.of]);
    case "choose": {
      asked(value.when, null, found);
      return either(read(value.then, found), read(value.else, found));
    }
    case "otherwise":
      return either(read(value.left, found), read(value.right, found));
    case "call":
      if (value.name === "min" || value.name === "max") {
        return numeric(value.of.flatMap((part) => (part.kind === "list" ? part.items : [part])));
      }
      if (value.name === "number") return numeric(value.of);
      asked(value, null, found);
      return { type: "boolean", copies: [] };
    case "compare":
    case "and":
    case "or":
    case "not":
      asked(value, null, found);
      return { type: "boolean", copies: [] };
    default:
      return { type: null, copies: [] };
  }
}

function isText(part: Expression): boolean {
  if (part.kind === "literal") return typeof part.value === "string";
  return part.kind === "reckon" && part.operator === "+" && (isText(part.left) || isText(part.right));
}

type Told = ReturnType<typeof read>;

function either(left: Told, right: Told): Told {
  return { type: left.type ?? right.type, copies: [...left.copies, ...right.copies] };
}

function written(path: string, value: Expression, found: Found): void {
  const { type, copies } = read(value, found);
  if (type !== null) say(found, path, type);
  for (const copy of copies) found.copies.push([path, copy]);
}

/** What stands at the paths of inputs. */
function examplesOf(inputs: readonly JsonValue[]) {
  const types = new Map<string, FactType>();
  const compound = new Map<string, "list" | "object">();
  const visit = (value: JsonValue | undefined, path: string): void => {
    if (value === null || value === undefined) return;
    if (typeof value !== "object") types.set(path, literalType(value) ?? "text");
    else if (Array.isArray(value)) compound.set(path, "list");
    else {
      if (path !== "") compound.set(path, "object");
      for (const [name, member] of Object.entries(value)) visit(member, path === "" ? name : `${path}.${name}`);
    }
  };
  for (const input of inputs) visit(input, "");
  return { types, compound };
}
