import type { JsonValue } from "../../model/json";
import { inLocale, LOCALES } from "../../model/locale";
import type { StrategyDoc, StrategyNode } from "../../model/strategy";
import { definitionOf } from "../../nodes";
import type { StepWords } from "../step-text";
import { pinyinOf } from "./pinyin";

/** Why a step was found: the part of it that holds what was searched. */
export type FoundIn = "name" | "text" | "field" | "note";
export type Found = {
  readonly node: StrategyNode;
  /** Key of the strategy inside that holds the step, or null for the top. */
  readonly strategy: string | null;
  readonly in: FoundIn;
  /** The words that were met; empty where they are the name itself. */
  readonly words: string;
};

/** What can be searched of one step, best part first, lower case. */
type Entry = Pick<Found, "node" | "strategy"> & {
  readonly parts: readonly { readonly in: FoundIn; readonly words: string; readonly searched: string }[];
};

function textsIn(value: JsonValue, found: Set<string>): Set<string> {
  if (typeof value === "string") found.add(value);
  else if (Array.isArray(value)) for (const item of value) textsIn(item, found);
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) textsIn(item, found);
  return found;
}

/** What the words of a step are taken from: names of fields, and texts that are sent. */
export type FindWords = Pick<StepWords, "locale" | "fields" | "contents">;

function entryOf(node: StrategyNode, strategy: string | null, words: FindWords): Entry {
  const { locale } = words;
  const used = textsIn(node.data, new Set());
  const types = definitionOf(node.type)?.texts;
  const titles = types === undefined ? [] : LOCALES.map((known) => types[known].title);
  const names = [...Object.values(node.name ?? {}), ...titles, ...titles.flatMap(pinyinOf), node.type, node.id];
  const parts: Entry["parts"][number][] = [{ in: "name", words: "", searched: names.join("\n").toLowerCase() }];
  for (const key of used) {
    const field = Object.hasOwn(words.fields, key) ? words.fields[key] : undefined;
    if (field !== undefined) {
      const searched = [key, ...Object.values(field.label)].join("\n").toLowerCase();
      parts.push({ in: "field", words: inLocale(field.label, locale), searched });
    }
    const content = Object.hasOwn(words.contents, key) ? words.contents[key] : undefined;
    if (content !== undefined) {
      const said = inLocale(content.text, locale);
      const searched = [...Object.values(content.title), ...Object.values(content.text)].join("\n").toLowerCase();
      parts.push({ in: "text", words: said, searched });
    }
  }
  if (node.note !== undefined) parts.push({ in: "note", words: node.note, searched: node.note.toLowerCase() });
  return { node, strategy, parts };
}

/** Everything that can be found in a document, the strategies inside it included. Made once, searched with every letter. */
export function findIndex(whole: StrategyDoc, words: FindWords): readonly Entry[] {
  const inside = whole.strategies.flatMap(({ key, nodes }) => nodes.map((node) => entryOf(node, key, words)));
  return [...whole.nodes.map((node) => entryOf(node, null, words)), ...inside];
}

const RANK: { readonly [part in FoundIn]: number } = { name: 0, field: 1, text: 2, note: 3 };

/** Steps in which a part holds what is searched: those called so first, then by field, text and note. */
export function findSteps(index: readonly Entry[], search: string): readonly Found[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return [];
  const found = index.flatMap(({ node, strategy, parts }): readonly Found[] => {
    const part = parts.find(({ searched }) => searched.includes(wanted));
    return part === undefined ? [] : [{ node, strategy, in: part.in, words: around(part.words, wanted) }];
  });
  return found.toSorted((left, right) => RANK[left.in] - RANK[right.in]);
}

const AROUND = 18;

/** The words beside what was met, so that a long text shows where. */
function around(words: string, wanted: string): string {
  const at = words.toLowerCase().indexOf(wanted);
  if (at <= AROUND) return words;
  return `…${words.slice(at - AROUND)}`;
}
