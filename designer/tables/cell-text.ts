import {
  type Condition,
  type ConditionScalar,
  conditionSentence,
  type Field,
  fieldOf,
  inLocale,
  type Locale,
  type Operator,
  type ValueReading,
  valueSentence,
} from "#engine";
import { readScalar } from "../inspector/scalar-kind";
import { textOf } from "../texts/text";
import {
  type Cell,
  conditionCell,
  type GridColumn,
  isRange,
  type OutputCell,
  type OutputColumn,
  partsOf,
  type Row,
  type SimpleCell,
  type Table,
} from "./table-model";

/** Values of a list that are read out in a cell before the rest is counted. */
const VALUES_SHOWN_MAX = 6;

const SIGN: { readonly [operator in Operator]?: string } = {
  equal: "=",
  notEqual: "≠",
  lessThan: "<",
  lessThanInclusive: "≤",
  greaterThan: ">",
  greaterThanInclusive: "≥",
};

type Reading = ValueReading & {
  readonly table: Table;
  /** Lists are read out to their end, for a text that is to be read back. */
  readonly whole?: boolean;
};

function scalarText(value: ConditionScalar, field: Field | undefined, locale: Locale): string {
  if (typeof value === "boolean") return textOf(locale, value ? "condition.yes" : "condition.no");
  const listed = field?.values?.find((known) => known.value === value);
  if (listed !== undefined) return inLocale(listed.label, locale);
  const text = readScalar(value, field);
  if (typeof value !== "number") return text;
  return field?.type === "percent" ? `${text}%` : grouped(text);
}

function grouped(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const parted = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? parted : `${parted}.${fraction}`;
}

type PartReading = Pick<Reading, "locale" | "whole">;

function listText(
  values: readonly ConditionScalar[],
  field: Field | undefined,
  { locale, whole }: PartReading,
): string {
  const separator = locale === "zh-CN" ? "、" : ", ";
  const shown = values
    .slice(0, whole === true ? undefined : VALUES_SHOWN_MAX)
    .map((value) => scalarText(value, field, locale));
  const rest = values.length - shown.length;
  return `${shown.join(separator)}${rest > 0 ? ` +${rest}` : ""}`;
}

/** One question without its fact: "≥ 50,000", "M1、M2", "1 – 30". */
function partText(cell: SimpleCell, field: Field | undefined, reading: PartReading): string {
  const { locale } = reading;
  if (isRange(cell)) {
    const [from, to] = [scalarText(cell.from, field, locale), scalarText(cell.to, field, locale)];
    if (cell.fromInclusive && cell.toInclusive) return `${from} – ${to}`;
    return `${cell.fromInclusive ? "[" : "("}${from}, ${to}${cell.toInclusive ? "]" : ")"}`;
  }
  const { operator, value } = cell;
  if (typeof value === "object") {
    const list = listText(value, field, reading);
    return operator === "notIn" ? textOf(locale, "tables.cell.none-of", { values: list }) : list;
  }
  if (operator === "isKnown") return textOf(locale, value === true ? "condition.known" : "condition.unknown");
  const text = scalarText(value, field, locale);
  const ordered = field === undefined || !["enum", "text", "boolean"].includes(field.type);
  const sign = SIGN[operator];
  if (operator === "equal") return text;
  if (sign !== undefined) return ordered || operator === "notEqual" ? `${sign} ${text}` : text;
  return textOf(locale, `tables.cell.${wordOf(operator)}`, { value: text });
}

const WORDS = [
  "contains",
  "notContains",
  "startsWith",
  "matches",
  "withinLastDays",
  "beforeLastDays",
  "withinNextDays",
  "afterNextDays",
] as const;

function wordOf(operator: Operator): (typeof WORDS)[number] {
  return WORDS.find((word) => word === operator) ?? "contains";
}

function inputText(cell: Cell | null, fact: string | null, reading: Reading): string {
  const { fields, locale } = reading;
  const condition: Condition | null = conditionCell(cell);
  if (condition !== null) return conditionSentence(condition, fields, locale);
  const field = fact === null ? undefined : fieldOf(fields, fact);
  return partsOf(cell)
    .map((part) => partText(part, field, reading))
    .join(textOf(locale, "tables.cell.or"));
}

function outputText(cell: OutputCell | null, column: OutputColumn, reading: Reading): string {
  if (cell === null) return "";
  if ("way" in cell) {
    const way = reading.table.ways.find((known) => known.id === cell.way);
    return way?.name === undefined ? cell.way : inLocale(way.name, reading.locale);
  }
  const field = column.kind === "variable" ? fieldOf(reading.fields, `var.${column.variable}`) : undefined;
  return valueSentence(cell, field === undefined ? undefined : [field.type], { ...reading, listed: field?.values });
}

/** What stands in a cell of the grid; the empty text where it asks or sets nothing. */
export function cellText(row: Row, column: GridColumn, reading: Reading): string {
  if (column.part === "note") return row.note ?? "";
  const { id } = column.column;
  if (column.part === "input") return inputText(row.cells[id] ?? null, column.column.fact, reading);
  return outputText(row.outputs[id] ?? null, column.column, reading);
}

/** What stands at the head of a column: the author's name for it, else what it asks or sets. */
export function columnName(column: GridColumn, { fields, locale }: Pick<Reading, "fields" | "locale">): string {
  if (column.part === "note") return textOf(locale, "tables.note");
  const { name } = column.column;
  if (name !== undefined) return inLocale(name, locale);
  if (column.part === "input") {
    const { fact } = column.column;
    if (fact === null) return textOf(locale, "tables.conditions");
    const field = fact === "" ? undefined : fieldOf(fields, fact);
    return field === undefined ? fact || textOf(locale, "facts.choose") : inLocale(field.label, locale);
  }
  if (column.column.kind === "handle") return textOf(locale, "tables.way");
  const { variable } = column.column;
  const field = fieldOf(fields, `var.${variable}`);
  return field === undefined ? variable || textOf(locale, "tables.no-variable") : inLocale(field.label, locale);
}
