import type { Field, FieldCatalogue } from "../../model/facts";
import { canonicalJson } from "../../model/json";
import { type Example, exampleOf } from "./box";
import { overlapsOf, type TableOverlap } from "./overlaps";
import { boundsBy } from "./regions";
import { rowConditions } from "./row-condition";
import { type Asked, dimensionsOf, holdsSomewhere, rowsOf } from "./rows";
import type { DecisionTable } from "./table";
import { sampledGaps, visit, type Walk } from "./walk";

/**
 * Most row-and-region looks of one analysis. It runs whenever an author changes the table, so it has some tens of milliseconds;
 * what it has not looked at by then is said to be unproven.
 */
export const TABLE_LOOKS_MAX = 1_000_000;
/** Points drawn where not every one could be looked at. */
export const TABLE_SAMPLES = 1000;
/** Most rows compared with each other, two by two. */
export const TABLE_PAIRS_ROWS_MAX = 300;
/** Most findings of a kind that are told one by one. */
export const TABLE_FINDINGS_MAX = 20;

export type TableGap = Example;
export type TableFindings = {
  /** Facts for which no row holds; the table's `otherwise`. */
  readonly gaps: readonly TableGap[];
  /** Rows, by position, that can never decide because rows above hold wherever they would. */
  readonly shadowed: readonly number[];
  /** Rows that hold nowhere: their questions contradict each other. */
  readonly impossible: readonly number[];
  /** Rows that both hold somewhere, and neither is the special case of the other. */
  readonly overlaps: readonly TableOverlap[];
  /** Whether every combination of facts was looked at. If not, what is found is true, and what is not found may still be there. */
  readonly proven: boolean;
  /** The fields that examples speak about. */
  readonly fields: readonly Field[];
};

const NOTHING: TableFindings = { gaps: [], shadowed: [], impossible: [], overlaps: [], proven: false, fields: [] };

/**
 * Where a table has no row, and which of its rows can never decide, by dividing the values of every fact into regions that no
 * question tells apart and going through their combinations. For tables whose first row that holds decides.
 */
export function analyseTable(table: DecisionTable, fields: FieldCatalogue): TableFindings {
  const conditions = table.rows.map((row) => rowConditions(table, row));
  const dimensions = dimensionsOf(conditions, fields);
  if (dimensions === null) return NOTHING;
  const copies = copiesOf(conditions);
  const asked = conditions.flatMap((own, index) => (copies.has(index) ? [] : [{ index, conditions: own }]));
  const rows = rowsOf(asked, dimensions, { fields, looksMax: TABLE_LOOKS_MAX });
  const walk: Walk = {
    dimensions,
    boundOf: boundsBy(fields),
    looksLeft: rows === null ? 0 : TABLE_LOOKS_MAX,
    gaps: [],
    deciding: new Set(),
  };
  const alive = (rows ?? []).map((row) => ({ row, unknown: false }));
  visit(walk, alive, []);
  const complete = walk.looksLeft > 0;
  const exact = dimensions.every((dimension) => dimension.exact);
  const sampled = complete
    ? []
    : sampledGaps(
        walk,
        asked.map((row) => row.conditions),
        samplesFor(conditions),
      );
  const idle = complete && exact ? (rows ?? []).filter(({ index }) => !walk.deciding.has(index)) : [];
  const impossible = idle.filter((row) => !holdsSomewhere(row)).map(({ index }) => index);
  const shadowed = [...copies, ...idle.map(({ index }) => index).filter((index) => !impossible.includes(index))];
  const quiet = new Set([...shadowed, ...impossible]);
  const compared = rows !== null && rows.length <= TABLE_PAIRS_ROWS_MAX;
  const speaking = compared ? rows.filter(({ index }) => !quiet.has(index)) : [];
  return {
    gaps: distinct([...walk.gaps, ...sampled].map((spans) => exampleOf(dimensions, spans))),
    shadowed: shadowed.sort((left, right) => left - right),
    impossible,
    overlaps: overlapsOf(speaking, table, dimensions),
    proven: complete && exact && compared,
    fields: dimensions.map(({ field }) => field),
  };
}

/** Rows that ask exactly what a row above them asks. */
function copiesOf(conditions: readonly Asked[]): ReadonlySet<number> {
  const seen = new Set<string>();
  const copies = new Set<number>();
  conditions.forEach((asked, index) => {
    const text = canonicalJson(asked);
    if (seen.has(text)) copies.add(index);
    seen.add(text);
  });
  return copies;
}

/** As many points as the looks allow, each of which may have to ask every question of every row. */
function samplesFor(conditions: readonly Asked[]): { readonly samples: number; readonly most: number } {
  const questions = conditions.reduce((sum, own) => sum + own.length, 1);
  const affordable = Math.max(1, Math.floor(TABLE_LOOKS_MAX / questions));
  return { samples: Math.min(TABLE_SAMPLES, affordable), most: TABLE_FINDINGS_MAX };
}

function distinct(examples: readonly Example[]): readonly Example[] {
  const seen = new Set<string>();
  return examples.filter(({ when }) => {
    const text = canonicalJson(when);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
