import type { OutputCell, TableCell, TableRow } from "../../condition/tables/table";
import type { Condition } from "../../model/condition";
import type { ValueSpec } from "../../model/value";
import { type Case, casesOf } from "./cases";
import {
  afterWriting,
  type Environment,
  type Names,
  newVariable,
  readPath,
  resolverOf,
  typeOfPath,
} from "./environment";
import { parseCellTest, parseExpression } from "./expression";
import { Refusal } from "./refusal";
import type { JdmNodeOf } from "./shape";
import { allOf, type Cond, isKnown, type Operand, sidesOf } from "./sides";
import { simpleCellOf } from "./simple-cell";
import {
  attempted,
  drawAssignments,
  drawTable,
  type JdmPlace,
  type Loose,
  type Making,
  type PlainAssignment,
  refuseNode,
  remark,
} from "./steps";

type TableNode = JdmNodeOf<"decisionTableNode">;
type Step = { readonly loose: readonly Loose[]; readonly environment: Environment };

/** Most rows one row may become where its outputs depend on more than its cells. */
const ROWS_OF_ROW_MAX = 24;
/** Column of conditions that no column of a single field can hold. */
const OTHER_COLUMN = "also";

type Column = {
  readonly id: string;
  readonly column: string;
  readonly source: string;
  /** The field its cells ask about; null = nothing stands there, undefined = its cells are conditions of their own. */
  readonly operand: Operand | null | undefined;
  readonly input: string;
};
type Target = {
  readonly id: string;
  readonly column: string;
  readonly path: string;
  readonly operand: Operand & { readonly variable: string };
};

/** A decision table with hit policy `first` as a table step. Null when it was refused. */
export function tableStep(
  node: TableNode,
  at: { readonly place: JdmPlace; readonly before: Step },
  making: Making,
): Step | null {
  const { place, before } = at;
  const { content } = node;
  const refusedBefore = making.refused.length;
  if (content.hitPolicy === "collect") refuseNode(making, place, "jdm.collect");
  if (content.executionMode === "loop") refuseNode(making, place, "jdm.loop");
  if (content.inputField?.trim()) refuseNode(making, place, "jdm.input-field");
  const prepare: PlainAssignment[] = [];
  const columns = content.inputs.map((_, index) =>
    columnOf({ node, index, place }, before.environment, { making, prepare }),
  );
  const targets = targetsOf(node, { place, before, making });
  if (targets === null) return null;
  const reading = {
    columns: columns.filter((column) => column !== null),
    targets,
    place,
    environment: before.environment,
    making,
  };
  const rows = content.rules.flatMap((rule, index) => rowsOf(rule, index, reading));
  if (making.refused.length > refusedBefore) return null;
  return attempted(making, place, () => {
    keepOrClear(rows, { node, targets, before, prepare, making });
    const named = { name: node.name, assign: prepare };
    const loose = drawTable(
      making,
      { name: node.name, table: tableOf(rows, reading) },
      drawAssignments(making, named, before.loose),
    );
    const written = new Map(targets.map(({ path, operand }) => [path, operand]));
    return { loose, environment: afterWriting(before.environment, content.passThrough, written) };
  });
}

function columnOf(
  { node, index, place }: { readonly node: TableNode; readonly index: number; readonly place: JdmPlace },
  environment: Environment,
  { making, prepare }: { readonly making: Making; readonly prepare: PlainAssignment[] },
): Column | null {
  const input = node.content.inputs[index];
  if (input === undefined) return null;
  const column = input.name === "" ? (input.field ?? input.id) : input.name;
  const field = input.field?.trim() ?? "";
  const shared = { id: input.id, column, source: field, input: `c${index + 1}` };
  // A column none of whose cells ask anything need not be understood.
  const asks = node.content.rules.some((rule) => (rule[input.id]?.trim() ?? "") !== "");
  if (field === "" || !asks) return { ...shared, operand: undefined };
  const refusedBefore = making.refused.length;
  node.content.rules.forEach((rule, at) => {
    const cell = rule[input.id]?.trim() ?? "";
    const where = { ...place, path: `${place.path}.content.rules[${at}]`, row: at + 1, column };
    if (cell !== "") attempted(making, where, () => parseCellTest(cell));
  });
  // A column whose cells cannot be read is not refused once more for what its field is.
  if (making.refused.length > refusedBefore) return null;
  return attempted(making, { ...place, column }, () => {
    const expression = parseExpression(field);
    if (expression.kind === "path") return { ...shared, operand: readPath(expression.path, environment, making.names) };
    const [only, ...others] = casesOf(expression, resolverOf(environment, making.names));
    if (only?.type !== "number" || others.length > 0) throw new Refusal("jdm.operator", field);
    // Where it cannot be reckoned ZEN has no value for the column, and the variable is unknown.
    const operand = newVariable(making.names, `${node.name}.${column}`, "number");
    prepare.push({ variable: operand.variable, value: only.value });
    return { ...shared, operand };
  });
}

