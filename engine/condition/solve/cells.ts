import type { ConditionLeaf, ConditionScalar } from "../../model/condition";
import type { FactType, FactValue, Field } from "../../model/facts";
import { addDays, daysBetween, type LocalDate } from "../../model/time";
import { isRelativeDate } from "../operators";
import { daysAnswer, isKnownAs, leafTruth, scalarAnswer, type Truth } from "./leaf-truth";
import { textKinds } from "./text-cells";

/** What is known of a fact: its type, and what values it may have. */
export type FactDomain = Pick<Field, "type" | "values" | "minimum" | "maximum">;

/**
 * The values of one fact, sorted into cells no question can tell apart. Cells are bits. The last cell is "unknown".
 * A cell without a value is one that may or may not have any.
 */
export type FactCells = {
  /** A value of each cell; null where none was found, and for the unknown cell. */
  readonly values: readonly FactValue[];
  readonly all: bigint;
  /** Cells that certainly have a value, the unknown one included. */
  readonly sure: bigint;
  readonly unknown: bigint;
  /** Cells in which a question is answered yes. */
  readonly holds: ReadonlyMap<ConditionLeaf, bigint>;
  /** Cells in which it is answered no. */
  readonly fails: ReadonlyMap<ConditionLeaf, bigint>;
  /** Whether every value is in a cell. */
  readonly complete: boolean;
};

/** Most cells one fact is divided into; lists of rules that ask for more are given up on. */
const CELLS_MAX = 2000;

type Cell = { readonly value: FactValue; readonly truth: (leaf: ConditionLeaf) => Truth };
type Division = { readonly cells: readonly Cell[]; readonly complete: boolean };

export type CellsAsked = {
  readonly leaves: readonly ConditionLeaf[];
  readonly domain: FactDomain;
  /** Null = not known; then relative and absolute questions about a date are taken to be independent. */
  readonly today: LocalDate | null;
  /** A value that is taken before all others where it will do. */
  readonly preferred: FactValue;
};

/** Divides the values of a fact by what the leaves ask of it. */
export function cellsOf(asked: CellsAsked): FactCells {
  const { cells, complete } = divisionOf(asked);
  const kept = cells.slice(0, CELLS_MAX);
  return tabulated(asked.leaves, [...kept, UNKNOWN_CELL], complete && kept.length === cells.length);
}

/** The one cell of a fact whose value is settled. */
export function settledCells(leaves: readonly ConditionLeaf[], type: FactType, settled: Settled): FactCells {
  const value = isKnownAs(type, settled.value) ? settled.value : null;
  const today = settled.today ?? NO_DAY;
  const cell: Cell = { value, truth: (leaf) => leafTruth(leaf, { type, value, today }) };
  return tabulated(leaves, value === null ? [UNKNOWN_CELL] : [cell, IMPOSSIBLE_CELL], true);
}
export type Settled = { readonly value: FactValue; readonly today: LocalDate | null };

/** Stands in where no relative question can be asked. */
const NO_DAY = "1970-01-01";

const UNKNOWN_CELL: Cell = {
  value: null,
  truth: (leaf) => (leaf.operator === "isKnown" ? (leaf.value === false ? "true" : "false") : "unknown"),
};
/** Keeps the last place, that of the unknown cell, for a fact that is never unknown. */
const IMPOSSIBLE_CELL: Cell = { value: null, truth: () => "unknown" };

function tabulated(leaves: readonly ConditionLeaf[], cells: readonly Cell[], complete: boolean): FactCells {
  const last = cells.length - 1;
  const unknown = 1n << BigInt(last);
  const all = (unknown << 1n) - 1n - (cells[last] === IMPOSSIBLE_CELL ? unknown : 0n);
  const holds = new Map<ConditionLeaf, bigint>();
  const fails = new Map<ConditionLeaf, bigint>();
  for (const leaf of leaves) {
    holds.set(
      leaf,
      bitsWhere(cells, ({ truth }) => truth(leaf) === "true"),
    );
    fails.set(
      leaf,
      bitsWhere(cells, ({ truth }) => truth(leaf) === "false"),
    );
  }
  const valued = bitsWhere(cells, ({ value }) => value !== null);
  return {
    values: cells.map(({ value }) => value),
    all,
    sure: (valued | unknown) & all,
    unknown,
    holds,
    fails,
    complete,
  };
}

