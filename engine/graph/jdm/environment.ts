import type { FactType } from "../../model/facts";
import { variableFact } from "../../model/variable";
import type { Expression } from "./expression";
import type { FieldTypes } from "./field-types";
import { Refusal } from "./refusal";
import type { Operand } from "./sides";

/** What a node of the graph sees: the graph's input, unless a node before it left it out, and what nodes before it wrote. */
export type Environment = {
  readonly seesInput: boolean;
  /** Parts of the input that were taken away. */
  readonly removed: readonly string[];
  readonly written: ReadonlyMap<string, Operand>;
};

export const BEGINNING: Environment = { seesInput: true, removed: [], written: new Map() };

/** Names given to the graph's paths: fields of the lender, variables of the strategy. */
export type Names = {
  readonly fieldTypes: FieldTypes;
  /** Path -> field read from the account. */
  readonly fields: Map<string, { readonly key: string; readonly type: FactType }>;
  readonly variables: { readonly name: string; readonly type: FactType; readonly path: string }[];
};

const NAME_MAX = 40;

/** A path as the name of a field or a variable: `applicant.creditScore` -> `applicant_credit_score`. */
function nameOf(path: string, taken: (name: string) => boolean): string {
  const snake = path
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
  const base = (/^[a-z]/.test(snake) ? snake : `v_${snake}`).slice(0, NAME_MAX);
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? "" : `_${count}`;
    const name = `${base.slice(0, NAME_MAX - suffix.length)}${suffix}`;
    if (!taken(name)) return name;
  }
}

export function typeOfPath({ fieldTypes }: Names, path: string): FactType {
  if (fieldTypes.conflicts.has(path)) throw new Refusal("jdm.type-conflict", path);
  const type = fieldTypes.types.get(path);
  if (type === undefined) throw new Refusal("jdm.type-unknown", path);
  return type;
}

/** A variable for a path; every call makes a new one. */
export function newVariable(names: Names, path: string, type: FactType): Operand & { readonly variable: string } {
  const name = nameOf(
    path,
    (candidate) => candidate === "stage" || names.variables.some((known) => known.name === candidate),
  );
  names.variables.push({ name, type, path });
  return { variable: name, fact: variableFact(name), type };
}

/** The field of the account that the input's path is read from. Throws Refusal when a list or an object stands there. */
export function fieldOfPath(names: Names, path: string): Operand {
  const known = names.fields.get(path);
  if (known !== undefined) return { fact: known.key, type: known.type };
  const compound = names.fieldTypes.compound.get(path);
  if (compound !== undefined) throw new Refusal(compound === "list" ? "jdm.list" : "jdm.object", path);
  const type = typeOfPath(names, path);
  const taken = new Set([...names.fields.values()].map(({ key }) => key));
  const key = `custom.${nameOf(path, (name) => taken.has(`custom.${name}`))}`;
  names.fields.set(path, { key, type });
  return { fact: key, type };
}

const within = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}.`);

/** What a path reads in an environment; null = nothing. Throws Refusal when it is no single value. */
export function readPath(path: string, environment: Environment, names: Names): Operand | null {
  const written = environment.written.get(path);
  if (written !== undefined) return written;
  for (const other of environment.written.keys()) {
    if (within(other, path) || within(path, other)) throw new Refusal("jdm.object", path);
  }
  if (!environment.seesInput || environment.removed.some((removed) => within(path, removed))) return null;
  return fieldOfPath(names, path);
}

/** A resolver for expressions of one node. `own` holds what the node itself has written so far, `column` what `$` stands for. */
export function resolverOf(
  environment: Environment,
  names: Names,
  { own, column }: { readonly own?: ReadonlyMap<string, Operand>; readonly column?: Operand | null } = {},
): (expression: Expression) => Operand | null {
  return (expression) => {
    switch (expression.kind) {
      case "path":
        return readPath(expression.path, environment, names);
      case "reference":
        if (column === undefined) throw new Refusal("jdm.object", "$");
        return column;
      case "own": {
        const written = own?.get(expression.path);
        if (written === undefined) throw new Refusal("jdm.nothing-there", `$.${expression.path}`);
        return written;
      }
      default:
        throw new Refusal("jdm.operator", expression.kind);
    }
  };
}

/** The environment after a node that wrote some paths. Without `passThrough` nothing else is left. */
export function afterWriting(
  before: Environment,
  passThrough: boolean,
  written: ReadonlyMap<string, Operand>,
): Environment {
  if (!passThrough) return { seesInput: false, removed: [], written };
  for (const path of written.keys()) {
    for (const other of before.written.keys()) {
      if (other !== path && (within(other, path) || within(path, other))) throw new Refusal("jdm.object", path);
    }
  }
  return { ...before, written: new Map([...before.written, ...written]) };
}

/** The environment without a path and everything within it. */
export function withoutPath(before: Environment, path: string): Environment {
  return {
    ...before,
    removed: [...before.removed, path],
    written: new Map([...before.written].filter(([other]) => !within(other, path))),
  };
}
