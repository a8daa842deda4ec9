import { settingsInside, strategyCatalogue, variablesOf, withoutVariables } from "../condition/catalogue";
import type { Condition } from "../model/condition";
import type { Content } from "../model/content";
import type { Field, FieldCatalogue } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import { innerStepId, type ProgramStep, type RuleSet } from "../model/program";
import {
  EMBEDDING_DEPTH_MAX,
  type StrategyEdge,
  type StrategyNode,
  type StrategySettings,
  type SubStrategy,
} from "../model/strategy";
import type { Assignment } from "../model/value";
import { STAGE_VARIABLE, variableField } from "../model/variable";
import { definitionOf } from "../nodes";
import type { AuthoredRule, CompiledStep, CompoundStep, EmbeddedStrategy } from "../nodes/define";
import { handlesTaken } from "./handles";
import { type Rename, renamedCondition, renamedSpec } from "./rename-variables";
import { compileRuleSet } from "./rule-set";

/** What a Program's steps are collected into. */
export type Placement = {
  readonly steps: { [id: string]: ProgramStep };
  readonly ruleSets: { [id: string]: RuleSet };
  readonly issues: Issue[];
};

/** Steps as drawn, and what they may look at. */
export type Drawing = {
  readonly nodes: readonly StrategyNode[];
  readonly edges: readonly StrategyEdge[];
  readonly settings: StrategySettings;
  readonly fields: FieldCatalogue;
  readonly contents: { readonly [id: string]: Content };
  readonly lexicons: readonly string[];
  readonly strategies: { readonly [key: string]: SubStrategy };
};

/** Where steps go: ids get a prefix, variables a new name, and ways out of the drawing lead to steps outside it. */
type Room = {
  readonly drawing: Drawing;
  readonly placement: Placement;
  readonly idOf: (node: string) => string;
  readonly rename: Rename;
  /** Inner exit -> where it leads outside; null at the top, where exits are exits. */
  readonly leaveBy: ((exit: StrategyNode) => ProgramStep | null) | null;
  readonly depth: number;
};

/** Compiles drawn steps into `placement`. */
export function placeSteps(drawing: Drawing, placement: Placement): void {
  const room = {
    drawing,
    placement,
    idOf: (node: string) => node,
    rename: (name: string) => name,
    leaveBy: null,
    depth: 1,
  };
  placeRoom(room);
}

function placeRoom(room: Room): void {
  const targets = targetsBySource(room.drawing.edges);
  for (const node of room.drawing.nodes) {
    const leaving = room.leaveBy?.(node) ?? null;
    if (leaving !== null) {
      room.placement.steps[leaving.id] = leaving;
      continue;
    }
    placeNode(node, room, targets[node.id] ?? {});
  }
}

type Targets = { readonly [handle: string]: string };

function placeNode(node: StrategyNode, room: Room, targets: Targets): void {
  const id = room.idOf(node.id);
  const compiled = compileNode(node, room);
  if (compiled === null) return;
  const handles = Object.fromEntries(Object.entries(targets).map(([handle, to]) => [handle, room.idOf(to)]));
  switch (compiled.kind) {
    case "compound":
      placeParts({ id, type: node.type, handles }, compiled, room);
      break;
    case "embedded":
      placeEmbedded({ id, type: node.type, handles }, compiled, room);
      break;
    default:
      place({ id, type: node.type, spec: renamedSpec(compiled, room.rename), handles }, node.id, room.placement);
  }
}

/** Puts a step down; handles it can be left by and that lead nowhere are an issue. */
function place(step: ProgramStep, nodeId: string, { steps, ruleSets, issues }: Placement): void {
  steps[step.id] = step;
  for (const handle of handlesTaken(step.spec, ruleSets)) {
    if (!Object.hasOwn(step.handles, handle)) issues.push(issue("compile.unwired-handle", { nodeId }, { handle }));
  }
}

type Outside = { readonly id: string; readonly type: string; readonly handles: Targets };

