import type { JsonValue } from "../../model/json";
import { changedOrder } from "../diff/order";
import { diffWord } from "../diff/reading";
import {
  asJson,
  type Given,
  type Item,
  itemsOf,
  type Label,
  membersOf,
  own,
  type Place,
  type Shape,
  type Teller,
  within,
} from "../diff/structure";
import { same } from "./same";

/** Something as it stood before, as one made it, and as the other made it. */
export type Sides<TValue> = { readonly base: TValue; readonly mine: TValue; readonly theirs: TValue };
export type Side = "mine" | "theirs";

/** One place that both changed, each in another way. */
export type Clash = {
  readonly path: readonly string[];
  readonly labels: readonly Label[];
  readonly tell: Teller;
  readonly sides: Sides<Given>;
};

/** Writes a clash down and says whose goes on. */
export type Settle = (clash: Clash) => Side;

/** The side that is taken without a question: the one that changed, or either where both did the same. Null = both differ. */
export function plainSide(sides: Sides<Given>): Side | null {
  if (same(sides.base, sides.theirs) || same(sides.mine, sides.theirs)) return "mine";
  return same(sides.base, sides.mine) ? "theirs" : null;
}

/** Where one is, and who is asked. */
type Round = { readonly place: Place; readonly settle: Settle };

export function sidesOf<TFrom, TTo>(sides: Sides<TFrom>, read: (side: TFrom) => TTo): Sides<TTo> {
  return { base: read(sides.base), mine: read(sides.mine), theirs: read(sides.theirs) };
}

/**
 * One value out of three: what only one side changed is taken from it, down to the parts the shape knows; where both changed
 * the same part in different ways, `settle` decides.
 */
export function mergedValue(shape: Shape, sides: Sides<Given>, { place, settle }: Round): Given {
  const plain = plainSide(sides);
  if (plain !== null) return sides[plain];
  const asked = (tell: Teller): Given => sides[settle({ ...place, tell, sides })];
  if (sides.mine === undefined || sides.theirs === undefined) return asked(tellerOf(shape));
  switch (shape.kind) {
    case "leaf":
      return asked(shape.tell);
    case "set":
      return mergedSet(sides) ?? asked(shape.tell);
    case "members":
      return mergedMembers((name) => shape.members[name], sides, { place, settle }) ?? asked(asJson);
    case "record":
      return mergedMembers(shape.part, sides, { place, settle }) ?? asked(asJson);
    case "items":
      return mergedItems(shape, sides, { place, settle }) ?? asked(asJson);
    default:
      throw shape satisfies never;
  }
}

function tellerOf(shape: Shape): Teller {
  return shape.kind === "leaf" || shape.kind === "set" ? shape.tell : asJson;
}

