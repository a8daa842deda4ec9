import { conditionIssues } from "../condition/issues";
import { AUTHOR_EXIT_REASONS, type ExitReason } from "../model/exit-reason";
import { type Issue, issue } from "../model/issue";
import { isTimeZone } from "../model/time";
import type { StrategyVariable } from "../model/variable";
import { repeatedIds } from "../nodes/fragments";
import { layeredPack } from "../policy/link";
import { lenderFieldIssues, stageInsideIssues, variableIssues } from "./lint-fields";
import type { LintView } from "./lint-view";

/** Reasons a strategy-wide exit may give; the rest are what the engine itself says (`horizon`, `not-eligible` …). */
const EXIT_REASONS_OF_SETTINGS: readonly ExitReason[] = [
  "cured",
  "closed",
  "sold",
  "written-off",
  ...AUTHOR_EXIT_REASONS,
];
/** IANA names begin with a letter; `+08:00` is an offset, which forgets summer time. */
const ZONE_NAME = /^[A-Za-z]/;

function entryIssues(view: LintView): readonly Issue[] {
  const { node } = view.doc.entry;
  const starts = view.steps.filter(({ step }) => step?.definition.group === "entry");
  const surplus = starts
    .filter((step) => step.node.id !== node)
    .map((step) => issue("graph.second-entry", { path: step.path, nodeId: step.node.id }, { entry: node }));
  const entry = view.byId.get(node);
  if (entry === undefined) return [issue("graph.entry-missing", { path: "entry.node" }, { step: node }), ...surplus];
  // An entry whose data or type cannot be read is reported for that reason.
  if (entry.step === null || entry.step.definition.group === "entry") return surplus;
  return [issue("graph.entry-wrong", { path: "entry.node", nodeId: node }, { step: node }), ...surplus];
}

function exitIssues(view: LintView): readonly Issue[] {
  const { exits } = view.doc.settings;
  const found: Issue[] = [
    ...repeatedIds(exits).map(({ id, index }) =>
      issue("graph.duplicate-exit-id", { path: `settings.exits[${index}].id` }, { id }),
    ),
  ];
  exits.forEach((exit, index) => {
    const path = `settings.exits[${index}]`;
    if (!EXIT_REASONS_OF_SETTINGS.includes(exit.reason)) {
      found.push(issue("graph.exit-reason-reserved", { path: `${path}.reason` }, { reason: exit.reason }));
    }
    found.push(...conditionIssues(exit.when, view.fields, `${path}.when`));
  });
  if (!exits.some((exit) => exit.reason === "cured")) {
    found.push(issue("graph.no-cured-exit", { path: "settings.exits", severity: "warning" }));
  }
  return found;
}

/** Nobody is put out of a strategy unawares because they had complained. */
function releaseIssues({ doc }: LintView): readonly Issue[] {
  if (doc.settings.onRelease?.mode !== "exit") return [];
  return [issue("graph.release-leaves", { path: "settings.onRelease", severity: "warning" })];
}

function marketIssues(view: LintView): readonly Issue[] {
  const { settings } = view.doc;
  const { pack } = view;
  const found: Issue[] = [];
  if (settings.market !== pack.market) {
    const params = { market: settings.market, expected: pack.market };
    found.push(issue("graph.market-mismatch", { path: "settings.market" }, params));
  }
  if (!(ZONE_NAME.test(settings.timeZone) && isTimeZone(settings.timeZone))) {
    found.push(issue("graph.zone-unknown", { path: "settings.timeZone" }, { zone: settings.timeZone }));
  }
  if (layeredPack(pack.rulePacks, settings.rulePack) === null) {
    found.push(issue("graph.rule-pack-unknown", { path: "settings.rulePack" }, { rulePack: settings.rulePack }));
  }
  return found;
}

function frameIssues(view: LintView): readonly Issue[] {
  return view.doc.frames.flatMap((frame, index) =>
    frame.nodes
      .filter((id) => !view.byId.has(id))
      .map((id) =>
        issue(
          "graph.frame-step-unknown",
          { path: `frames[${index}].nodes`, severity: "warning" },
          { frame: frame.id, step: id },
        ),
      ),
  );
}

function noExitIssues(view: LintView): readonly Issue[] {
  const noExit = view.steps.every(({ step, handles }) => step !== null && handles.length > 0);
  return noExit ? [issue("graph.no-exit", { path: "nodes" })] : [];
}

/** What belongs to a strategy inside another as a whole: its first step, its exits, its variables. */
export function lintInsideSettings(view: LintView, variables: readonly StrategyVariable[]): readonly Issue[] {
  const { node } = view.doc.entry;
  const entries = view.steps.filter(({ step }) => step?.definition.group === "entry");
  return [
    ...(view.byId.has(node) ? [] : [issue("graph.entry-missing", { path: "entry.node" }, { step: node })]),
    ...entries.map(({ path }) => issue("graph.entry-inside", { path })),
    ...noExitIssues(view),
    ...variableIssues(variables, "variables"),
    ...stageInsideIssues(variables),
  ];
}

/** What belongs to the strategy as a whole: market, zone, rule pack, exits, variables, fields, entry, texts, frames. */
export function lintSettings(view: LintView): readonly Issue[] {
  const { variables, fields } = view.doc.settings;
  return [
    ...marketIssues(view),
    ...exitIssues(view),
    ...releaseIssues(view),
    ...variableIssues(variables, "settings.variables"),
    ...lenderFieldIssues(fields, { market: view.pack.fields, path: "settings.fields" }),
    ...entryIssues(view),
    ...noExitIssues(view),
    ...repeatedIds(view.doc.contents).map(({ id, index }) =>
      issue("graph.duplicate-content-id", { path: `contents[${index}].id` }, { id }),
    ),
    ...frameIssues(view),
  ];
}
