import { z } from "zod";
import { variablesOf } from "../condition/catalogue";
import { valueIssues } from "../condition/value-issues";
import { type Issue, issue } from "../model/issue";
import { type Assignment, type ValueSpec, ValueSpecSchema } from "../model/value";
import type { StrategyVariable } from "../model/variable";
import type { NodeContext } from "./define";

/** Most variables one step writes. */
export const ASSIGNMENTS_MAX = 30;

/** A variable by its name; the empty string means "not chosen yet" and is refused by lint. */
export const VariableChoiceSchema = z.string().max(40);

export const VariableValueSchema = z.strictObject({ variable: VariableChoiceSchema, value: ValueSpecSchema });
export type VariableValue = { readonly variable: string; readonly value: ValueSpec };

type Declared = Pick<NodeContext, "settings">;

/** A variable of the strategy, the stage every strategy has included; undefined = none of that name. */
export function variableNamed({ settings }: Declared, name: string): StrategyVariable | undefined {
  return variablesOf(settings).find((variable) => variable.name === name);
}

/** Whether each variable exists and takes what is written into it. `path` is where the list stands in the step's data. */
export function assignmentIssues(
  assign: readonly VariableValue[],
  context: Pick<NodeContext, "settings" | "fields">,
  path: string,
): readonly Issue[] {
  return assign.flatMap(({ variable, value }, index) => {
    const at = `${path}[${index}]`;
    if (variable === "") return [issue("variable.missing", { path: `${at}.variable` })];
    const known = variableNamed(context, variable);
    if (known === undefined) return [issue("variable.unknown", { path: `${at}.variable` }, { variable })];
    return valueIssues(value, known, { fields: context.fields, path: `${at}.value` });
  });
}

/** Assignments with the types of their variables. Only called with data that lints without errors. */
export function assignmentsOf(assign: readonly VariableValue[], context: Declared): readonly Assignment[] {
  return assign.flatMap(({ variable, value }) => {
    const known = variableNamed(context, variable);
    return known === undefined ? [] : [{ variable, type: known.type, value }];
  });
}
