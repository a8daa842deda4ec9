import type { Channel } from "../model/content";
import { type Issue, issue } from "../model/issue";
import type { RulePack } from "../model/market-pack";
import { shareAMinute } from "../model/weekly-window";
import { compiledStep, specsOf } from "./compiled-step";
import type { LintView, StepView } from "./lint-view";

/** Whether the hours of every rule that stops a contact have a minute of the week in common. */
function hasLegalHour({ rules }: RulePack, channel: Channel): boolean {
  const windows = rules.flatMap((rule) =>
    rule.kind === "window" && rule.severity === "block" && rule.channels.includes(channel) ? [rule.windows] : [],
  );
  return shareAMinute(windows);
}

/** Channels a step contacts people through. */
function channelsOf(view: LintView, stepView: StepView): ReadonlySet<Channel> {
  const mayContact = stepView.answers.length > 0 || stepView.step?.definition.group === "contact";
  const compiled = mayContact ? compiledStep(view, stepView) : null;
  const requests = (compiled === null ? [] : specsOf(compiled)).flatMap((spec) =>
    spec.kind === "request" && spec.request.kind === "contact" ? [spec.request.channel] : [],
  );
  return new Set(requests);
}

/** Contacts that no hour of the week allows: their windows leave nothing open, on whichever wall clock the party lives. */
export function lintContacts(view: LintView): readonly Issue[] {
  const { rulePack } = view.doc.settings;
  const rules = Object.hasOwn(view.pack.rulePacks, rulePack) ? view.pack.rulePacks[rulePack] : undefined;
  // A rule pack nobody knows is reported as such.
  if (rules === undefined) return [];
  const legal = new Map<Channel, boolean>();
  return view.steps.flatMap((stepView) =>
    [...channelsOf(view, stepView)].flatMap((channel) => {
      const open = legal.get(channel) ?? hasLegalHour(rules, channel);
      legal.set(channel, open);
      if (open) return [];
      const place = { path: stepView.path, nodeId: stepView.node.id };
      return [issue("graph.no-legal-hour", place, { channel, rulePack })];
    }),
  );
}
