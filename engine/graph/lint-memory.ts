import { settingsInside, strategyCatalogue } from "../condition/catalogue";
import type { Content } from "../model/content";
import type { Field, FieldCatalogue } from "../model/facts";
import { canonicalJson } from "../model/json";
import type { MarketPack } from "../model/market-pack";
import type { StrategyDoc, StrategyNode, StrategySettings, SubStrategy } from "../model/strategy";

/** What a step of one drawing is linted against, apart from the drawing itself. */
export type LintContext = {
  readonly settings: StrategySettings;
  readonly pack: MarketPack;
  /** Texts of the market, and over them those the strategy carries. */
  readonly contents: { readonly [id: string]: Content };
  /** Everything conditions may ask here: fields of market and lender, variables, arms of the strategy's experiments. */
  readonly fields: FieldCatalogue;
};

/** The strategy inside a document that is asked about, or null: the document itself. */
type Place = { readonly strategy: SubStrategy; readonly index: number } | null;
type Asked = {
  readonly settings: StrategySettings;
  readonly variables: SubStrategy["variables"] | null;
  readonly contents: StrategyDoc["contents"];
  readonly pack: MarketPack;
  readonly provided: string;
};
/** Names one step in one context: what was found out about it is kept under this name. */
export type StepKey = { readonly context: LintContext; readonly strategies: StrategyDoc["strategies"] | null };

/**
 * What a lint knows of the document before: documents are never changed in place, so that a step that is the same object, in a
 * context that says the same, has the same problems. Entries go with their steps.
 */
export type LintMemory<TRead> = {
  readonly contexts: Map<number, { readonly asked: Asked; readonly context: LintContext }>;
  readonly keys: WeakMap<StrategyNode, StepKey>;
  readonly reads: WeakMap<StrategyNode, TRead>;
};

export function lintMemory<TRead>(): LintMemory<TRead> {
  return { contexts: new Map(), keys: new WeakMap(), reads: new WeakMap() };
}

const WHOLE = -1;

/** An edit inside a strategy writes the settings anew with the same members. */
function sameSettings(before: StrategySettings, next: StrategySettings): boolean {
  const names = Object.keys(next) as (keyof StrategySettings)[];
  return names.length === Object.keys(before).length && names.every((name) => before[name] === next[name]);
}

function sameQuestion(before: Asked, next: Asked): boolean {
  return (
    sameSettings(before.settings, next.settings) &&
    before.variables === next.variables &&
    before.contents === next.contents &&
    before.pack === next.pack &&
    before.provided === next.provided
  );
}

/** The context of a drawing: the same object as before as long as it says the same. */
export function contextOf(
  memory: Pick<LintMemory<unknown>, "contexts">,
  { doc, pack, provided, place }: { doc: StrategyDoc; pack: MarketPack; provided: readonly Field[]; place: Place },
): LintContext {
  const asked: Asked = {
    settings: doc.settings,
    variables: place?.strategy.variables ?? null,
    contents: doc.contents,
    pack,
    provided: canonicalJson(provided),
  };
  const slot = place?.index ?? WHOLE;
  const known = memory.contexts.get(slot);
  if (known !== undefined && sameQuestion(known.asked, asked)) return known.context;
  const settings = place === null ? doc.settings : settingsInside(doc.settings, place.strategy);
  const own = Object.fromEntries(doc.contents.map((content) => [content.id, content]));
  const context: LintContext = {
    settings,
    pack,
    contents: { ...pack.contents, ...own },
    fields: strategyCatalogue(pack.fields, settings, provided),
  };
  memory.contexts.set(slot, { asked, context });
  return context;
}

/** The key of a step; `strategies` are those of the document for a step that uses one, and null for all others. */
export function stepKey(
  memory: Pick<LintMemory<unknown>, "keys">,
  node: StrategyNode,
  { context, strategies }: StepKey,
): StepKey {
  const known = memory.keys.get(node);
  if (known !== undefined && known.context === context && known.strategies === strategies) return known;
  const key: StepKey = { context, strategies };
  memory.keys.set(node, key);
  return key;
}