type Writing = { readonly place: JdmPlace; readonly before: Step; readonly making: Making };

/** A variable for every output. One that is there already is written again, unless everything else is dropped. */
function targetsOf(node: TableNode, { place, before, making }: Writing): readonly Target[] | null {
  const prefix = node.content.outputPath?.trim() ? `${node.content.outputPath.trim()}.` : "";
  const targets = node.content.outputs.map((output): Target | null => {
    const path = `${prefix}${output.field.trim()}`;
    const column = output.name === "" ? output.field : output.name;
    return attempted(making, { ...place, column }, () => {
      const known = node.content.passThrough ? before.environment.written.get(path) : undefined;
      const again =
        known === undefined ? undefined : making.names.variables.find(({ name }) => known.fact === `var.${name}`);
      if (known !== undefined && again !== undefined) {
        return { id: output.id, column, path, operand: { ...known, variable: again.name } };
      }
      // Where nothing says the type, no cell can be read, and each is refused for its own reason.
      const { types, conflicts } = making.names.fieldTypes;
      const type = types.has(path) || conflicts.has(path) ? typeOfPath(making.names, path) : "text";
      return { id: output.id, column, path, operand: newVariable(making.names, path, type) };
    });
  });
  const known = targets.filter((target) => target !== null);
  return known.length === targets.length ? known : null;
}

type Reading = {
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  readonly place: JdmPlace;
  readonly environment: Environment;
  readonly making: Making;
};
/** A row of the strategy's table: its cells, what else must hold, and the values it writes. */
type Row = {
  readonly id: string;
  readonly cells: { readonly [input: string]: TableCell };
  readonly also: Cond;
  readonly values: Map<string, ValueSpec>;
  /** Applies whatever the account is. */
  readonly always: boolean;
};

type Rule = TableNode["content"]["rules"][number];

function rowsOf(rule: Rule, index: number, reading: Reading): readonly Row[] {
  const { columns, targets, place, making, environment } = reading;
  const at = { ...place, path: `${place.path}.content.rules[${index}]`, row: index + 1 };
  // ZEN passes over a row that lacks a cell of one of the columns.
  if ([...columns, ...targets].some(({ id }) => rule[id] === undefined || rule[id] === null)) {
    remark(making, at, "jdm.row-without-cell");
    return [];
  }
  const cells: { [input: string]: TableCell } = {};
  const also: Cond[] = [];
  for (const column of columns) {
    const text = rule[column.id]?.trim() ?? "";
    if (text === "") continue;
    const cell = { ...at, column: column.column };
    const yes = attempted(making, cell, () => cellCondition(text, column, reading));
    if (yes === null) continue;
    const simple = typeof yes === "boolean" || !column.operand ? null : simpleCellOf(yes, column.operand.fact);
    if (simple === null) also.push(yes);
    else cells[column.input] = simple;
  }
  const outputs = targets.flatMap((target) => {
    const text = rule[target.id]?.trim() ?? "";
    if (text === "") return [];
    const cell = { ...at, column: target.column };
    const cases = attempted(making, cell, () =>
      fitting(casesOf(parseExpression(text), resolverOf(environment, making.names)), target, making.names),
    );
    return cases === null ? [] : [{ target, cases }];
  });
  const condition = allOf(also);
  if (condition === false) {
    remark(making, at, "jdm.row-never");
    return [];
  }
  const combined = attempted(making, at, () => combinations(outputs)) ?? [];
  return combined.map(({ when, values }, part): Row => {
    const whole = allOf([condition, when]);
    const id = part === 0 ? `r${index + 1}` : `r${index + 1}-${part + 1}`;
    return { id, cells, also: whole, values, always: whole === true && Object.keys(cells).length === 0 };
  });
}

