import type { Condition, LocalText } from "#engine";
import { nextId } from "../commands/ids";

/** A scorecard as its step type keeps it. Its schema is the step type's. */
export type CardRule = { readonly id: string; readonly when: Condition | null; readonly points: number };
export type CardAttribute = {
  readonly id: string;
  readonly name?: LocalText;
  readonly weight: number;
  /** The first that holds gives the points. */
  readonly rules: readonly CardRule[];
  readonly otherwise: number;
  /** `null` = the whole score cannot be told then. */
  readonly unknown: number | null;
};
export type CardBand = { readonly id: string; readonly name?: LocalText; readonly atLeast: number | null };
export type Card = { readonly attributes: readonly CardAttribute[]; readonly bands: readonly CardBand[] };

/** Stores a card; false when the step's schema does not take it. */
export type ChangeCard = (card: Card, gesture?: "typing") => boolean;

export const EMPTY_CARD: Card = { attributes: [], bands: [] };
const FIRST_POINTS = 10;

const idsOf = (items: readonly { readonly id: string }[]): readonly string[] => items.map((item) => item.id);

export function addAttribute(card: Card): Card {
  const attribute: CardAttribute = {
    id: nextId("attribute", idsOf(card.attributes)),
    weight: 1,
    rules: [{ id: "rule-1", when: null, points: FIRST_POINTS }],
    otherwise: 0,
    unknown: null,
  };
  return { ...card, attributes: [...card.attributes, attribute] };
}

export function setAttribute(card: Card, attribute: CardAttribute): Card {
  return { ...card, attributes: card.attributes.map((known) => (known.id === attribute.id ? attribute : known)) };
}

export function removeAttribute(card: Card, id: string): Card {
  return { ...card, attributes: card.attributes.filter((attribute) => attribute.id !== id) };
}

export function moveAttribute(card: Card, index: number, by: 1 | -1): Card {
  const attribute = card.attributes[index];
  const to = index + by;
  if (attribute === undefined || to < 0 || to >= card.attributes.length) return card;
  return { ...card, attributes: card.attributes.toSpliced(index, 1).toSpliced(to, 0, attribute) };
}

export function addCardRule(attribute: CardAttribute): CardAttribute {
  const id = nextId("rule", idsOf(attribute.rules));
  return { ...attribute, rules: [...attribute.rules, { id, when: null, points: FIRST_POINTS }] };
}

/**
 * A further band. The last has no floor, so the new one stands above it: as far above as the bands are apart, so that the order
 * from the highest down stays true.
 */
export function addBand(card: Card): Card {
  const id = nextId("band", idsOf(card.bands));
  const { bands } = card;
  if (bands.length === 0) return { ...card, bands: [{ id, atLeast: null }] };
  const lowest = bands.at(-2)?.atLeast;
  const atLeast = lowest === undefined || lowest === null ? scoreRange(card).maximum : lowest - FIRST_POINTS;
  return { ...card, bands: bands.toSpliced(-1, 0, { id, atLeast }) };
}

export function setBand(card: Card, band: CardBand): Card {
  return { ...card, bands: card.bands.map((known) => (known.id === band.id ? band : known)) };
}

/** Takes a band away; the one that is then last takes everything the others leave. */
export function removeBand(card: Card, id: string): Card {
  const bands = card.bands.filter((band) => band.id !== id);
  const last = bands.at(-1);
  return { ...card, bands: last === undefined ? bands : bands.with(-1, { ...last, atLeast: null }) };
}

/** The least and the greatest sum of points there can be. */
export function scoreRange(card: Card): { readonly minimum: number; readonly maximum: number } {
  let [minimum, maximum] = [0, 0];
  for (const { weight, rules, otherwise, unknown } of card.attributes) {
    const given = [otherwise, ...rules.map((rule) => rule.points), ...(unknown === null ? [] : [unknown])];
    const weighted = given.map((points) => weight * points);
    minimum += Math.min(...weighted);
    maximum += Math.max(...weighted);
  }
  return { minimum, maximum };
}