function placeParts({ id, type, handles }: Outside, compound: CompoundStep, room: Room): void {
  const partId = (part: string): string => (part === compound.first ? id : innerStepId(id, part));
  for (const [part, { spec, ways }] of Object.entries(compound.parts)) {
    const ownHandles = Object.entries(ways).flatMap(([handle, way]) => {
      const to = "part" in way ? partId(way.part) : handles[way.handle];
      return to === undefined ? [] : [[handle, to] as const];
    });
    const placed = { id: partId(part), type, spec: renamedSpec(spec, room.rename) };
    place({ ...placed, handles: Object.fromEntries(ownHandles) }, id, room.placement);
  }
}

const NEXT = "next";

function placeEmbedded({ id, type, handles }: Outside, embedded: EmbeddedStrategy, room: Room): void {
  const { drawing, placement } = room;
  const strategy = Object.hasOwn(drawing.strategies, embedded.strategy)
    ? drawing.strategies[embedded.strategy]
    : undefined;
  if (strategy === undefined || room.depth >= EMBEDDING_DEPTH_MAX) {
    const code = strategy === undefined ? "compile.strategy-unknown" : "compile.strategy-depth";
    placement.issues.push(issue(code, { nodeId: id }, { strategy: embedded.strategy, limit: EMBEDDING_DEPTH_MAX }));
    return;
  }
  const renameInner = (name: string): string => (name === STAGE_VARIABLE ? name : innerStepId(id, name));
  const inner = settingsInside(drawing.settings, strategy);
  const innerId = (node: string): string => innerStepId(id, node);
  const assign = strategy.variables.map(
    ({ name, type: variableType, initial }): Assignment => ({
      variable: renameInner(name),
      type: variableType,
      value: renamedValueOf(inputOf(embedded, name), room.rename) ?? { literal: initial },
    }),
  );
  placement.steps[id] = {
    id,
    type,
    // Used a second time by the same account, its loops begin anew.
    spec: { kind: "set", assign, forgets: innerId(""), next: NEXT },
    handles: { [NEXT]: innerId(strategy.entry.node) },
  };
  placeRoom({
    drawing: {
      ...drawing,
      nodes: strategy.nodes,
      edges: strategy.edges,
      settings: inner,
      fields: strategyCatalogue(withoutVariables(drawing.fields), inner),
    },
    placement,
    idOf: innerId,
    rename: renameInner,
    leaveBy: (node) => leavingStep(node, { room, embedded, strategy, handles, innerId, renameInner }),
    depth: room.depth + 1,
  });
}

/** What an inner variable is given; names come from the document and may be those that every object inherits. */
function inputOf({ inputs }: EmbeddedStrategy, name: string): EmbeddedStrategy["inputs"][string] | undefined {
  return Object.hasOwn(inputs, name) ? inputs[name] : undefined;
}

function renamedValueOf(value: EmbeddedStrategy["inputs"][string] | undefined, rename: Rename) {
  if (value === undefined) return null;
  const spec = renamedSpec({ kind: "set", assign: [{ variable: "", type: "text", value }], next: NEXT }, rename);
  return spec.kind === "set" ? (spec.assign[0]?.value ?? null) : null;
}

type Leaving = {
  readonly room: Room;
  readonly embedded: EmbeddedStrategy;
  readonly strategy: SubStrategy;
  readonly handles: Targets;
  readonly innerId: (node: string) => string;
  readonly renameInner: Rename;
};

/** An exit inside becomes a step that carries the outputs out and goes on by the handle of the same id. */
function leavingStep(node: StrategyNode, leaving: Leaving): ProgramStep | null {
  const definition = definitionOf(node.type);
  if (definition === undefined || definition.group !== "exit") return null;
  const { room, embedded, strategy, handles, innerId, renameInner } = leaving;
  const outer = variablesOf(room.drawing.settings);
  // In the order the inner strategy declares them: the order of a document's members means nothing.
  const assign = strategy.variables.flatMap(({ name: inner }): Assignment[] => {
    const name = Object.hasOwn(embedded.outputs, inner) ? embedded.outputs[inner] : undefined;
    const target = outer.find((variable) => variable.name === name);
    if (name === undefined || target === undefined) return [];
    return [{ variable: room.rename(name), type: target.type, value: { fact: `var.${renameInner(inner)}` } }];
  });
  const to = handles[node.id];
  if (to === undefined) {
    room.placement.issues.push(issue("compile.unwired-handle", { nodeId: innerId(node.id) }, { handle: node.id }));
  }
  return {
    id: innerId(node.id),
    type: node.type,
    spec: { kind: "set", assign, next: NEXT },
    handles: to === undefined ? {} : { [NEXT]: to },
  };
}

