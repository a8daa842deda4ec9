import type { PartyId } from "../model/ids";
import type { Account, ContactPoint } from "../model/party";
import type { SimulatedParty } from "./party-state";

/** Accounts and contact points of some people, complete. */
export type PartySlice = { readonly accounts: readonly Account[]; readonly contactPoints: readonly ContactPoint[] };

/**
 * Deals people out into so many slices of about as many accounts, for as many threads. A person is never split. The result of a
 * simulation does not depend on how many slices there are. Fewer slices come back when there are fewer people.
 */
export function partitionByParty({ accounts, contactPoints }: PartySlice, slices: number): readonly PartySlice[] {
  const parties = partiesOf({ accounts, contactPoints });
  const perSlice = Math.ceil(accounts.length / Math.max(1, slices));
  const dealt: { readonly accounts: Account[]; readonly contactPoints: ContactPoint[] }[] = [];
  for (const party of parties) {
    let last = dealt.at(-1);
    if (last === undefined || last.accounts.length >= perSlice) {
      last = { accounts: [], contactPoints: [] };
      dealt.push(last);
    }
    last.accounts.push(...party.accounts);
    last.contactPoints.push(...party.contactPoints);
  }
  return dealt;
}

/** Every person with their accounts in id order, people in the order of their ids. */
export function partiesOf({ accounts, contactPoints }: PartySlice): readonly SimulatedParty[] {
  const parties = new Map<PartyId, { readonly accounts: Account[]; readonly contactPoints: ContactPoint[] }>();
  for (const account of accounts) {
    const known = parties.get(account.partyId);
    if (known === undefined) parties.set(account.partyId, { accounts: [account], contactPoints: [] });
    else known.accounts.push(account);
  }
  for (const point of contactPoints) parties.get(point.partyId)?.contactPoints.push(point);
  const byId = [...parties].sort(([left], [right]) => compare(left, right)).map(([, party]) => party);
  for (const party of byId) party.accounts.sort((left, right) => compare(left.id, right.id));
  return byId;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