function bitsWhere(cells: readonly Cell[], test: (cell: Cell) => boolean): bigint {
  let bits = "";
  for (let index = cells.length - 1; index >= 0; index -= 1) {
    const cell = cells[index];
    bits += cell !== undefined && test(cell) ? "1" : "0";
  }
  return BigInt(`0b${bits}`);
}

function divisionOf(asked: CellsAsked): Division {
  const { domain } = asked;
  switch (domain.type) {
    case "integer":
    case "money":
      return wholeDivision(asked);
    case "number":
    case "percent":
      return realDivision(asked);
    case "date":
      return dateDivision(asked);
    case "boolean":
      return valued([true, false], asked);
    case "enum":
    case "text":
      return domain.values === undefined ? textDivision(asked) : listedDivision(domain.values, asked);
    default:
      throw domain.type satisfies never;
  }
}

/** One cell per value; a preferred value comes first. */
function valued(values: readonly ConditionScalar[], { domain, preferred, today }: CellsAsked): Division {
  const { type } = domain;
  const first = values.filter((value) => value === preferred);
  const cells = [...first, ...values.filter((value) => value !== preferred)].map((value) => ({
    value,
    truth: (leaf: ConditionLeaf) => leafTruth(leaf, { type, value, today: today ?? NO_DAY }),
  }));
  return { cells, complete: true };
}

function listedDivision(values: NonNullable<FactDomain["values"]>, asked: CellsAsked): Division {
  return valued([...new Set(values.map(({ value }) => value))], asked);
}

/** Values that leaves compare with, single or listed. */
function comparedWith(leaves: readonly ConditionLeaf[]): readonly ConditionScalar[] {
  return leaves
    .filter(({ operator }) => operator !== "isKnown" && !isRelativeDate(operator))
    .flatMap(({ value }) => (typeof value === "object" ? value : [value]));
}

function numbersIn(values: readonly FactValue[]): readonly number[] {
  return values.filter((value) => typeof value === "number").filter((value) => Number.isFinite(value));
}

const byNumber = (left: number, right: number): number => left - right;

