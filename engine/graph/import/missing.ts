import { fieldOf } from "../../model/facts";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc } from "../../model/strategy";
import { variableFact } from "../../model/variable";
import { lintViews } from "../lint-view";
import { type Reference, type ReferencePlace, referencesOf } from "../references/references";
import type { ReferenceKind } from "../references/step-references";

/** What there is here for a strategy to name, besides its market's pack. */
export type ImportWorld = {
  readonly pack: MarketPack;
  /** Agencies of the house; a strategy may call one by its name or by its code. */
  readonly agencies: readonly { readonly name: string; readonly code: string }[];
};

/** A thing the document names that is not here, and everywhere it is named. */
export type MissingReference = {
  readonly kind: ReferenceKind;
  readonly name: string;
  readonly places: readonly ReferencePlace[];
  /** Whether the document can be given one of its own instead: a variable, a field of the lender's files. */
  readonly canCreate: boolean;
};

/** Fields of a lender's own files are called this. */
export const LENDER_PREFIX = "custom.";

/** What a document names and neither it nor this house has, each once, in the order of the document. */
export function missingReferences(doc: StrategyDoc, world: ImportWorld): readonly MissingReference[] {
  const isHere = knownIn(doc, world);
  const found = new Map<string, MissingReference>();
  for (const reference of referencesOf(doc)) {
    if (isHere(reference)) continue;
    const { kind, name, place } = reference;
    const known = found.get(`${kind} ${name}`);
    const canCreate = kind === "variable" ? place.within === null : kind === "fact" && name.startsWith(LENDER_PREFIX);
    found.set(`${kind} ${name}`, {
      kind,
      name,
      places: [...(known?.places ?? []), place],
      canCreate: canCreate && (known?.canCreate ?? true),
    });
  }
  return [...found.values()];
}

function knownIn(doc: StrategyDoc, { pack, agencies }: ImportWorld): (reference: Reference) => boolean {
  const { whole, inside } = lintViews(doc, pack);
  const views = new Map<string | null, (typeof inside)[number]>([[null, whole]]);
  doc.strategies.forEach(({ key }, index) => {
    const view = inside[index];
    if (view !== undefined) views.set(key, view);
  });
  return ({ kind, name, place }) => {
    const view = views.get(place.within) ?? whole;
    switch (kind) {
      case "content":
        return Object.hasOwn(whole.contents, name);
      case "fact":
        return fieldOf(view.fields, name) !== undefined;
      case "variable":
        return fieldOf(view.fields, variableFact(name)) !== undefined;
      case "lexicon":
        return Object.hasOwn(pack.lexicons, name);
      case "agency":
        return agencies.some((agency) => agency.name === name || agency.code === name);
      case "strategy":
        return views.has(name);
      case "rule-pack":
        return Object.hasOwn(pack.rulePacks, name);
      default:
        throw kind satisfies never;
    }
  };
}
