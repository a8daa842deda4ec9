import {
  type Condition,
  type ConditionLeaf,
  type ConditionScalar,
  isLeaf,
  TEXT_OPERATORS,
} from "../../model/condition";
import { type FactType, type Field, type FieldCatalogue, fieldOf } from "../../model/facts";
import { addDays, DAY_MS, dateToUtcMs } from "../../model/time";
import { isRelativeDate } from "../operators";
import { type BoundOf, FALSE, leafTruth, type PointValue } from "./truth";

/**
 * A set of values of one fact that no question of the table tells apart. `value` is one of them; `low` and `high` are the bounds
 * of a stretch of numbers or days (null = none), both open; a single number has `low` and `high` equal to it.
 */
export type Region =
  | { readonly kind: "unknown"; readonly value: null }
  | { readonly kind: "value"; readonly value: string | number | boolean }
  /** Every text that is not listed and for which no question about parts of a text holds. */
  | { readonly kind: "other"; readonly value: string }
  | { readonly kind: "stretch"; readonly value: number; readonly low: number | null; readonly high: number | null };

/** One fact of the table with its regions. Numbers and days come in their order. */
export type Dimension = {
  readonly fact: string;
  readonly field: Field;
  readonly regions: readonly Region[];
  /** The regions hold every value the fact may have. False where parts of texts are asked about: those are only sampled. */
  readonly exact: boolean;
  /** Dates asked about by days from today: values are days since the date. */
  readonly relative: boolean;
  readonly leaves: readonly ConditionLeaf[];
};

const FIRST_DAY = "1970-01-01";
const TYPES_WITH_ORDER: readonly FactType[] = ["integer", "number", "money", "percent", "date"];
const WHOLE_TYPES: readonly FactType[] = ["integer", "money", "date"];
/** Texts that stand for "any other text"; the first for which no question holds is taken. */
const OTHER_TEXTS = ["…", "other", "其他", "0", "—"] as const;

export function dayNumber(date: string): number | null {
  const atMs = dateToUtcMs(date);
  return atMs === null ? null : atMs / DAY_MS;
}

export function dayText(day: number): string {
  return addDays(FIRST_DAY, day);
}

/** How the values of leaves are compared with points, by the types of their facts. */
export function boundsBy(fields: FieldCatalogue): BoundOf {
  const dates = new Map<string, boolean>();
  const isDate = (fact: string): boolean => {
    const known = dates.get(fact) ?? fieldOf(fields, fact)?.type === "date";
    dates.set(fact, known);
    return known;
  };
  return (leaf, value) => (typeof value === "string" && isDate(leaf.fact) ? (dayNumber(value) ?? undefined) : value);
}

/** Every question of a condition. */
export function leavesOf(condition: Condition): readonly ConditionLeaf[] {
  if (isLeaf(condition)) return [condition];
  if ("not" in condition) return leavesOf(condition.not);
  return ("all" in condition ? condition.all : condition.any).flatMap(leavesOf);
}

/** The regions of a fact that the given questions tell apart; null when no catalogue knows the fact. */
export function dimensionOf(fact: string, leaves: readonly ConditionLeaf[], fields: FieldCatalogue): Dimension | null {
  const field = fieldOf(fields, fact);
  if (field === undefined) return null;
  const boundOf = boundsBy(fields);
  const known = knownRegions(field, leaves, boundOf);
  return { fact, field, leaves, ...known, regions: [...known.regions, { kind: "unknown", value: null }] };
}

type Known = Pick<Dimension, "regions" | "exact" | "relative">;

function knownRegions(field: Field, leaves: readonly ConditionLeaf[], boundOf: BoundOf): Known {
  if (field.type === "boolean") {
    return { regions: [true, false].map((value) => ({ kind: "value", value })), exact: true, relative: false };
  }
  if (TYPES_WITH_ORDER.includes(field.type)) return orderedRegions(field, leaves, boundOf);
  const values = scalarsOf(leaves).filter((value) => typeof value === "string");
  if (field.values !== undefined) {
    const listed = field.values.map(({ value }) => value);
    return { regions: listed.map((value) => ({ kind: "value", value })), exact: true, relative: false };
  }
  return textRegions(leaves, values, boundOf);
}