function cellCondition(text: string, column: Column, { environment, making }: Reading): Cond {
  if (column.operand === undefined) return sidesOf(parseExpression(text), resolverOf(environment, making.names)).yes;
  return sidesOf(parseCellTest(text), resolverOf(environment, making.names, { column: column.operand })).yes;
}

/** Values of another type than the variable's would be lost in it. */
function fitting(cases: readonly Case[], { operand, path }: Target, names: Names): readonly Case[] {
  for (const { type } of cases) {
    if (type === null) continue;
    if (!names.fieldTypes.types.has(path)) throw new Refusal("jdm.type-unknown", path);
    if (type !== operand.type) throw new Refusal("jdm.type-conflict", path);
  }
  return cases;
}

/** The values of a row's outputs, with what must hold for them: an output that cannot be reckoned makes ZEN pass over the row. */
function combinations(outputs: readonly { readonly target: Target; readonly cases: readonly Case[] }[]) {
  let made: readonly { readonly when: Cond; readonly values: Map<string, ValueSpec> }[] = [
    { when: true, values: new Map() },
  ];
  for (const { target, cases } of outputs) {
    made = made.flatMap(({ when, values }) =>
      cases.flatMap((one) => {
        const held = allOf([when, one.when]);
        return held === false ? [] : [{ when: held, values: new Map([...values, [target.id, one.value] as const]) }];
      }),
    );
    if (made.length > ROWS_OF_ROW_MAX) throw new Refusal("jdm.too-many-cases", target.column);
  }
  return made;
}

type Keeping = {
  readonly node: TableNode;
  readonly targets: readonly Target[];
  readonly before: Step;
  readonly prepare: PlainAssignment[];
  readonly making: Making;
};

/**
 * What a path holds where no row writes it: what it held before. A variable that stands for the path already keeps its value; one
 * that is new takes over what the graph's input has there, if the graph's own tests say that an input may have it.
 */
function keepOrClear(rows: readonly Row[], { node, targets, before, prepare, making }: Keeping): void {
  const { passThrough, outputPath } = node.content;
  const covered = rows.some(({ always }) => always);
  if (outputPath?.trim() && !covered) throw new Refusal("jdm.nothing-there", outputPath);
  if (!passThrough) return;
  for (const { path, operand, id } of targets) {
    if (before.environment.written.has(path)) continue;
    const alwaysWritten = covered && rows.every(({ values }) => values.has(id));
    const known = making.names.fieldTypes.inInputs.has(path);
    if (alwaysWritten || !known) continue;
    const held = readPath(path, before.environment, making.names);
    if (held !== null) prepare.push({ variable: operand.variable, value: { fact: held.fact } });
  }
}

/** Holds whatever the account is: every account has been so many days past due, or it is not known. */
const ALWAYS: Condition = { any: [isKnown("dpd", true), isKnown("dpd", false)] };

function tableOf(rows: readonly Row[], { columns, targets }: Reading) {
  const asked = columns.filter(
    (column) => column.operand && rows.some(({ cells }) => Object.hasOwn(cells, column.input)),
  );
  const conditions = asked.length === 0 || rows.some(({ also }) => typeof also !== "boolean");
  return {
    inputs: [
      ...asked.map(({ input, operand, column }) => ({
        id: input,
        fact: operand?.fact ?? "",
        unknown: "fails" as const,
        name: { en: column.slice(0, 80) },
      })),
      ...(conditions ? [{ id: OTHER_COLUMN, fact: null, unknown: "ask" as const }] : []),
    ],
    outputs: targets.map(({ operand, column }, index) => ({
      id: `o${index + 1}`,
      kind: "variable" as const,
      variable: operand.variable,
      aggregate: "first" as const,
      ...(column === "" ? {} : { name: { en: column.slice(0, 80) } }),
    })),
    ways: [],
    rows: rows.map((row): TableRow => {
      const also = typeof row.also === "boolean" ? (asked.length === 0 ? ALWAYS : null) : row.also;
      const outputs = targets.flatMap(({ id }, index): (readonly [string, OutputCell])[] => {
        const value = row.values.get(id);
        return value === undefined ? [] : [[`o${index + 1}`, value]];
      });
      return {
        id: row.id,
        cells: { ...row.cells, ...(also === null ? {} : { [OTHER_COLUMN]: also }) },
        outputs: Object.fromEntries(outputs),
      };
    }),
  };
}
