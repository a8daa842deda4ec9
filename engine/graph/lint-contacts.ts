import { textFindings } from "../contact/text-law";
import type { Channel } from "../model/content";
import { type Issue, issue } from "../model/issue";
import type { RulePack } from "../model/market-pack";
import { neverAllowed } from "../policy/ask-ahead";
import { layeredPack } from "../policy/link";
import { hasOpenHour } from "../policy/open-hours";
import { contactsOf } from "./compiled-step";
import { issuesPerStep, type LintView, type StepView } from "./lint-view";

type Contact = ReturnType<typeof contactsOf>[number];
type Asked = { readonly view: LintView; readonly stepView: StepView; readonly rules: RulePack };

/** The form's field that holds a value, so that a problem stands where it can be mended; else the step's data as a whole. */
function pathOf({ path, step, node }: StepView, isField: (field: { path: string; widget: string }) => boolean): string {
  const field = step?.definition.form.find((one) => isField(one) && Object.hasOwn(node.data, one.path));
  return field === undefined ? `${path}.data` : `${path}.data.${field.path}`;
}

/** Contacts no account ever gets: no hour of the week is open, or a rule refuses every one of them. */
function neverIssues({ view, stepView, rules }: Asked, contacts: readonly Contact[]): readonly Issue[] {
  const { rulePack } = view.doc.settings;
  const nodeId = stepView.node.id;
  const channels = new Map<Channel, Contact>();
  for (const contact of contacts) if (!channels.has(contact.channel)) channels.set(contact.channel, contact);
  return [...channels].flatMap(([channel, { desk }]) => {
    if (!hasOpenHour(rules, channel)) {
      return [issue("graph.no-legal-hour", { path: stepView.path, nodeId }, { channel, rulePack })];
    }
    return neverAllowed(rules, { channel, people: desk?.people }).map(({ rule, params }) => {
      const path = pathOf(stepView, (field) => Object.hasOwn(params, field.path));
      return issue("law.never-allowed", { path, nodeId }, { law: rule, channel });
    });
  });
}

/** What law and word lists have against the texts of a step: the gate would refuse them one by one, at the last moment. */
function textIssues({ view, stepView, rules }: Asked, contacts: readonly Contact[]): readonly Issue[] {
  const { lexicons, market } = view.pack;
  const nodeId = stepView.node.id;
  const texts = new Map(contacts.map((contact) => [contact.contentId, contact.channel]));
  return [...texts].flatMap(([contentId, channel]) => {
    const content = Object.hasOwn(view.contents, contentId) ? view.contents[contentId] : undefined;
    if (content === undefined) return [];
    const path = pathOf(
      stepView,
      ({ path: at, widget }) => widget === "content" && stepView.node.data[at] === contentId,
    );
    return textFindings(content, channel, { market, rulePack: rules, lexicons }).map(({ code, severity, params }) =>
      issue(code, { path, nodeId, severity }, params),
    );
  });
}

const contactIssues = issuesPerStep((view, stepView) => {
  const rules = layeredPack(view.pack.rulePacks, view.settings.rulePack);
  // A rule pack nobody knows is reported as such.
  if (rules === null) return [];
  const contacts = contactsOf(view, stepView);
  const asked = { view, stepView, rules };
  return [...neverIssues(asked, contacts), ...textIssues(asked, contacts)];
});

/** What can be told of a step's contacts before any account stands there: by the rules of the strategy's market, as the gate asks them. */
export function lintContacts(view: LintView): readonly Issue[] {
  return view.steps.flatMap((stepView) => contactIssues(view, stepView));
}
