import type { LocalText } from "../../model/locale";
import type { StrategyDoc, StrategyNode } from "../../model/strategy";
import { variableOfFact } from "../../model/variable";
import { definitionOf } from "../../nodes";
import { lintViews } from "../lint-view";
import type { ImportWorld, MissingReference } from "./missing";

/** Something that is here and can stand in the place of what is not. */
export type Candidate = { readonly name: string; readonly label: LocalText };

/** What can be put in the place of a thing that is missing: of its kind, and for texts of the channel of the steps that name it. */
export function candidatesFor(
  doc: StrategyDoc,
  { pack, agencies }: ImportWorld,
): (missing: MissingReference) => readonly Candidate[] {
  const { whole } = lintViews(doc, pack);
  const channels = channelsOf(doc);
  return (missing) => {
    switch (missing.kind) {
      case "content": {
        const wanted = channels(missing);
        const texts = Object.values(whole.contents).filter(({ channel }) => wanted.size === 0 || wanted.has(channel));
        return texts.map(({ id, title }) => ({ name: id, label: title }));
      }
      case "fact":
        return Object.values(whole.fields)
          .filter(({ key, usableInRules }) => usableInRules && variableOfFact(key) === null)
          .map(({ key, label }) => ({ name: key, label }));
      case "variable":
        return doc.settings.variables.map(({ name, label }) => ({ name, label: label ?? { "zh-CN": name, en: name } }));
      case "lexicon":
        return Object.values(pack.lexicons).map(({ name, title }) => ({ name, label: title }));
      case "agency":
        return agencies.map(({ name }) => ({ name, label: { "zh-CN": name, en: name } }));
      case "strategy":
        return doc.strategies.map(({ key, name }) => ({ name: key, label: name }));
      case "rule-pack":
        return Object.values(pack.rulePacks).map((rules) => ({ name: rules.pack, label: rules.title }));
      default:
        throw missing.kind satisfies never;
    }
  };
}

/** Channels of the steps that name a text. */
function channelsOf(doc: StrategyDoc): (missing: MissingReference) => ReadonlySet<string> {
  const nodes = new Map<string | null, readonly StrategyNode[]>([
    [null, doc.nodes],
    ...doc.strategies.map(({ key, nodes: inner }) => [key, inner] as const),
  ]);
  return ({ places }) =>
    new Set(
      places.flatMap(({ within, nodeId }) => {
        const node = nodes.get(within)?.find(({ id }) => id === nodeId);
        const form = node === undefined ? [] : (definitionOf(node.type)?.form ?? []);
        return form.flatMap(({ channel }) => channel ?? []);
      }),
    );
}
