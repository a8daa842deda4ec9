import { strategyContentHash } from "../graph/hash";
import { lintStrategy } from "../graph/lint";
import type { Content } from "../model/content";
import { hasErrors, type Issue, issue } from "../model/issue";
import { canonicalHash, canonicalJson } from "../model/json";
import type { MarketPack } from "../model/market-pack";
import {
  EXITS_RULE_SET,
  PROGRAM_FORMAT,
  type Program,
  type ProgramStep,
  type RuleSet,
  STEP_LIMIT_DEFAULT,
  type StepSpec,
} from "../model/program";
import { err, ok, type Result } from "../model/result";
import type { StrategyDoc, StrategyNode } from "../model/strategy";
import { DAY_MS } from "../model/time";
import { definitionOf } from "../nodes";
import type { AuthoredRule } from "../nodes/define";
import { handlesTaken } from "./handles";
import { machineConfig } from "./machine";
import { compileRuleSet } from "./rule-set";

/**
 * Compiles a strategy into a Program: plain JSON with sorted members, the same bytes every time whatever order the document
 * lists its steps and members in. Lints first; any error refuses, and the errors are the answer.
 */
export function compileStrategy(doc: StrategyDoc, pack: MarketPack): Result<Program, readonly Issue[]> {
  const findings = lintStrategy(doc, pack);
  if (hasErrors(findings)) return err(findings.filter((finding) => finding.severity === "error"));
  const parts = collectParts(doc, pack);
  if (parts.issues.length > 0) return err(parts.issues);
  const horizonMs = doc.settings.horizonDays * DAY_MS;
  const body = {
    format: PROGRAM_FORMAT,
    strategyKey: doc.key,
    contentHash: strategyContentHash(doc),
    settings: doc.settings,
    entry: doc.entry.node,
    machine: machineConfig({ key: doc.key, entry: doc.entry.node, steps: parts.steps, ruleSets: parts.ruleSets }),
    ruleSets: parts.ruleSets,
    steps: parts.steps,
    contents: contentsUsed(parts.steps, parts.contents),
    limits: { stepsPerAdvance: STEP_LIMIT_DEFAULT, horizonMs },
  } satisfies Omit<Program, "hash">;
  return ok(detached({ ...body, hash: canonicalHash(body) }));
}

type Parts = {
  readonly steps: { readonly [id: string]: ProgramStep };
  readonly ruleSets: { readonly [id: string]: RuleSet };
  readonly contents: { readonly [id: string]: Content };
  readonly issues: readonly Issue[];
};

function collectParts(doc: StrategyDoc, pack: MarketPack): Parts {
  const issues: Issue[] = [];
  const ruleSets: { [id: string]: RuleSet } = {};
  const addRuleSet = (id: string, rules: readonly AuthoredRule[], nodeId: string | undefined): string => {
    const compiled = compileRuleSet(rules, { id, nodeId, fields: pack.fields });
    issues.push(...compiled.issues);
    ruleSets[id] = compiled.ruleSet;
    return id;
  };
  const exits = doc.settings.exits.map((exit) => ({ rule: exit.id, outcome: exit.reason, when: exit.when }));
  addRuleSet(EXITS_RULE_SET, exits, undefined);
  const contents = { ...pack.contents, ...Object.fromEntries(doc.contents.map((content) => [content.id, content])) };
  const context = {
    settings: doc.settings,
    fields: pack.fields,
    contents,
    lexicons: Object.keys(pack.lexicons).sort(),
  };
  const targets = targetsBySource(doc);
  const steps: { [id: string]: ProgramStep } = {};
  for (const node of doc.nodes) {
    let ownRuleSets = 0;
    const addOwnRuleSet = (rules: readonly AuthoredRule[]): string => {
      ownRuleSets += 1;
      return addRuleSet(ownRuleSets === 1 ? node.id : `${node.id}.${ownRuleSets}`, rules, node.id);
    };
    const spec = compileNode(node, { ...context, nodeId: node.id, addRuleSet: addOwnRuleSet }, issues);
    if (spec === null) continue;
    const handles = targets[node.id] ?? {};
    steps[node.id] = { id: node.id, type: node.type, spec, handles };
    for (const handle of handlesTaken(spec, ruleSets)) {
      if (!Object.hasOwn(handles, handle))
        issues.push(issue("compile.unwired-handle", { nodeId: node.id }, { handle }));
    }
  }
  return { steps, ruleSets, contents, issues };
}

type CompileContext = Parameters<NonNullable<ReturnType<typeof definitionOf>>["compile"]>[1];

function compileNode(node: StrategyNode, context: CompileContext, issues: Issue[]): StepSpec | null {
  const definition = definitionOf(node.type);
  const data = definition?.schema.safeParse(node.data);
  if (definition === undefined || data === undefined || !data.success) {
    issues.push(issue("compile.step-data", { nodeId: node.id }, { type: node.type }));
    return null;
  }
  return definition.compile(data.data, context);
}

/** Step -> handle -> step it leads to. */
function targetsBySource(doc: StrategyDoc): { readonly [node: string]: { readonly [handle: string]: string } } {
  const targets: { [node: string]: { [handle: string]: string } } = {};
  for (const { from, to } of doc.edges) {
    const handles = Object.hasOwn(targets, from.node) ? targets[from.node] : undefined;
    targets[from.node] = { ...handles, [from.handle]: to };
  }
  return targets;
}

function contentsUsed(steps: Parts["steps"], contents: Parts["contents"]): { readonly [id: string]: Content } {
  const used: { [id: string]: Content } = {};
  for (const { spec } of Object.values(steps)) {
    if (spec.kind !== "request") continue;
    const content = Object.hasOwn(contents, spec.request.contentId) ? contents[spec.request.contentId] : undefined;
    if (content !== undefined) used[content.id] = content;
  }
  return used;
}

/** A copy with every member sorted and nothing shared with the document, so that JSON.stringify gives the canonical bytes. */
function detached(program: Program): Program {
  const copy: Program = JSON.parse(canonicalJson(program));
  return copy;
}
