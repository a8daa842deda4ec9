import { strategyCatalogue } from "../condition/catalogue";
import { strategyContentHash } from "../graph/hash";
import { lintStrategy } from "../graph/lint";
import type { Content } from "../model/content";
import { type Counter, counterFact, counterOfFact } from "../model/facts";
import { hasErrors, type Issue } from "../model/issue";
import { canonicalJson, sha256Hex } from "../model/json";
import type { MarketPack } from "../model/market-pack";
import {
  EXITS_RULE_SET,
  PROGRAM_FORMAT,
  type Program,
  type ProgramCalendar,
  STEP_LIMIT_DEFAULT,
  type StepSpec,
} from "../model/program";
import { err, ok, type Result } from "../model/result";
import type { StrategyDoc } from "../model/strategy";
import { DAY_MS } from "../model/time";
import { definitionOf } from "../nodes";
import { machineConfig } from "./machine";
import { addRuleSet, type Placement, placeSteps } from "./place-steps";

/**
 * Compiles a strategy into a Program: plain JSON with sorted members, the same bytes every time whatever order the document
 * lists its steps and members in. Lints first; any error refuses, and the errors are the answer.
 */
export function compileStrategy(doc: StrategyDoc, pack: MarketPack): Result<Program, readonly Issue[]> {
  const findings = lintStrategy(doc, pack);
  if (hasErrors(findings)) return err(findings.filter((finding) => finding.severity === "error"));
  const contents = { ...pack.contents, ...Object.fromEntries(doc.contents.map((content) => [content.id, content])) };
  const { steps, ruleSets, issues } = placementOf(doc, pack, contents);
  if (issues.length > 0) return err(issues);
  const specs = Object.values(steps).map(({ spec }) => spec);
  const body = {
    format: PROGRAM_FORMAT,
    strategyKey: doc.key,
    contentHash: strategyContentHash(doc),
    settings: doc.settings,
    entry: doc.entry.node,
    machine: machineConfig({ key: doc.key, entry: doc.entry.node, steps, ruleSets }),
    ruleSets,
    steps,
    contents: contentsUsed(specs, contents),
    limits: { stepsPerAdvance: STEP_LIMIT_DEFAULT, horizonMs: doc.settings.horizonDays * DAY_MS },
    counters: countersAsked({ steps, ruleSets }),
    ...calendarUsed(specs, pack.calendar),
  } satisfies Omit<Program, "hash">;
  return ok(sealed(body));
}

type Contents = { readonly [id: string]: Content };

function placementOf(doc: StrategyDoc, pack: MarketPack, contents: Contents): Placement {
  const placement: Placement = { steps: {}, ruleSets: {}, issues: [] };
  const provided = doc.nodes.flatMap((node) => {
    const definition = definitionOf(node.type);
    const data = definition?.schema.safeParse(node.data);
    return data?.success === true ? (definition?.provides?.(data.data) ?? []) : [];
  });
  const fields = strategyCatalogue(pack.fields, doc.settings, provided);
  const exits = doc.settings.exits.map((exit) => ({ rule: exit.id, outcome: exit.reason, when: exit.when }));
  addRuleSet(EXITS_RULE_SET, exits, { placement, fields, nodeId: undefined, rename: (name) => name });
  const drawing = {
    nodes: doc.nodes,
    edges: doc.edges,
    settings: doc.settings,
    fields,
    contents,
    lexicons: Object.keys(pack.lexicons).sort(),
    strategies: Object.fromEntries(doc.strategies.map((strategy) => [strategy.key, strategy])),
  };
  placeSteps(drawing, placement);
  return placement;
}

function contentsUsed(specs: readonly StepSpec[], contents: Contents): Contents {
  const used: { [id: string]: Content } = {};
  for (const spec of specs) {
    if (spec.kind !== "request" || !("contentId" in spec.request)) continue;
    const { contentId } = spec.request;
    const content = Object.hasOwn(contents, contentId) ? contents[contentId] : undefined;
    if (content !== undefined) used[content.id] = content;
  }
  return used;
}

/** Counters the strategy asks for, wherever a fact may be named; the shell reckons these and no others. */
function countersAsked(parts: unknown): readonly Counter[] {
  const asked = new Map<string, Counter>();
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      const counter = counterOfFact(value);
      if (counter !== null) asked.set(counterFact(counter), counter);
    } else if (value !== null && typeof value === "object") Object.values(value).forEach(visit);
  };
  visit(parts);
  return [...asked.keys()].sort().flatMap((fact) => asked.get(fact) ?? []);
}

function calendarUsed(specs: readonly StepSpec[], calendar: ProgramCalendar | undefined): Pick<Program, "calendar"> {
  const asked = specs.some((spec) => spec.kind === "wait" && spec.wait.mode === "until-working-day");
  return asked && calendar !== undefined ? { calendar } : {};
}

/**
 * A copy with its hash, every member sorted and nothing shared with the document, so that JSON.stringify gives the canonical
 * bytes. The canonical text is made once: for thousands of steps it is the longest part of compiling.
 */
function sealed(body: Omit<Program, "hash">): Program {
  const text = canonicalJson(body);
  const members: { readonly [member: string]: unknown } = { ...JSON.parse(text), hash: sha256Hex(text) };
  const whole: { [member: string]: unknown } = {};
  for (const member of Object.keys(members).sort()) whole[member] = members[member];
  return whole as Program;
}
