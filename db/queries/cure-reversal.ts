import type { AccountId, ActorId, StrategyVersionId } from "#engine/model/ids";
import type { Currency } from "#engine/model/money";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";

/** A payment that was taken back after its account had left as cured. */
export type CureReversal = {
  readonly paymentId: string;
  readonly accountId: AccountId;
  readonly accountNo: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  /** When it was taken back, and when the account had left. */
  readonly atMs: EpochMs;
  readonly curedAtMs: EpochMs;
  readonly strategyKey: string;
  /** The live version of that strategy, which it would be let into again; null = none is live. */
  readonly versionId: StrategyVersionId | null;
  /** Rounds the account has been in that version. */
  readonly rounds: number;
  /** Somebody has let it into the strategy meanwhile. */
  readonly underWay: boolean;
};

/** Those nobody has decided about, the oldest first. */
export async function openReversals(connection: Connection, limit: number): Promise<readonly CureReversal[]> {
  return connection<CureReversal[]>`
    select r.payment_id as "paymentId", r.account_id as "accountId", a.account_no as "accountNo",
      p.amount_minor::float8 as "amountMinor", p.currency, (extract(epoch from p.at) * 1000)::float8 as "atMs",
      (extract(epoch from e.entered_at) * 1000)::float8 as "curedAtMs", s.key as "strategyKey", s.live_version_id as "versionId",
      (select count(*)::int from enrollment n where n.account_id = r.account_id and n.version_id = s.live_version_id) as rounds,
      exists (select 1 from enrollment n join strategy_version w on w.id = n.version_id
        where n.account_id = r.account_id and w.strategy_id = s.id and n.status <> 'exited') as "underWay"
    from cure_reversal r join payment p on p.id = r.payment_id join account a on a.id = r.account_id
    join enrollment e on e.party_id = r.party_id and e.id = r.enrollment_id
    join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    where r.decision is null order by p.at, r.payment_id limit ${limit}`;
}

export type ReversalChoice = {
  readonly accountId: AccountId;
  readonly decision: "started" | "left";
  readonly reason: string;
  readonly actorId: ActorId;
};

/** What somebody decided, for every reversal of the account that is open; each once, with its audit row. Returns how many there were. */
export async function decideReversals(database: Database, choice: ReversalChoice): Promise<number> {
  const { accountId, decision, reason, actorId } = choice;
  return inTransaction(database, async (connection) => {
    const decided = await connection<{ id: string }[]>`
      update cure_reversal set decision = ${decision}, decided_by = ${actorId}, decided_at = clock_timestamp(), reason = ${reason}
      where account_id = ${accountId} and decision is null returning payment_id as id`;
    if (decided.length > 0) {
      const detail = { reason, payments: decided.map(({ id }) => id) };
      await insertAudit(connection, { actorId, action: `reversal.${decision}`, subject: accountId, detail });
    }
    return decided.length;
  });
}
