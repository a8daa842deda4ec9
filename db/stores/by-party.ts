import type { PartyId } from "#engine/model/ids";

/** Rows of a set, found again by the party they belong to, in the order they came. */
export function groupedByParty<TRow>(
  rows: readonly (readonly [PartyId, TRow])[],
): ReadonlyMap<PartyId, readonly TRow[]> {
  const byParty = new Map<PartyId, TRow[]>();
  for (const [partyId, row] of rows) {
    const own = byParty.get(partyId);
    if (own === undefined) byParty.set(partyId, [row]);
    else own.push(row);
  }
  return byParty;
}