/** Around each bound the whole numbers on, before and after it; the ends where there are any. */
function wholeDivision(asked: CellsAsked): Division {
  const { leaves, domain, preferred } = asked;
  const least = Math.max(Math.ceil(domain.minimum ?? Number.MIN_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
  const most = Math.min(Math.floor(domain.maximum ?? Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  const bounds = numbersIn(comparedWith(leaves));
  const around = bounds.flatMap((bound) => [
    Math.floor(bound),
    Math.ceil(bound),
    Math.ceil(bound) - 1,
    Math.floor(bound) + 1,
  ]);
  const ends = [domain.minimum === undefined ? 0 : least, ...(domain.maximum === undefined ? [] : [most])];
  const wanted = numbersIn([preferred]).filter(Number.isInteger);
  const values = [...wanted, ...around, ...ends].map((value) => value + 0);
  return valued(distinctSorted(values.filter((value) => value >= least && value <= most)), asked);
}

/** Each bound, and something between any two and beyond the outermost. */
function realDivision(asked: CellsAsked): Division {
  const { leaves, domain, preferred } = asked;
  const { minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE } = domain;
  const ends = [domain.minimum, domain.maximum].filter((end) => end !== undefined);
  const inside = [...numbersIn(comparedWith(leaves)), ...ends].filter((value) => value >= minimum && value <= maximum);
  const bounds = distinctSorted(inside.length === 0 ? [0] : inside);
  const [first = 0, last = 0] = [bounds[0], bounds.at(-1)];
  const between = bounds.slice(1).flatMap((right, index) => betweenOf(bounds[index] ?? right, right));
  const below = Math.max(first - Math.max(1, Math.abs(first) / 2), -Number.MAX_VALUE);
  const above = Math.min(last + Math.max(1, Math.abs(last) / 2), Number.MAX_VALUE);
  const outer = [below, above].filter((value) => value >= minimum && value <= maximum);
  const wanted = numbersIn([preferred]).filter((value) => value >= minimum && value <= maximum);
  return valued(distinctSorted([...wanted, ...bounds, ...between, ...outer]), asked);
}

/** A number strictly between two; none when they are neighbours among the doubles. */
function betweenOf(left: number, right: number): readonly number[] {
  const middle = left / 2 + right / 2;
  return middle > left && middle < right ? [middle] : [];
}

function distinctSorted(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort(byNumber);
}

/** Dates the engine reads as dates (`engine/model/time.ts`), as days since 1970-01-01. */
const FIRST_DAY = -683_003;
const LAST_DAY = 2_932_896;

const dayOf = (date: LocalDate): number => daysBetween(NO_DAY, date);
const dateOf = (day: number): LocalDate => addDays(NO_DAY, day);

function daysAround(days: readonly number[]): readonly number[] {
  const around = days.flatMap((day) => [day - 1, day, day + 1]);
  return distinctSorted(around.filter((day) => day >= FIRST_DAY && day <= LAST_DAY));
}

/** Days ago at which relative questions change their answer: both ends of each, today included. */
function agosOf(leaves: readonly ConditionLeaf[]): readonly number[] {
  return leaves.flatMap(({ operator, value }) => {
    if (!isRelativeDate(operator)) return [];
    return operator === "withinLastDays" || operator === "beforeLastDays" ? [0, Number(value)] : [0, -Number(value)];
  });
}

function dateDivision(asked: CellsAsked): Division {
  const { leaves, today, preferred } = asked;
  const absolute = comparedWith(leaves)
    .filter((value) => isKnownAs("date", value))
    .map((value) => dayOf(String(value)));
  const relative = agosOf(leaves);
  if (today === null && relative.length > 0) return undatedDivision(absolute, relative);
  const todayDay = dayOf(today ?? NO_DAY);
  const wanted = isKnownAs("date", preferred) ? [dayOf(String(preferred))] : [];
  const days = [...absolute, ...relative.map((ago) => todayDay - ago)];
  return valued(daysAround([...wanted, ...(days.length === 0 ? [todayDay] : days)]).map(dateOf), asked);
}

/** Every date against every number of days ago: more than there is, so that nothing is called impossible that is not. */
function undatedDivision(absolute: readonly number[], relative: readonly number[]): Division {
  const dates = daysAround(absolute.length === 0 ? [0] : absolute).map(dateOf);
  const agos = distinctSorted(relative.flatMap((ago) => [ago - 1, ago, ago + 1]));
  const cells = dates.flatMap((date) =>
    agos.map((ago): Cell => {
      const holds = (leaf: ConditionLeaf): boolean =>
        isRelativeDate(leaf.operator) ? daysAnswer(leaf, ago) : scalarAnswer(leaf, date);
      return {
        value: null,
        truth: (leaf) => {
          if (leaf.operator === "isKnown") return leaf.value === true ? "true" : "false";
          return holds(leaf) ? "true" : "false";
        },
      };
    }),
  );
  return { cells, complete: true };
}

function textDivision(asked: CellsAsked): Division {
  const { leaves, preferred } = asked;
  const compared = leaves.filter(({ operator }) => ["equal", "notEqual", "in", "notIn"].includes(operator));
  const texts = [...comparedWith(compared), preferred].filter((value) => typeof value === "string");
  const named = new Set(texts);
  const own = valued([...named], asked);
  const { kinds, complete } = textKinds(leaves, named);
  const others = kinds.map(
    ({ value, holds }): Cell => ({
      value,
      truth: (leaf) => {
        if (leaf.operator === "isKnown") return leaf.value === true ? "true" : "false";
        return holds(leaf) ? "true" : "false";
      },
    }),
  );
  return { cells: [...own.cells, ...others], complete };
}
