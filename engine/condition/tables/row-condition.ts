import { type Condition, isLeaf, KNOWN_OPERATOR } from "../../model/condition";
import type { DecisionTable, SimpleCell, TableCell, TableInput, TableRow } from "./table";

/** Whether a cell is a condition by itself rather than a question about its column's fact. */
export function isOwnCondition(cell: TableCell): cell is Condition {
  return "all" in cell || "any" in cell || "not" in cell || "fact" in cell;
}

/** What a cell of a column without a fact asks, and of one with a fact, as a condition; null where the two do not fit together. */
export function cellCondition(input: TableInput, cell: TableCell): Condition | null {
  if (isOwnCondition(cell)) return input.fact === null ? cell : null;
  const { fact } = input;
  if (fact === null || fact === "") return null;
  const parts = "oneOf" in cell ? cell.oneOf : [cell];
  const asked = parts.map((part) => simpleCondition({ ...input, fact }, part));
  const [only] = asked;
  return asked.length === 1 && only !== undefined ? only : { any: asked };
}

function simpleCondition(input: TableInput & { readonly fact: string }, cell: SimpleCell): Condition {
  const { fact } = input;
  const asked: readonly Condition[] =
    "operator" in cell
      ? [{ fact, operator: cell.operator, value: cell.value }]
      : [
          { fact, operator: cell.fromInclusive ? "greaterThanInclusive" : "greaterThan", value: cell.from },
          { fact, operator: cell.toInclusive ? "lessThanInclusive" : "lessThan", value: cell.to },
        ];
  const guarded = input.unknown === "fails" && !("operator" in cell && cell.operator === KNOWN_OPERATOR);
  const all = guarded ? [{ fact, operator: KNOWN_OPERATOR, value: true } as const, ...asked] : asked;
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : { all };
}

/** The questions of a row, in the order of the columns. Cells that do not fit their column are left out: lint refuses them. */
export function rowConditions(table: DecisionTable, row: TableRow): readonly Condition[] {
  return table.inputs.flatMap((input) => {
    const cell = Object.hasOwn(row.cells, input.id) ? row.cells[input.id] : null;
    const condition = cell === null || cell === undefined ? null : cellCondition(input, cell);
    return condition === null ? [] : [condition];
  });
}

/** A condition that holds whatever the fact is, and whether it is known or not. */
function always(fact: string): Condition {
  return {
    any: [
      { fact, operator: KNOWN_OPERATOR, value: true },
      { fact, operator: KNOWN_OPERATOR, value: false },
    ],
  };
}

/** The first fact the table asks for, or null when it asks for none. */
function firstFact(table: DecisionTable): string | null {
  const column = table.inputs.find(({ fact }) => fact !== null && fact !== "");
  if (column?.fact !== undefined && column.fact !== null) return column.fact;
  for (const row of table.rows) {
    for (const condition of rowConditions(table, row)) {
      const [fact] = factsOf(condition);
      if (fact !== undefined) return fact;
    }
  }
  return null;
}

/** Facts a condition mentions, each once, in the order they stand in it. */
export function factsOf(condition: Condition): readonly string[] {
  const facts = new Set<string>();
  const visit = (inner: Condition): void => {
    if (isLeaf(inner)) facts.add(inner.fact);
    else if ("not" in inner) visit(inner.not);
    else for (const child of "all" in inner ? inner.all : inner.any) visit(child);
  };
  visit(condition);
  return [...facts];
}

/** When a row holds: all its questions; a row without any always does. Null when the whole table asks nothing. */
export function rowCondition(table: DecisionTable, row: TableRow): Condition | null {
  const asked = rowConditions(table, row);
  const [only] = asked;
  if (only !== undefined) return asked.length === 1 ? only : { all: asked };
  const fact = firstFact(table);
  return fact === null ? null : always(fact);
}
