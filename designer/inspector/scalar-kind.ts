import type { ConditionScalar, FactType, Field } from "#engine";
import { numberText, parseNumber } from "./numbers";

/** What a value is of: enough of a field to type, read and unit it. Undefined = nobody knows; it is then taken as text. */
export type ScalarKind = Pick<Field, "type"> & Partial<Pick<Field, "values" | "unit">>;

const TEXT_TYPES: readonly FactType[] = ["text", "enum", "date"];

/** Whether a value is kept as it is typed. */
export function isText(kind: ScalarKind | undefined): boolean {
  return kind === undefined || TEXT_TYPES.includes(kind.type);
}

/** A typed text as a value of a kind; null when it is none. */
export function parseScalar(typed: string, kind: ScalarKind | undefined): ConditionScalar | null {
  return kind === undefined || isText(kind) ? typed : parseNumber(typed, kind.type);
}

/** A value as one types it. */
export function readScalar(value: ConditionScalar, kind: ScalarKind | undefined): string {
  return typeof value === "number" && kind !== undefined ? numberText(value, kind.type) : String(value);
}
