import type { Channel } from "#engine/model/content";
import type { AccountId, ContactPointId, PartyId } from "#engine/model/ids";
import type { PartyRole } from "#engine/model/market-pack";
import type { RecordedConsent } from "#engine/model/policy";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";
import { rowsParameter } from "../stores/rows-parameter";

/** A contact an agency reports. `id` is the agency's own name of it. */
export type OutsideContact = {
  readonly partyId: PartyId;
  readonly id: string;
  readonly accountId: AccountId | null;
  readonly contactPointId: ContactPointId | null;
  readonly channel: Channel;
  readonly role: PartyRole;
  readonly atMs: EpochMs;
  readonly outcome: string | null;
  readonly connected: boolean;
  readonly conversed: boolean;
  readonly source: string;
};

/** Writes what agencies report; a contact that is told twice counts once. Returns how many were new. */
export async function recordOutsideContacts(
  connection: Connection,
  contacts: readonly OutsideContact[],
): Promise<number> {
  if (contacts.length === 0) return 0;
  const rows = await connection<{ id: string }[]>`
    insert into outside_contact (party_id, id, account_id, contact_point_id, channel, role, at, outcome, connected, conversed,
      source)
    select n."partyId", n.id, n."accountId", n."contactPointId", n.channel, n.role, to_timestamp(n."atMs" / 1000.0), n.outcome,
      n.connected, n.conversed, n.source
    from json_to_recordset(${rowsParameter(contacts)}::text::json) as n("partyId" text, id text, "accountId" text,
      "contactPointId" text, channel text, role text, "atMs" numeric, outcome text, connected boolean, conversed boolean,
      source text)
    on conflict do nothing
    returning id`;
  return rows.length;
}

type ConsentToRecord = RecordedConsent & {
  readonly partyId: PartyId;
  readonly id: string;
  readonly recordedBy: string;
};

/** Writes what debtors agreed to. One that is told twice stays as it was first told. */
export async function recordConsents(connection: Connection, consents: readonly ConsentToRecord[]): Promise<void> {
  if (consents.length === 0) return;
  await connection`
    insert into recorded_consent (party_id, id, rules, channels, windows, from_at, until_at, evidence, recorded_by)
    select n."partyId", n.id, n.rules, n.channels, n.windows, to_timestamp(n."fromMs" / 1000.0),
      to_timestamp(n."untilMs" / 1000.0), n.evidence, n."recordedBy"
    from json_to_recordset(${rowsParameter(consents)}::text::json) as n("partyId" text, id text, rules jsonb, channels jsonb,
      windows jsonb, "fromMs" numeric, "untilMs" numeric, evidence text, "recordedBy" text)
    on conflict do nothing`;
}

/** A contact somebody else made with the person behind an account. */
export type OutsideContactRecord = {
  readonly id: string;
  readonly channel: Channel;
  readonly atMs: EpochMs;
  readonly outcome: string | null;
  readonly connected: boolean;
  readonly conversed: boolean;
  /** Who reported it: `agency:<code>`. */
  readonly source: string;
};

/** Contacts others made about an account, or with its person about no account in particular; the latest first. */
export async function outsideContactsOfAccount(
  connection: Connection,
  accountId: AccountId,
  limit: number,
): Promise<readonly OutsideContactRecord[]> {
  return connection<OutsideContactRecord[]>`
    select o.id, o.channel, o.outcome, o.connected, o.conversed, o.source,
      (extract(epoch from o.at) * 1000)::float8 as "atMs"
    from account a join outside_contact o on o.party_id = a.party_id and coalesce(o.account_id, a.id) = a.id
    where a.id = ${accountId} order by o.at desc, o.id limit ${limit}`;
}
