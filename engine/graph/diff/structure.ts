import { canonicalJson, type JsonValue } from "../../model/json";
import { changedOrder } from "./order";
import type { DiffReading } from "./reading";

/** A value, or nothing where a member is left out. */
export type Given = JsonValue | undefined;
/** What something is called. A silent one is left out where something inside it is named. */
export type Label = ((reading: DiffReading) => string) & { readonly silent?: true };
/** A value as people read it. */
export type Teller = (value: JsonValue, reading: DiffReading) => string;

export type Members = { readonly [name: string]: Given };

/** How a value is taken apart: which of its parts have a name of their own, and how the smallest are read. */
export type Shape =
  | { readonly kind: "leaf"; readonly tell: Teller }
  | { readonly kind: "members"; readonly members: { readonly [name: string]: Part } }
  /** A list of objects that are told apart by a member, never by their place. */
  | {
      readonly kind: "items";
      readonly by: string;
      /** Whether their order means something. */
      readonly ordered: boolean;
      readonly label: (item: Members, index: number) => Label;
      /** What an item says as a whole, when it comes or goes. */
      readonly tell: Teller;
      readonly of: Shape;
      /** A member whose values are right only all together, as shares that sum up. */
      readonly together?: string;
    }
  /** Members named by the author. */
  | { readonly kind: "record"; readonly part: (name: string) => Part }
  /** A list of texts of which each is in it or not, in no order that means anything. */
  | { readonly kind: "set"; readonly tell: Teller };

export type Part = { readonly label: Label; readonly shape: Shape };

export type DifferenceKind = "added" | "removed" | "changed" | "moved";

/** One place where two values differ. */
export type Difference = {
  readonly kind: DifferenceKind;
  /** Names of members and ids of items, from the outside in; never positions. */
  readonly path: readonly string[];
  readonly labels: readonly Label[];
  readonly before: Given;
  readonly after: Given;
  readonly tell: Teller;
};

export type Place = { readonly path: readonly string[]; readonly labels: readonly Label[] };
type Pair = { readonly before: Given; readonly after: Given };

export const NO_PLACE: Place = { path: [], labels: [] };

/** Written out: what no shape describes is still never passed over. */
export const asJson: Teller = (value) => canonicalJson(value);

export function isSame(before: Given, after: Given): boolean {
  if (before === after) return true;
  if (before === undefined || after === undefined) return before === after;
  return canonicalJson(before) === canonicalJson(after);
}

/** Where two values differ. Empty exactly when they are equal, whatever the shape says: what does not fit it is compared as a whole. */
export function differences(shape: Shape, pair: Pair, place: Place = NO_PLACE): readonly Difference[] {
  if (isSame(pair.before, pair.after)) return [];
  switch (shape.kind) {
    case "leaf":
    case "set":
      return [whole(pair, place, shape.tell)];
    case "members":
      return betweenMembers((name) => shape.members[name], pair, place);
    case "record":
      return betweenMembers(shape.part, pair, place);
    case "items":
      return betweenItems(shape, pair, place);
    default:
      throw shape satisfies never;
  }
}

function whole({ before, after }: Pair, place: Place, tell: Teller): Difference {
  return { ...place, kind: "changed", before, after, tell };
}

export function membersOf(value: Given): Members | null {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Members) : null;
}

function betweenMembers(partOf: (name: string) => Part | undefined, pair: Pair, place: Place): readonly Difference[] {
  const before = membersOf(pair.before ?? {});
  const after = membersOf(pair.after ?? {});
  if (before === null || after === null) return [whole(pair, place, asJson)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const found = names.flatMap((name) => {
    const part = partOf(name) ?? { label: () => name, shape: { kind: "leaf", tell: asJson } as const };
    return differences(
      part.shape,
      { before: own(before, name), after: own(after, name) },
      within(place, name, part.label),
    );
  });
  // Nothing against an object without members.
  return found.length > 0 ? found : [whole(pair, place, asJson)];
}

export function own(members: Members, name: string): Given {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

export function within({ path, labels }: Place, name: string, label: Label): Place {
  return { path: [...path, name], labels: [...labels, label] };
}

export type Item = { readonly id: string; readonly index: number; readonly value: Members };

/** Items by what tells them apart; null when that does not tell them apart. */
export function itemsOf(value: Given, by: string): ReadonlyMap<string, Item> | null {
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return null;
  const items = new Map<string, Item>();
  for (const [index, one] of (value as readonly JsonValue[]).entries()) {
    const members = membersOf(one);
    const id = members === null ? undefined : own(members, by);
    if (members === null || typeof id !== "string" || items.has(id)) return null;
    items.set(id, { id, index, value: members });
  }
  return items;
}

function betweenItems(
  shape: Extract<Shape, { readonly kind: "items" }>,
  pair: Pair,
  place: Place,
): readonly Difference[] {
  const before = itemsOf(pair.before, shape.by);
  const after = itemsOf(pair.after, shape.by);
  if (before === null || after === null) return [whole(pair, place, asJson)];
  const at = ({ id, value, index }: Item): Place => within(place, id, shape.label(value, index));
  const { tell } = shape;
  const gone = [...before.values()].flatMap((item): Difference[] =>
    after.has(item.id)
      ? []
      : [{ ...at(item), kind: "removed", before: item.value as JsonValue, after: undefined, tell }],
  );
  const kept = [...after.values()].flatMap((item): readonly Difference[] => {
    const known = before.get(item.id);
    if (known === undefined)
      return [{ ...at(item), kind: "added", before: undefined, after: item.value as JsonValue, tell }];
    const values = { before: known.value as JsonValue, after: item.value as JsonValue };
    return differences(shape.of, values, at(item));
  });
  const moved = shape.ordered ? betweenOrders(before, after, at) : [];
  const found = [...gone, ...kept, ...moved];
  return found.length > 0 || !shape.ordered ? found : [whole(pair, place, asJson)];
}

function betweenOrders(
  before: ReadonlyMap<string, Item>,
  after: ReadonlyMap<string, Item>,
  at: (item: Item) => Place,
): readonly Difference[] {
  const kept = [...after.keys()].filter((id) => before.has(id));
  const ids = [...before.keys()].filter((id) => after.has(id));
  return changedOrder(ids, kept).flatMap((id): Difference[] => {
    const [from, to] = [before.get(id), after.get(id)];
    if (from === undefined || to === undefined) return [];
    const tell: Teller = (value) => String(value);
    return [{ ...at(to), kind: "moved", before: from.index + 1, after: to.index + 1, tell }];
  });
}
