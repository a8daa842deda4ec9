import { valueIssues } from "../condition/value-issues";
import type { Field, FieldCatalogue, LenderField } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import { STAGE_VARIABLE, type StrategyVariable } from "../model/variable";
import { repeatedIds } from "../nodes/fragments";

type Choice = Pick<Field, "type" | "values">;

/** A choice needs values to choose from, each once; anything else has none. */
function choiceIssues({ type, values }: Choice, path: string): readonly Issue[] {
  if (type !== "enum") {
    return values === undefined ? [] : [issue("graph.values-of-no-choice", { path: `${path}.values` }, { type })];
  }
  if (values === undefined || values.length === 0) return [issue("graph.choice-without-values", { path })];
  return repeatedIds(values.map(({ value }) => ({ id: value }))).map(({ id, index }) =>
    issue("graph.value-twice", { path: `${path}.values[${index}].value` }, { value: id }),
  );
}

/** Variables of a strategy: names that are theirs alone, beginnings that fit their type, choices with values. */
export function variableIssues(variables: readonly StrategyVariable[], path: string): readonly Issue[] {
  return [
    ...repeatedIds(variables.map(({ name }) => ({ id: name }))).map(({ id, index }) =>
      issue("graph.variable-twice", { path: `${path}[${index}].name` }, { variable: id }),
    ),
    ...variables.flatMap((variable, index) => {
      const at = `${path}[${index}]`;
      const beginning = valueIssues({ literal: variable.initial }, variable, { fields: {}, path: at });
      return [...choiceIssues(variable, at), ...beginning.map((found) => ({ ...found, path: `${at}.initial` }))];
    }),
  ];
}

/** A strategy inside shares the stage with the whole one: declared again it would be set back whenever it is used. */
export function stageInsideIssues(variables: readonly StrategyVariable[]): readonly Issue[] {
  return variables.flatMap(({ name }, index) =>
    name === STAGE_VARIABLE ? [issue("graph.stage-inside", { path: `variables[${index}].name` })] : [],
  );
}

function fieldIssuesOf(field: LenderField, path: string, market: FieldCatalogue): readonly Issue[] {
  const found: Issue[] = [...choiceIssues(field, path)];
  const name = field.key.slice(field.key.indexOf(".") + 1);
  if (Object.hasOwn(market, field.key)) {
    found.push(issue("graph.field-of-market", { path: `${path}.key` }, { fact: field.key }));
  } else if (Object.hasOwn(market, name)) {
    found.push(issue("graph.field-like-market", { path: `${path}.key`, severity: "warning" }, { fact: name }));
  }
  if (field.origin !== "column") {
    found.push(issue("graph.field-not-imported", { path: `${path}.origin` }, { field: field.key }));
  }
  if (field.personal && field.usableInRules) {
    found.push(issue("graph.field-personal", { path: `${path}.usableInRules` }, { field: field.key }));
  }
  const { minimum, maximum } = field;
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    found.push(issue("graph.field-range", { path: `${path}.minimum` }, { minimum, maximum }));
  }
  return found;
}

/** Fields of the lender's own files: they come from a column, shadow nothing of the market, and personal ones decide nothing. */
export function lenderFieldIssues(
  fields: readonly LenderField[],
  { market, path }: { readonly market: FieldCatalogue; readonly path: string },
): readonly Issue[] {
  return [
    ...repeatedIds(fields.map(({ key }) => ({ id: key }))).map(({ id, index }) =>
      issue("graph.field-twice", { path: `${path}[${index}].key` }, { field: id }),
    ),
    ...fields.flatMap((field, index) => fieldIssuesOf(field, `${path}[${index}]`, market)),
  ];
}
