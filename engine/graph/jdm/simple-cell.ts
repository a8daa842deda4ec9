import type { SimpleCell, TableCell } from "../../condition/tables/table";
import { type Condition, isLeaf } from "../../model/condition";
import { canonicalJson } from "../../model/json";

/**
 * A condition as the cell of a column of its fact whose unknown values do not fit; null when it asks something a cell cannot. The
 * column puts "is known" before every question by itself, so here it must stand before each.
 */
export function simpleCellOf(condition: Condition, fact: string): TableCell | null {
  const parts = "any" in condition ? condition.any : [condition];
  // Beside "is not known" a question need not be put "is known" before: where the fact is missing, the row holds anyway.
  const missingHolds = parts.some((part) => isLeaf(part) && part.operator === "isKnown" && part.value === false);
  const cells = parts.map((part) =>
    missingHolds && isLeaf(part) && part.fact === fact ? questionOf(part) : partOf(part, fact),
  );
  const known = cells.filter((cell) => cell !== null);
  if (known.length < cells.length) return null;
  const merged = withOneList(known);
  const [only] = merged;
  return merged.length === 1 && only !== undefined ? only : { oneOf: [...merged] };
}

function partOf(condition: Condition, fact: string): SimpleCell | null {
  if (isLeaf(condition))
    return condition.fact === fact && condition.operator === "isKnown" ? questionOf(condition) : null;
  if (!("all" in condition)) return null;
  const leaves = condition.all.filter(isLeaf);
  if (leaves.length < condition.all.length || leaves.some((leaf) => leaf.fact !== fact)) return null;
  const asked = leaves.filter(({ operator }) => operator !== "isKnown");
  if (
    asked.length === leaves.length ||
    leaves.some(({ operator, value }) => operator === "isKnown" && value !== true)
  ) {
    return null;
  }
  const [first, second] = asked;
  if (first === undefined) return null;
  if (second === undefined) return questionOf(first);
  return asked.length === 2 ? rangeOf(first, second) : null;
}

type Leaf = Extract<Condition, { readonly fact: string }>;

function questionOf({ operator, value }: Leaf): SimpleCell {
  return { operator, value: typeof value === "object" ? [...value] : value };
}

function rangeOf(first: Leaf, second: Leaf): SimpleCell | null {
  const low = [first, second].find(({ operator }) => operator === "greaterThan" || operator === "greaterThanInclusive");
  const high = [first, second].find(({ operator }) => operator === "lessThan" || operator === "lessThanInclusive");
  if (typeof low?.value !== "number" || typeof high?.value !== "number") return null;
  return {
    from: low.value,
    fromInclusive: low.operator === "greaterThanInclusive",
    to: high.value,
    toInclusive: high.operator === "lessThanInclusive",
  };
}

/** Single values among alternatives as one list of values, in their order. */
function withOneList(cells: readonly SimpleCell[]): readonly SimpleCell[] {
  const values = cells.flatMap((cell) => {
    if (!("operator" in cell) || (cell.operator !== "equal" && cell.operator !== "in")) return [];
    return typeof cell.value === "object" ? cell.value : [cell.value];
  });
  const different = [...new Map(values.map((value) => [canonicalJson(value), value])).values()];
  if (different.length < 2) return cells;
  const others = cells.filter((cell) => !("operator" in cell) || (cell.operator !== "equal" && cell.operator !== "in"));
  return [{ operator: "in", value: different }, ...others];
}
