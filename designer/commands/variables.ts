import {
  type Field,
  STRATEGY_LIMITS,
  type StrategyDoc,
  type StrategyNode,
  type StrategySettings,
  variableFact,
  variablesOf,
} from "#engine";
import { innerDoc, withInnerDoc } from "./inner-doc";
import { conditionMentions, conditionRenamed, mentions, type Names, scenariosRenamed, stepRenamed } from "./names";
import { type Change, type ChangeCode, type Details, detailsOf, type Operation } from "./operation";
import { renamedInUses, usesOf } from "./uses";

export type StrategyVariable = StrategySettings["variables"][number];

/** Shape of a variable's name, and of what follows `custom.` in the key of a lender's field. */
const NAME = /^[a-z][a-z0-9_]{0,39}$/;
const CUSTOM = "custom.";

export type NameProblem = "shape" | "taken" | "reserved";

/** Where a name is used: by a step, by a strategy-wide exit, by a scenario. `strategy` is the key of a strategy inside, or null. */
export type Use =
  | { readonly kind: "step"; readonly strategy: string | null; readonly node: StrategyNode }
  | { readonly kind: "exit"; readonly id: string }
  | { readonly kind: "scenario"; readonly id: string };

/** Why a strategy cannot have a (further) variable of a name. */
export function variableNameProblem(declared: readonly StrategyVariable[], name: string): NameProblem | null {
  if (!NAME.test(name)) return "shape";
  if (declared.some((variable) => variable.name === name)) return "taken";
  // What every strategy has without declaring it: the stage.
  return variablesOf({ variables: [] }).some((variable) => variable.name === name) ? "reserved" : null;
}

function change(code: ChangeCode, doc: StrategyDoc, details: Partial<Details>): Change {
  const operation: Operation = { kind: "set-details", details: { ...detailsOf(doc), ...details } };
  return { label: { code, params: {} }, operations: [operation] };
}

function withVariables(doc: StrategyDoc, variables: readonly StrategyVariable[]): Change {
  return change("edit-variables", doc, { settings: { ...doc.settings, variables: [...variables] } });
}

/** Declares a variable, unknown in the beginning. Null when the name does not do or there are too many. */
export function addVariable(doc: StrategyDoc, variable: StrategyVariable): Change | null {
  const { variables } = doc.settings;
  if (variableNameProblem(variables, variable.name) !== null || variables.length >= STRATEGY_LIMITS.variables)
    return null;
  return withVariables(doc, [...variables, variable]);
}

/** Replaces what is declared of a variable; its name stays (`renameVariable`). */
export function setVariable(doc: StrategyDoc, variable: StrategyVariable): Change {
  return withVariables(
    doc,
    doc.settings.variables.map((known) => (known.name === variable.name ? variable : known)),
  );
}

/** Takes a variable away. Null while something uses it: a strategy that reads what nobody declares could not be published. */
export function removeVariable(whole: StrategyDoc, strategy: string | null, name: string): Change | null {
  if (variableUses(whole, strategy, name).length > 0) return null;
  const doc = strategy === null ? whole : innerDoc(whole, strategy);
  if (doc === null) return null;
  const variables = doc.settings.variables.filter((variable) => variable.name !== name);
  return changeWhole("edit-variables", whole, withVariablesIn(whole, strategy, variables));
}

function withVariablesIn(whole: StrategyDoc, strategy: string | null, variables: readonly StrategyVariable[]) {
  const set = (doc: StrategyDoc): StrategyDoc => ({ ...doc, settings: { ...doc.settings, variables: [...variables] } });
  if (strategy === null) return set(whole);
  const inner = innerDoc(whole, strategy);
  return inner === null ? whole : withInnerDoc(whole, strategy, set(inner));
}

/** Everything that reads or writes a variable: steps, exits and scenarios of its own strategy, and steps that use the strategy. */
export function variableUses(whole: StrategyDoc, strategy: string | null, name: string): readonly Use[] {
  const doc = strategy === null ? whole : innerDoc(whole, strategy);
  if (doc === null) return [];
  const fact = variableFact(name);
  const steps = stepsThatMention(doc, strategy, { fact, variable: name });
  if (strategy !== null) {
    const carried = usesOf(whole, strategy).filter(({ use }) => name in use.inputs || name in use.outputs);
    return [...steps, ...carried];
  }
  const scenarios = whole.tests.filter(({ expect, facts }) => name in (expect.vars ?? {}) || fact in facts);
  return [
    ...steps,
    ...exitsThatMention(whole, fact),
    ...scenarios.map(({ id }) => ({ kind: "scenario" as const, id })),
  ];
}

type Sought = { readonly fact: string; readonly variable: string | null };

function stepsThatMention(doc: StrategyDoc, strategy: string | null, sought: Sought): readonly Use[] {
  return doc.nodes.filter((node) => mentions(node, sought)).map((node) => ({ kind: "step", strategy, node }));
}

function exitsThatMention(doc: StrategyDoc, fact: string): readonly Use[] {
  return doc.settings.exits
    .filter(({ when }) => conditionMentions(when, fact))
    .map(({ id }) => ({ kind: "exit" as const, id }));
}

