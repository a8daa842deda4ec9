import { type AnyNodeDefinition, LOCALES, type NodeGroup, nodeDefinitions, pinyinOf } from "#engine";

export type PaletteGroup = { readonly group: NodeGroup; readonly definitions: readonly AnyNodeDefinition[] };

/** Step types by group, in the order of the registry. An entry cannot be added: a strategy has exactly one. */
export function paletteGroups(): readonly PaletteGroup[] {
  const groups = new Map<NodeGroup, AnyNodeDefinition[]>();
  for (const definition of nodeDefinitions) {
    if (definition.group === "entry") continue;
    groups.set(definition.group, [...(groups.get(definition.group) ?? []), definition]);
  }
  return [...groups].map(([group, definitions]) => ({ group, definitions }));
}

/** Names and explanations of a step type in every language, so that either is found in the other; Chinese names in pinyin too. */
export function searchWords(definition: AnyNodeDefinition): readonly [names: string, help: string] {
  const names = LOCALES.map((locale) => definition.texts[locale].title);
  const help = LOCALES.map((locale) => definition.texts[locale].help);
  return [[definition.type, ...names, ...pinyinOf(definition.texts["zh-CN"].title)].join("\n"), help.join("\n")];
}

/** How well words answer a search, 0 (not at all) to 1: a name that begins so beats one that holds it, and both beat the explanation. */
export function score(search: string, [names = "", help = ""]: readonly string[]): number {
  const wanted = search.trim().toLowerCase();
  const named = names.toLowerCase();
  if (wanted === "" || named.split("\n").some((name) => name.startsWith(wanted))) return 1;
  if (named.includes(wanted)) return 0.8;
  return help.toLowerCase().includes(wanted) ? 0.2 : 0;
}

/** Groups with what answers a search, the best answer first; all of them, in their own order, while nothing is searched. */
export function foundGroups(groups: readonly PaletteGroup[], search: string): readonly PaletteGroup[] {
  const scored = groups.map(({ group, definitions }) => {
    const rated = definitions.map((definition) => ({ definition, rate: score(search, searchWords(definition)) }));
    const found = rated.filter(({ rate }) => rate > 0).sort((left, right) => right.rate - left.rate);
    return { group, definitions: found.map(({ definition }) => definition), best: found[0]?.rate ?? 0 };
  });
  return scored.filter(({ best }) => best > 0).sort((left, right) => right.best - left.best);
}
