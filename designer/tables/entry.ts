import {
  type ConditionScalar,
  type Field,
  type FieldCatalogue,
  fieldOf,
  isNumeric,
  LOCALES,
  type Operator,
} from "#engine";
import { parseNumber } from "../inspector/numbers";
import { textOf } from "../texts/text";
import {
  type Cell,
  cellOf,
  type GridColumn,
  type OutputCell,
  type Range,
  type SimpleCell,
  type Table,
} from "./table-model";

/** What a typed or pasted text makes of a cell, or why it makes nothing. */
export type Entry =
  | { readonly ok: true; readonly content: Cell | OutputCell | string | null }
  | { readonly ok: false; readonly problem: EntryProblem };
export type EntryProblem =
  | "no-fact"
  | "no-variable"
  | "no-condition"
  | "no-value"
  | "not-listed"
  | "no-such-way"
  | "too-long";

type Reading = { readonly fields: FieldCatalogue; readonly table: Pick<Table, "ways"> };

const NOTE_MAX = 500;
const LIST_MAX = 500;
const ALTERNATIVES_MAX = 50;
const TEXT_MAX = 200;
const ANY = ["", "*", "-", "—"];

const yes = (content: Cell | OutputCell | string | null): Entry => ({ ok: true, content });
const no = (problem: EntryProblem): Entry => ({ ok: false, problem });

/** Reads what stands in a spreadsheet's cell as the column takes it, in either language: "≥ 5万", "1-30", "M1、M2", "任意". */
export function readEntry(text: string, column: GridColumn, { fields, table }: Reading): Entry {
  const written = text.normalize("NFKC").replaceAll(/\s+/g, " ").trim();
  if (column.part === "note") {
    const note = text.trim();
    return note.length > NOTE_MAX ? no("too-long") : yes(note === "" ? null : note);
  }
  if (column.part === "output") {
    if (column.column.kind === "handle") return wayEntry(written, table);
    return valueEntry(written, fieldOf(fields, `var.${column.column.variable}`));
  }
  if (isAny(written)) return yes(null);
  const { fact } = column.column;
  if (fact === null) return no("no-condition");
  const field = fieldOf(fields, fact);
  return field === undefined ? no("no-fact") : questionEntry(written, field);
}

type WordKey = Parameters<typeof textOf>[1];

const wordsOf = new Map<WordKey, readonly string[]>();

/** Whether a text is a word of the designer, in any language. */
function said(written: string, key: WordKey): boolean {
  const words = wordsOf.get(key) ?? LOCALES.map((locale) => textOf(locale, key).toLowerCase());
  wordsOf.set(key, words);
  return words.includes(written.toLowerCase());
}

function isAny(written: string): boolean {
  return ANY.includes(written) || said(written, "tables.any");
}

function wayEntry(written: string, { ways }: Pick<Table, "ways">): Entry {
  if (written === "" || said(written, "tables.no-way")) return yes(null);
  const way = ways.find(({ id, name }) => id === written || LOCALES.some((locale) => name?.[locale] === written));
  return way === undefined ? no("no-such-way") : yes({ way: way.id });
}

function valueEntry(written: string, field: Field | undefined): Entry {
  if (written === "" || said(written, "tables.unset")) return yes(null);
  if (field === undefined) return no("no-variable");
  if (said(written, "condition.unknown")) return yes({ literal: null });
  const value = scalarOf(written, field);
  if (value === null) return no(field.values === undefined ? "no-value" : "not-listed");
  return yes({ literal: value });
}

/** A value of the field's type; null when it is none. Nothing is coerced: what looks like another type is refused. */
function scalarOf(written: string, field: Field): ConditionScalar | null {
  if (field.values !== undefined) {
    const lower = written.toLowerCase();
    const listed = field.values.find(
      ({ value, label }) =>
        value.toLowerCase() === lower || LOCALES.some((locale) => label[locale]?.toLowerCase() === lower),
    );
    return listed?.value ?? null;
  }
  if (field.type === "boolean") {
    if (said(written, "condition.yes") || /^(?:true|1|y)$/i.test(written)) return true;
    return said(written, "condition.no") || /^(?:false|0|n)$/i.test(written) ? false : null;
  }
  if (field.type === "date") return dateOf(written);
  if (isNumeric(field.type)) return parseNumber(written, field.type);
  return written.length > 0 && written.length <= TEXT_MAX ? written : null;
}

const DATE = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/;

function dateOf(written: string): string | null {
  const [, year = "", month = "", day = ""] = DATE.exec(written) ?? [];
  if (year === "") return null;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? date : null;
}

const SIGNS: readonly (readonly [signs: RegExp, operator: Operator])[] = [
  [/^(?:>=|=>|≥|≧|at least|不少于|不低于|至少)/i, "greaterThanInclusive"],
  [/^(?:<=|=<|≤|≦|at most|不超过|不高于|至多)/i, "lessThanInclusive"],
  [/^(?:!=|<>|≠)/, "notEqual"],
  [/^(?:>|over |大于|超过|高于)/i, "greaterThan"],
  [/^(?:<|under |小于|低于)/i, "lessThan"],
  [/^(?:==?|is )/i, "equal"],
];
/** Questions that are written in words, as the grid writes them. */
const WORDED = ["contains", "notContains", "startsWith", "matches"] as const;
const DAYS = ["withinLastDays", "beforeLastDays", "withinNextDays", "afterNextDays"] as const;