/** A change from what stands to what shall stand, as one act on the whole document: steps that differ, and the details. */
function changeWhole(code: ChangeCode, before: StrategyDoc, after: StrategyDoc): Change {
  const differing = after.nodes.filter((node, index) => node !== before.nodes[index]);
  return {
    label: { code, params: {} },
    operations: [
      ...differing.map((node): Operation => ({ kind: "set-node", node })),
      { kind: "set-details", details: detailsOf(after) },
    ],
  };
}

function docRenamed(doc: StrategyDoc, names: Names): StrategyDoc {
  const { exits } = doc.settings;
  return {
    ...doc,
    nodes: doc.nodes.map((node) => stepRenamed(node, names)),
    settings: {
      ...doc.settings,
      exits: exits.map((exit) => ({ ...exit, when: conditionRenamed(exit.when, names.fact) })),
    },
    tests: scenariosRenamed(doc.tests, names),
  };
}

/** Gives a variable another name, everywhere it is used. Null when the name does not do. */
export function renameVariable(
  whole: StrategyDoc,
  strategy: string | null,
  { from, to }: { readonly from: string; readonly to: string },
): Change | null {
  const doc = strategy === null ? whole : innerDoc(whole, strategy);
  if (doc === null || from === to || variableNameProblem(doc.settings.variables, to) !== null) return null;
  const names: Names = {
    fact: (fact) => (fact === variableFact(from) ? variableFact(to) : fact),
    variable: (name) => (name === from ? to : name),
  };
  const variables = doc.settings.variables.map((known) => (known.name === from ? { ...known, name: to } : known));
  const declared = withVariablesIn(whole, strategy, variables);
  if (strategy === null) return changeWhole("rename-variable", whole, docRenamed(declared, names));
  const inner = innerDoc(declared, strategy);
  if (inner === null) return null;
  // Exits and scenarios belong to the strategy around it, whose variables are others of perhaps the same name.
  const steps = { ...inner, nodes: inner.nodes.map((node) => stepRenamed(node, names)) };
  const renamed = withInnerDoc(declared, strategy, steps);
  return changeWhole("rename-variable", whole, renamedInUses(renamed, strategy, names.variable));
}

/** Why a lender's field cannot be called so; `name` is what follows `custom.`. */
export function fieldNameProblem(doc: StrategyDoc, name: string): NameProblem | null {
  if (!NAME.test(name)) return "shape";
  return doc.settings.fields.some((field) => field.key === `${CUSTOM}${name}`) ? "taken" : null;
}

export function fieldKey(name: string): string {
  return `${CUSTOM}${name}`;
}

export function nameOfField(key: string): string {
  return key.slice(CUSTOM.length);
}

/** Declares a lender's field, or replaces what is declared of it. Null when there are too many. */
export function setField(doc: StrategyDoc, field: Field): Change | null {
  const { fields } = doc.settings;
  const known = fields.some(({ key }) => key === field.key);
  if (!known && fields.length >= STRATEGY_LIMITS.fields) return null;
  const next = known ? fields.map((one) => (one.key === field.key ? field : one)) : [...fields, field];
  return change("edit-fields", doc, { settings: { ...doc.settings, fields: next } });
}

/** The whole document with another name of a fact, in every strategy of it. */
function factRenamed(whole: StrategyDoc, names: Names): StrategyDoc {
  const strategies = whole.strategies.map((strategy) => ({
    ...strategy,
    nodes: strategy.nodes.map((node) => stepRenamed(node, names)),
  }));
  return docRenamed({ ...whole, strategies }, names);
}

/** Gives a lender's field another key, everywhere it is asked. Null when the name does not do. */
export function renameField(
  whole: StrategyDoc,
  { from, to }: { readonly from: string; readonly to: string },
): Change | null {
  if (from === to || fieldNameProblem(whole, nameOfField(to)) !== null) return null;
  const fields = whole.settings.fields.map((field) => (field.key === from ? { ...field, key: to } : field));
  const names: Names = { fact: (fact) => (fact === from ? to : fact), variable: (name) => name };
  const declared = { ...whole, settings: { ...whole.settings, fields } };
  return changeWhole("edit-fields", whole, factRenamed(declared, names));
}

/** Everything that asks a lender's field, in the strategy and in those inside it. */
export function fieldUses(whole: StrategyDoc, key: string): readonly Use[] {
  const sought = { fact: key, variable: null };
  const inside = whole.strategies.flatMap((strategy) => {
    const inner = innerDoc(whole, strategy.key);
    return inner === null ? [] : stepsThatMention(inner, strategy.key, sought);
  });
  const scenarios = whole.tests.filter(({ facts }) => key in facts);
  return [
    ...stepsThatMention(whole, null, sought),
    ...inside,
    ...exitsThatMention(whole, key),
    ...scenarios.map(({ id }) => ({ kind: "scenario" as const, id })),
  ];
}

/** Takes a lender's field away. Null while something asks it. */
export function removeField(whole: StrategyDoc, key: string): Change | null {
  if (fieldUses(whole, key).length > 0) return null;
  const fields = whole.settings.fields.filter((field) => field.key !== key);
  return change("edit-fields", whole, { settings: { ...whole.settings, fields } });
}