function compileNode(node: StrategyNode, room: Room): CompiledStep | null {
  const { drawing, placement, rename } = room;
  const definition = definitionOf(node.type);
  const data = definition?.schema.safeParse(node.data);
  if (definition === undefined || data === undefined || !data.success) {
    placement.issues.push(issue("compile.step-data", { nodeId: node.id }, { type: node.type }));
    return null;
  }
  let ownRuleSets = 0;
  const ownFields: { [fact: string]: Field } = {};
  const id = room.idOf(node.id);
  return definition.compile(data.data, {
    nodeId: node.id,
    settings: drawing.settings,
    fields: drawing.fields,
    contents: drawing.contents,
    lexicons: drawing.lexicons,
    strategies: drawing.strategies,
    addRuleSet: (rules: readonly AuthoredRule[]): string => {
      ownRuleSets += 1;
      const ruleSetId = ownRuleSets === 1 ? id : `${id}.${ownRuleSets}`;
      addRuleSet(ruleSetId, rules, { placement, fields: { ...drawing.fields, ...ownFields }, nodeId: node.id, rename });
      return ruleSetId;
    },
    ownVariable: (name, type): string => {
      // As the ids of inner steps: no author can write such a name, and `rename` puts the outer step in front.
      const own = innerStepId(node.id, name);
      const field = variableField({ name: own, type, initial: null });
      ownFields[field.key] = field;
      return own;
    },
  });
}

export type RuleSetPlace = {
  readonly placement: Placement;
  readonly fields: FieldCatalogue;
  readonly nodeId: string | undefined;
  readonly rename: Rename;
};

/** Compiles rules under an id. Their facts are looked up by the names the author uses and asked by those of the Program. */
export function addRuleSet(id: string, rules: readonly AuthoredRule[], place: RuleSetPlace): void {
  const { placement, fields, nodeId, rename } = place;
  const renamed = rules.map((rule) => ({ ...rule, when: renamedCondition(rule.when, rename) }));
  const compiled = compileRuleSet(renamed, { id, nodeId, fields: renamedFields(fields, rules, rename) });
  placement.issues.push(...compiled.issues);
  placement.ruleSets[id] = compiled.ruleSet;
}

/** The catalogue with the renamed variables that the rules mention. */
function renamedFields(fields: FieldCatalogue, rules: readonly AuthoredRule[], rename: Rename): FieldCatalogue {
  const renamed: { [fact: string]: FieldCatalogue[string] } = {};
  const visit = (condition: Condition): void => {
    if ("fact" in condition) {
      const field = Object.hasOwn(fields, condition.fact) ? fields[condition.fact] : undefined;
      const leaf = renamedCondition(condition, rename);
      if (field !== undefined && "fact" in leaf && leaf.fact !== condition.fact) renamed[leaf.fact] = field;
    } else if ("not" in condition) visit(condition.not);
    else for (const inner of "all" in condition ? condition.all : condition.any) visit(inner);
  };
  for (const { when } of rules) visit(when);
  return Object.keys(renamed).length === 0 ? fields : { ...fields, ...renamed };
}

/** Step -> handle -> step it leads to. */
function targetsBySource(edges: readonly StrategyEdge[]): { readonly [node: string]: Targets } {
  const targets: { [node: string]: { [handle: string]: string } } = {};
  for (const { from, to } of edges) {
    const handles = Object.hasOwn(targets, from.node) ? targets[from.node] : undefined;
    targets[from.node] = { ...handles, [from.handle]: to };
  }
  return targets;
}
