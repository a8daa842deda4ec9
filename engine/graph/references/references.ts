import type { StrategyDoc, StrategyNode } from "../../model/strategy";
import { conditionWithNames, type ReferenceKind, type Rename, stepWithNames } from "./step-references";

/** Where a name stands. */
export type ReferencePlace = {
  /** In the document (`nodes[2].data.contentId`). */
  readonly path: string;
  /** Key of the strategy inside the document; null = the document's own drawing. */
  readonly within: string | null;
  /** The step that says it; null = the settings. */
  readonly nodeId: string | null;
};

export type Reference = { readonly kind: ReferenceKind; readonly name: string; readonly place: ReferencePlace };
/** Names for names, by what they name and where; the same name leaves it. */
export type RenameAt = (reference: Reference) => string;

/** The document with other names for what it names elsewhere: texts, facts, variables, word lists, agencies, strategies, rule pack. */
export function withNames(doc: StrategyDoc, rename: RenameAt): StrategyDoc {
  const inSteps = (nodes: readonly StrategyNode[], root: string, within: string | null): StrategyNode[] =>
    nodes.map((node, index) =>
      stepWithNames(node, (kind, name, path) =>
        rename({ kind, name, place: { path: `${root}nodes[${index}].data.${path}`, within, nodeId: node.id } }),
      ),
    );
  const settingAt =
    (at: string): Rename =>
    (kind, name, path) =>
      rename({ kind, name, place: { path: path === "" ? at : `${at}.${path}`, within: null, nodeId: null } });
  const { settings } = doc;
  return {
    ...doc,
    settings: {
      ...settings,
      rulePack: settingAt("settings.rulePack")("rule-pack", settings.rulePack, ""),
      exits: settings.exits.map((exit, index) => ({
        ...exit,
        when: conditionWithNames(exit.when, settingAt(`settings.exits[${index}].when`)),
      })),
    },
    nodes: inSteps(doc.nodes, "", null),
    strategies: doc.strategies.map((inner, index) => ({
      ...inner,
      nodes: inSteps(inner.nodes, `strategies[${index}].`, inner.key),
    })),
  };
}

/** Everything a document names, in the order of the document. */
export function referencesOf(doc: StrategyDoc): readonly Reference[] {
  const found: Reference[] = [];
  withNames(doc, (reference) => {
    found.push(reference);
    return reference.name;
  });
  return found;
}