function mergedMembers(
  partOf: (name: string) => { readonly label: Label; readonly shape: Shape } | undefined,
  sides: Sides<Given>,
  { place, settle }: Round,
): Given | null {
  const { base, mine, theirs } = sidesOf(sides, (side) => membersOf(side ?? {}));
  if (base === null || mine === null || theirs === null) return null;
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs), ...Object.keys(base)])];
  const members = names.flatMap((name): readonly (readonly [string, JsonValue])[] => {
    const part = partOf(name) ?? { label: () => name, shape: { kind: "leaf", tell: asJson } as const };
    const values = { base: own(base, name), mine: own(mine, name), theirs: own(theirs, name) };
    const value = mergedValue(part.shape, values, { place: within(place, name, part.label), settle });
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(members);
}

/** What both kept, and what either added. Null when it is no list of texts. */
function mergedSet(sides: Sides<Given>): Given | null {
  const { base, mine, theirs } = sidesOf(sides, textsOf);
  if (base === null || mine === null || theirs === null) return null;
  const kept = mine.filter((text) => theirs.includes(text) || !base.includes(text));
  return [...kept, ...theirs.filter((text) => !mine.includes(text) && !base.includes(text))];
}

function textsOf(value: Given): readonly string[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return null;
  const list: readonly JsonValue[] = value;
  return list.every((one): one is string => typeof one === "string") ? list : null;
}

type ItemsShape = Extract<Shape, { readonly kind: "items" }>;
type Items = ReadonlyMap<string, Item>;

function mergedItems(shape: ItemsShape, sides: Sides<Given>, { place, settle }: Round): Given | null {
  const { base, mine, theirs } = sidesOf(sides, (side) => itemsOf(side, shape.by));
  if (base === null || mine === null || theirs === null) return null;
  if (bothShare(shape.together, { base, mine, theirs })) {
    return sides[settle({ ...place, tell: listTeller(shape), sides })];
  }
  const values = new Map<string, JsonValue>();
  for (const id of new Set([...mine.keys(), ...theirs.keys(), ...base.keys()])) {
    const item = mine.get(id) ?? theirs.get(id) ?? base.get(id);
    if (item === undefined) continue;
    const at = within(place, id, shape.label(item.value, item.index));
    const held = sidesOf({ base, mine, theirs }, (items) => items.get(id)?.value as Given);
    const gone = held.mine === undefined || held.theirs === undefined || held.base === undefined;
    const value = mergedValue(gone ? { kind: "leaf", tell: shape.tell } : shape.of, held, { place: at, settle });
    if (value !== undefined) values.set(id, value);
  }
  const order = mergedOrder({ base, mine, theirs }, shape.ordered ? askOrder(shape, sides, { place, settle }) : "mine");
  return order.flatMap((id) => {
    const value = values.get(id);
    return value === undefined ? [] : [value];
  });
}

/** Whether both changed values that are right only together. */
function bothShare(member: string | undefined, items: Sides<Items>): boolean {
  if (member === undefined) return false;
  const shares = sidesOf(
    items,
    (list): Given => Object.fromEntries([...list].map(([id, { value }]) => [id, own(value, member) ?? null])),
  );
  return plainSide(shares) === null;
}

const listTeller =
  ({ tell, label }: ItemsShape): Teller =>
  (value, reading) => {
    if (!Array.isArray(value)) return asJson(value, reading);
    const list: readonly JsonValue[] = value;
    return list.map((one, at) => `${label(membersOf(one) ?? {}, at)(reading)} ${tell(one, reading)}`).join(" · ");
  };

/** A clash of two orders is told by the items in each. */
const askOrder =
  (shape: ItemsShape, sides: Sides<Given>, { place, settle }: Round) =>
  (): Side => {
    const label: Label = ({ locale }) => diffWord(locale, "order");
    return settle({
      path: [...place.path, "@order"],
      labels: [...place.labels, label],
      tell: listTeller(shape),
      sides,
    });
  };

/** The order of everything either has: of the side that changed it, with what the other added put behind what it stood behind there. */
function mergedOrder({ base, mine, theirs }: Sides<Items>, conflict: Side | (() => Side)): readonly string[] {
  const ids = { base: [...base.keys()], mine: [...mine.keys()], theirs: [...theirs.keys()] };
  const all = (side: readonly string[]) => side.filter((id) => base.has(id) && mine.has(id) && theirs.has(id));
  const common = sidesOf(ids, all);
  const moved = sidesOf(common, (order) => changedOrder(common.base, order).length > 0);
  const first = { mine: woven(ids.mine, ids.theirs), theirs: woven(ids.theirs, ids.mine) };
  if (conflict === "mine" || conflict === "theirs") return first[conflict];
  if (moved.mine && !moved.theirs) return first.mine;
  if (moved.theirs && !moved.mine) return first.theirs;
  const present = (order: readonly string[]) => order.filter((id) => (mine.has(id) && theirs.has(id)) || !base.has(id));
  if (same(present(first.mine) as JsonValue, present(first.theirs) as JsonValue)) return first.mine;
  return first[conflict()];
}

/** `order` with what only `other` has, each behind what it stands behind there and behind what `order` itself has new there. */
function woven(order: readonly string[], other: readonly string[]): readonly string[] {
  const known = new Set(order);
  const follows = new Set(other);
  const result = [...order];
  other.forEach((id, index) => {
    if (known.has(id)) return;
    const before = other.slice(0, index).findLast((candidate) => result.includes(candidate));
    let at = before === undefined ? 0 : result.indexOf(before) + 1;
    while (at < result.length && !follows.has(result[at] ?? "")) at += 1;
    result.splice(at, 0, id);
  });
  return result;
}