function scalarsOf(leaves: readonly ConditionLeaf[]): readonly ConditionScalar[] {
  return leaves.flatMap(({ value }) => (typeof value === "object" ? value : [value]));
}

function textRegions(leaves: readonly ConditionLeaf[], values: readonly string[], boundOf: BoundOf): Known {
  const inTexts = leaves.filter(({ operator }) => TEXT_OPERATORS.some((known) => known === operator));
  const regions: Region[] = [...new Set(values)].map((value) => ({ kind: "value", value }));
  const positive = leaves.map((leaf) =>
    leaf.operator === "notContains" ? { ...leaf, operator: "contains" as const } : leaf,
  );
  const other = OTHER_TEXTS.find(
    (text) =>
      !values.includes(text) &&
      positive.every((leaf) => !isPartOfText(leaf) || leafTruth(leaf, text, boundOf) === FALSE),
  );
  if (other !== undefined) regions.push({ kind: "other", value: other });
  return { regions, exact: inTexts.length === 0, relative: false };
}

export function isPartOfText({ operator }: ConditionLeaf): boolean {
  return TEXT_OPERATORS.some((known) => known === operator);
}

function orderedRegions(field: Field, leaves: readonly ConditionLeaf[], boundOf: BoundOf): Known {
  const relativeLeaves = leaves.filter(({ operator }) => isRelativeDate(operator));
  const absolute = leaves.filter(({ operator }) => !isRelativeDate(operator) && operator !== "isKnown");
  const relative = relativeLeaves.length > 0;
  const cuts = relative ? relativeLeaves.flatMap(daysCuts) : absolute.flatMap((leaf) => absoluteCuts(leaf, boundOf));
  const limits = relative ? [] : [field.minimum, field.maximum].filter((limit) => limit !== undefined);
  const sorted = [...new Set([...cuts, ...limits])].sort((left, right) => left - right);
  const whole = WHOLE_TYPES.includes(field.type);
  const within = (value: number): boolean =>
    relative || (value >= (field.minimum ?? value) && value <= (field.maximum ?? value));
  const regions = stretches(sorted, whole).filter((region) => within(region.value));
  return { regions, exact: !relative || absolute.length === 0, relative };
}

function absoluteCuts(leaf: ConditionLeaf, boundOf: BoundOf): readonly number[] {
  return scalarsOf([leaf])
    .map((value) => boundOf(leaf, value))
    .filter((value): value is number => typeof value === "number" && Number.isFinite(value));
}

/** Days since the date at which the answer of a question changes, the day before and the day after. */
function daysCuts({ operator, value }: ConditionLeaf): readonly number[] {
  const days = Number(value);
  return operator === "withinLastDays" || operator === "beforeLastDays" ? [0, days] : [0, -days];
}

function stretches(cuts: readonly number[], whole: boolean): readonly (Region & { readonly value: number })[] {
  const regions: (Region & { readonly value: number })[] = [];
  const push = (low: number | null, high: number | null): void => {
    const value = between(low, high, whole);
    if (value !== null) regions.push({ kind: "stretch", value, low, high });
  };
  let before: number | null = null;
  for (const cut of cuts) {
    push(before, cut);
    if (!whole || Number.isInteger(cut)) regions.push({ kind: "stretch", value: cut, low: cut, high: cut });
    before = cut;
  }
  push(before, null);
  return regions;
}

/** A number strictly between two bounds, as near to a bound as people would say it; null when there is none. */
function between(low: number | null, high: number | null, whole: boolean): number | null {
  if (low === null) return high === null ? 0 : Math.ceil(high) - 1;
  const next = Math.floor(low) + 1;
  if (high === null || next < high) return next;
  const middle = (low + high) / 2;
  return whole || middle <= low || middle >= high ? null : middle;
}

/** The value of a point as a fact: a date as its text; undefined where it depends on the day it is asked. */
export function factValue(dimension: Dimension, value: PointValue): PointValue | undefined {
  if (dimension.field.type !== "date" || typeof value !== "number") return value;
  return dimension.relative ? undefined : dayText(value);
}
