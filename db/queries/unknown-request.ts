import type { Channel } from "#engine/model/content";
import type { AccountId } from "#engine/model/ids";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";

/** A request of which nobody knows whether it left: a person finds out and says so. */
export type UnknownRequest = {
  readonly key: string;
  readonly accountId: AccountId;
  readonly accountNo: string;
  /** Null = work or a question to another system. */
  readonly channel: Channel | null;
  readonly provider: string | null;
  readonly strategyKey: string;
  /** Since when nobody knows, real time of the database. */
  readonly sinceMs: EpochMs;
};

/** The longest unknown first. */
export async function listUnknownRequests(connection: Connection, limit: number): Promise<readonly UnknownRequest[]> {
  return connection<UnknownRequest[]>`
    select i.key, i.account_id as "accountId", a.account_no as "accountNo", i.channel, i.provider, s.key as "strategyKey",
      (extract(epoch from i.updated_at) * 1000)::float8 as "sinceMs"
    from intent i join account a on a.id = i.account_id
    join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id
    join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    where i.state = 'unknown' order by i.updated_at, i.key limit ${limit}`;
}
