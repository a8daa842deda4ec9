import { conditionIssues } from "../condition/issues";
import type { Truth } from "../condition/solve/leaf-truth";
import { type Constraint, type Solver, solverOf } from "../condition/solve/solve";
import type { Condition } from "../model/condition";
import { fieldOf } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import type { OrderedRule } from "../nodes/define";
import { issuesPerStep, type LintView, type StepView } from "./lint-view";

/** Alternatives tried per rule: an author waits for the answer at every change, and what takes longer is left unsaid. */
const ALTERNATIVES_MAX = 400;

/** Anything but yes. */
const NOT_TRUE: readonly Truth[] = ["false", "unknown"];

const holds = (condition: Condition): Constraint => ({ condition, truths: ["true"] });
const fails = (condition: Condition): Constraint => ({ condition, truths: ["false"] });

/** Today is not known while a strategy is drawn, so that only what no day allows is called impossible. */
function solverFor(view: LintView, conditions: readonly Condition[]): Solver {
  return solverOf(conditions, {
    domainOf: (fact) => fieldOf(view.fields, fact),
    today: null,
    alternatives: ALTERNATIVES_MAX,
  });
}

const isImpossible = (solver: Solver, constraints: readonly Constraint[]): boolean =>
  solver(constraints).kind === "none";

/** Whether a condition makes sense by itself; one that asks for an impossible value is reported for that. */
function isSound(view: LintView, condition: Condition): boolean {
  return conditionIssues(condition, view.fields, "").length === 0;
}

function rulesOf({ step }: StepView): readonly OrderedRule[] {
  return step?.definition.rules?.(step.data) ?? [];
}

/** Rules of one step that no account can take, and a rule that leaves nothing to those below it. */
const orderIssues = issuesPerStep((view, stepView) => {
  const rules = rulesOf(stepView);
  // A rule that cannot be read may take anything.
  if (rules.length === 0 || !rules.every(({ when }) => isSound(view, when))) return [];
  const solver = solverFor(
    view,
    rules.map(({ when }) => when),
  );
  const found: Issue[] = [];
  for (const [index, rule] of rules.entries()) {
    const earlier = rules.slice(0, index);
    const place = {
      path: `${stepView.path}.data.${rule.path}`,
      nodeId: stepView.node.id,
      severity: "warning" as const,
    };
    const params = { rule: rule.handle };
    const before = earlier.map(({ when }) => fails(when));
    if (isImpossible(solver, [holds(rule.when), ...before])) {
      if (isImpossible(solver, [holds(rule.when)])) {
        found.push(issue("graph.rule-impossible", place, params));
        continue;
      }
      if (index > 0 && isImpossible(solver, before)) return [...found, issue("graph.rule-exhausted", place, params)];
      const taker = earlier.find(({ when }) => isImpossible(solver, [holds(rule.when), fails(when)]));
      if (taker !== undefined) found.push(issue("graph.rule-covered", place, { ...params, earlier: taker.handle }));
      else found.push(issue("graph.rule-exhausted", place, params));
    } else if (index < rules.length - 1 && isImpossible(solver, [fails(rule.when)])) {
      // Everything below is lost to this one rule: one mistake, one issue.
      return [...found, issue("graph.rule-always", place, params)];
    }
  }
  return found;
});

/** An entry rule that lets in only what a strategy-wide exit sends away again. */
const entryIssues = issuesPerStep((view, entry) => {
  const [rule, ...others] = rulesOf(entry);
  const exits = view.doc.settings.exits.filter(({ when }) => isSound(view, when));
  if (rule === undefined || others.length > 0 || !isSound(view, rule.when)) return [];
  const solver = solverFor(view, [rule.when, ...exits.map(({ when }) => when)]);
  const stays = ({ when }: (typeof exits)[number]): Constraint => ({ condition: when, truths: NOT_TRUE });
  const comesIn = holds(rule.when);
  if (isImpossible(solver, [comesIn]) || !isImpossible(solver, [comesIn, ...exits.map(stays)])) return [];
  const place = { path: `${entry.path}.data.${rule.path}`, nodeId: entry.node.id, severity: "warning" as const };
  const sender = exits.find((exit) => isImpossible(solver, [comesIn, stays(exit)]));
  return sender === undefined
    ? [issue("graph.entry-always-leaves", place)]
    : [issue("graph.entry-leaves-at-once", place, { exit: sender.id })];
});

/** Rules that can never decide anything: by types, ranges, and the rules above them. Only what is proven is said. */
export function lintRules(view: LintView): readonly Issue[] {
  const entry = view.byId.get(view.doc.entry.node);
  return [
    ...view.steps.flatMap((stepView) => orderIssues(view, stepView)),
    ...(entry === undefined ? [] : entryIssues(view, entry)),
  ];
}
