import type { PeriodCounts } from "#engine/model/counters";
import type { PartyId, StrategyVersionId } from "#engine/model/ids";
import type { Program } from "#engine/model/program";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";
import { groupedByParty } from "./by-party";

/** Published versions never change, so what one asks for is asked once; more than these are asked again. */
const VERSIONS_KEPT = 1000;

export type AskedPeriods = (
  connection: Connection,
  versionIds: readonly StrategyVersionId[],
) => Promise<readonly number[]>;

/** Periods, in days, that some versions' counters look back over, without repeats. */
export function askedPeriods(): AskedPeriods {
  const known = new Map<StrategyVersionId, readonly number[]>();
  return async (connection, versionIds) => {
    const missing = [...new Set(versionIds)].filter((id) => !known.has(id));
    if (known.size + missing.length > VERSIONS_KEPT) known.clear();
    const wanted = [...new Set(versionIds)].filter((id) => !known.has(id));
    if (wanted.length > 0) {
      const rows = await connection<{ id: StrategyVersionId; counters: Program["counters"] | null }[]>`
        select id, program -> 'counters' as counters from strategy_version where id = any(${wanted}::text[])`;
      for (const { id, counters } of rows) known.set(id, [...new Set((counters ?? []).map(({ days }) => days))]);
    }
    return [...new Set(versionIds.flatMap((id) => known.get(id) ?? []))].sort((left, right) => left - right);
  };
}

type Row = {
  party_id: PartyId;
  days: number;
  kind: "contact" | "payment" | "promise" | "broken";
  channel: string | null;
  attempts: number;
  connects: number;
  conversations: number;
};

type Periods = { readonly [days: number]: PeriodCounts };

/** What happened with each party within each period that ends now, in one query; nothing is asked when no period is. */
export async function loadPeriods(
  connection: Connection,
  partyIds: readonly PartyId[],
  { days, nowMs }: { readonly days: readonly number[]; readonly nowMs: EpochMs },
): Promise<(partyId: PartyId) => Periods> {
  if (days.length === 0 || partyIds.length === 0) return () => ({});
  const rows = await countRows(connection, partyIds, { days, nowMs });
  const byParty = groupedByParty(rows.map((row) => [row.party_id, row]));
  return (partyId) => {
    const own = byParty.get(partyId) ?? [];
    return Object.fromEntries(
      days.map((period) => [period, periodOf(own.filter((row) => row.days === period))] as const),
    );
  };
}

async function countRows(
  connection: Connection,
  partyIds: readonly PartyId[],
  { days, nowMs }: { readonly days: readonly number[]; readonly nowMs: EpochMs },
) {
  const now = connection`to_timestamp(${nowMs} / 1000.0)`;
  // Hours, not days: a day of the session's zone may have 23 or 25.
  const within = (at: ReturnType<Connection>) =>
    connection`${at} <= ${now} and ${at} > ${now} - w.days * interval '24 hours'`;
  return connection<Row[]>`
    with w as (select unnest(${[...days]}::int[]) as days), p as (select unnest(${[...partyIds]}::text[]) as id)
    select a.party_id, w.days, 'contact' as kind, a.channel, count(*)::int as attempts,
      (count(*) filter (where a.connected))::int as connects, (count(*) filter (where a.conversed))::int as conversations
    from w cross join p join lateral (
      select party_id, at, channel, connected, conversed from contact_attempt where party_id = p.id
      -- an agency's contact is a contact
      union all select party_id, at, channel, connected, conversed from outside_contact where party_id = p.id
    ) a on ${within(connection`a.at`)}
    group by a.party_id, w.days, a.channel
    union all
    select y.party_id, w.days, 'payment', null, greatest(0, sum(case when y.reversed then -1 else 1 end))::int, 0, 0
    from w cross join p join payment y on y.party_id = p.id and ${within(connection`y.at`)} group by y.party_id, w.days
    union all
    select m.party_id, w.days, 'promise', null, count(*)::int, 0, 0
    from w cross join p join promise m on m.party_id = p.id and ${within(connection`m.opened_at`)} group by m.party_id, w.days
    union all
    select b.party_id, w.days, 'broken', null, count(*)::int, 0, 0
    from w cross join p join promise b on b.party_id = p.id and b.result = 'broken' and ${within(connection`b.closed_at`)}
    group by b.party_id, w.days`;
}

function periodOf(rows: readonly Row[]): PeriodCounts {
  const count = (kind: Row["kind"]): number => rows.find((row) => row.kind === kind)?.attempts ?? 0;
  return {
    contacts: rows.flatMap(({ kind, channel, attempts, connects, conversations }) =>
      kind === "contact" && channel !== null ? [{ channel, attempts, connects, conversations }] : [],
    ),
    payments: count("payment"),
    promises: count("promise"),
    promisesBroken: count("broken"),
  };
}