function questionEntry(written: string, field: Field): Entry {
  // "A or B" first: of a text the whole could be one value as well.
  const alternatives = LOCALES.map((locale) => written.split(textOf(locale, "tables.cell.or")))
    .map((parts) => parts.map((part) => partOf(part.trim(), field)))
    .find((parts) => parts.length > 1 && parts.length <= ALTERNATIVES_MAX && parts.every((part) => part !== null));
  if (alternatives !== undefined) return yes(cellOf(alternatives.filter((part) => part !== null)));
  const whole = partOf(written, field);
  return whole === null ? no(field.values === undefined ? "no-value" : "not-listed") : yes(whole);
}

function partOf(written: string, field: Field): SimpleCell | null {
  if (said(written, "condition.known")) return { operator: "isKnown", value: true };
  if (said(written, "condition.unknown")) return { operator: "isKnown", value: false };
  return (
    rangeOf(written, field) ??
    wordedOf(written, field) ??
    deniedOf(written, field) ??
    signedOf(written, field) ??
    listOf(written, field)
  );
}

function isOrdered({ type, values }: Field): boolean {
  return values === undefined && (isNumeric(type) || type === "date");
}

/** What stands between the ends of a range; a hyphen may as well be a sign or part of a date, so each place is tried. */
const JOINTS = /–|—|~|〜|至|到|\.\.|…|\bto\b|-/giu;
const BRACKETS = /^([[(])\s*(.+?)\s*[,;]\s+(.+?)\s*([\])])$/;

function rangeOf(written: string, field: Field): Range | null {
  if (!isOrdered(field) || scalarOf(written, field) !== null) return null;
  const [, open, low, high, close] = BRACKETS.exec(written) ?? [];
  if (low !== undefined && high !== undefined) {
    return madeRange([low, high], field, { fromInclusive: open === "[", toInclusive: close === "]" });
  }
  for (const { index, 0: joint } of written.matchAll(JOINTS)) {
    const ends = [written.slice(0, index).trim(), written.slice(index + joint.length).trim()] as const;
    const made = madeRange(ends, field, { fromInclusive: true, toInclusive: true });
    if (made !== null) return made;
  }
  return null;
}

function madeRange(
  [low, high]: readonly [string, string],
  field: Field,
  ends: Pick<Range, "fromInclusive" | "toInclusive">,
): Range | null {
  const [from, to] = [scalarOf(low, field), scalarOf(high, field)];
  if (from === null || to === null || typeof from === "boolean" || typeof to === "boolean") return null;
  return { from, to, ...ends };
}

function wordedOf(written: string, field: Field): SimpleCell | null {
  const isText = field.values === undefined && field.type === "text";
  const operators = field.type === "date" ? DAYS : isText ? WORDED : [];
  for (const operator of operators) {
    for (const locale of LOCALES) {
      const value = between(written, textOf(locale, `tables.cell.${operator}`).split("{value}"));
      if (value === null || value === "") continue;
      if (field.type !== "date") return { operator, value };
      if (/^\d{1,4}$/.test(value)) return { operator, value: Number(value) };
    }
  }
  return null;
}

/** What stands between the two halves of a sentence; null when the text is not that sentence. */
function between(written: string, [head = "", tail = ""]: readonly string[]): string | null {
  const [before, after] = [head.normalize("NFKC").trim(), tail.normalize("NFKC").trim()];
  const fits = written.startsWith(before) && written.endsWith(after) && written.length >= before.length + after.length;
  return fits && (before !== "" || after !== "")
    ? written.slice(before.length, written.length - after.length).trim()
    : null;
}

function signedOf(written: string, field: Field): SimpleCell | null {
  for (const [signs, operator] of SIGNS) {
    const [sign] = signs.exec(written) ?? [];
    if (sign === undefined) continue;
    if (!isOrdered(field) && operator !== "equal" && operator !== "notEqual") continue;
    const value = scalarOf(written.slice(sign.length).trim(), field);
    return value === null ? null : { operator, value };
  }
  return null;
}

const LIST_JOINTS = /\s*[、,;|/]\s*/;

function listOf(written: string, field: Field): SimpleCell | null {
  const value = scalarOf(written, field);
  const hasJoint = LIST_JOINTS.test(written);
  // A date and a grouped number hold signs that elsewhere part a list; a text may hold any, so there a list is only what says so.
  if (value !== null && (isOrdered(field) || field.type === "boolean" || !hasJoint)) {
    return field.values === undefined ? { operator: "equal", value } : { operator: "in", value: [value] };
  }
  const values = scalarsOf(written, field);
  return values === null ? null : { operator: "in", value: values };
}

/** "not A, B" */
function deniedOf(written: string, field: Field): SimpleCell | null {
  for (const locale of LOCALES) {
    const list = between(written, textOf(locale, "tables.cell.none-of").split("{values}"));
    const values = list === null || list === "" ? null : scalarsOf(list, field);
    if (values !== null) return { operator: "notIn", value: values };
  }
  return null;
}

function scalarsOf(written: string, field: Field): readonly ConditionScalar[] | null {
  const parts = written.split(LIST_JOINTS).map((part) => scalarOf(part, field));
  const values = parts.filter((part) => part !== null);
  return field.type === "boolean" || parts.length > LIST_MAX || values.length < parts.length ? null : values;
}
