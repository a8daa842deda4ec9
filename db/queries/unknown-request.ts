import type { Channel } from "#engine/model/content";
import type { AccountId, ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";

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

/** What a person found out about a request, and from what (a provider's console, a call, a statement). */
export type Reconciliation = {
  readonly key: string;
  readonly left: boolean;
  readonly evidence: string;
  readonly actorId: ActorId;
};

/**
 * Ends the doubt about a request, with its audit row in the same commit. It left: it counts as sent, and its step hears of it by its
 * result or its deadline. It did not: its place under the caps is free again and it goes to the gate once more, which refuses it
 * when it is too late. Issue: `request.not-unknown` (no such request, or somebody has ended the doubt already).
 */
export async function reconcileRequest(
  database: Database,
  { key, left, evidence, actorId }: Reconciliation,
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    const moved = await connection`
      update intent set state = ${left ? "sent" : "ready"}, ask_after = null, lease_until = null,
        unclear = case when ${left} then unclear else 0 end, updated_at = clock_timestamp()
      where key = ${key} and state = 'unknown' returning key`;
    if (moved.length === 0) return err([issue("request.not-unknown", {}, { key })]);
    if (!left) {
      await connection`delete from contact_attempt where intent_key = ${key}`;
      // Their word counts after a restore, too: nobody is asked a second time.
      await connection`
        insert into recovery_request (recovery_id, key, state, look_after)
        select id, ${key}, 'clear', now() from recovery where lifted_at is null
        on conflict (recovery_id, key) do update set state = 'clear'`;
    }
    await insertAudit(connection, { actorId, action: "request.reconciled", subject: key, detail: { left, evidence } });
    return ok(null);
  });
}
