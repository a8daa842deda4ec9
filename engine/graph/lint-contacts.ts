import type { Channel } from "../model/content";
import { type Issue, issue } from "../model/issue";
import { layeredPack } from "../policy/link";
import { hasOpenHour } from "../policy/open-hours";
import { compiledStep, specsOf } from "./compiled-step";
import type { LintView, StepView } from "./lint-view";

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
  const rules = layeredPack(view.pack.rulePacks, rulePack);
  // A rule pack nobody knows is reported as such.
  if (rules === null) return [];
  const legal = new Map<Channel, boolean>();
  return view.steps.flatMap((stepView) =>
    [...channelsOf(view, stepView)].flatMap((channel) => {
      const open = legal.get(channel) ?? hasOpenHour(rules, channel);
      legal.set(channel, open);
      if (open) return [];
      const place = { path: stepView.path, nodeId: stepView.node.id };
      return [issue("graph.no-legal-hour", place, { channel, rulePack })];
    }),
  );
}
