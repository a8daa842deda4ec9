import type { DeadLetterKind, DeadLetterState } from "#engine/model/dead-letter";
import type { ActorId, EnrollmentId, PartyId } from "#engine/model/ids";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";
import { readClock } from "./clock";

export type DeadLetter = {
  readonly partyId: PartyId;
  readonly kind: DeadLetterKind;
  readonly subject: string;
  readonly enrollmentId: EnrollmentId | null;
  readonly state: DeadLetterState;
  readonly attempts: number;
  readonly firstCode: string;
  readonly lastCode: string;
  readonly firstAtMs: EpochMs;
  readonly lastAtMs: EpochMs;
};

/** Which of the open ones; all that are given must fit. */
export type DeadLetterChoice = {
  readonly kind: DeadLetterKind | null;
  /** Only this one; null = every one that fits, up to `limit`. */
  readonly subject: string | null;
  readonly code: string | null;
  readonly limit: number;
};

const CHOSEN = (connection: Connection, { kind, subject, code, limit }: DeadLetterChoice) => connection`
  select * from dead_letter l where l.state = 'open' and (${kind}::text is null or l.kind = ${kind})
    and (${subject}::text is null or l.subject = ${subject}) and (${code}::text is null or l.last_code = ${code})
  order by l.last_at limit ${limit}`;

export async function listDeadLetters(
  connection: Connection,
  { state, limit }: { readonly state: DeadLetterState; readonly limit: number },
): Promise<readonly DeadLetter[]> {
  return connection<DeadLetter[]>`
    select party_id as "partyId", kind, subject, enrollment_id as "enrollmentId", state, attempts,
      first_code as "firstCode", last_code as "lastCode", (extract(epoch from first_at) * 1000)::float8 as "firstAtMs",
      (extract(epoch from last_at) * 1000)::float8 as "lastAtMs"
    from dead_letter where state = ${state} order by last_at desc, subject limit ${limit}`;
}

export type DeadLetterDecision = DeadLetterChoice & { readonly action: "retry" | "skip"; readonly actorId: ActorId };

/**
 * Gives dead letters another try, or gives them up. Retry: an enrollment goes on where it stood with the timer it had, an inbox
 * entry is heard again, a request goes to the gate again. Skip: the enrollment exits as stopped, the entry is ignored, the
 * request is cancelled. One commit with its audit row. Returns how many.
 */
export async function decideDeadLetters(database: Database, decision: DeadLetterDecision): Promise<number> {
  const { action, actorId, kind, subject, code } = decision;
  const retry = action === "retry";
  return inTransaction(database, async (connection) => {
    const { nowMs } = await readClock(connection);
    const now = connection`to_timestamp(${nowMs} / 1000.0)`;
    const decided = await connection`
      with chosen as (${CHOSEN(connection, decision)} for update of l skip locked),
      enrollments as (
        update enrollment e set fence = e.fence + 1, status = ${retry ? "active" : "exited"},
          fault = case when ${retry} then null else e.fault end, wake_at = case when ${retry} then c.wake_at end,
          exit_reason = case when not ${retry} then 'stopped' end
        from chosen c where c.kind = 'enrollment' and e.party_id = c.party_id and e.id = c.subject and e.status = 'faulted'
      ), entries as (
        update inbox i set status = ${retry ? "pending" : "ignored"}, error = case when ${retry} then null else i.error end
        from chosen c where c.kind = 'inbox' and i.id::text = c.subject and i.status = 'dead'
      ), requests as (
        update intent i set state = ${retry ? "ready" : "cancelled"}, failures = 0, updated_at = clock_timestamp(),
          not_before = case when ${retry} then least(i.not_before, ${now}) else i.not_before end
        from chosen c where c.kind = 'intent' and i.party_id = c.party_id and i.key = c.subject and i.state = 'failed'
      )
      update dead_letter l set state = ${retry ? "retried" : "skipped"} from chosen c
      where l.party_id = c.party_id and l.kind = c.kind and l.subject = c.subject returning l.subject`;
    if (decided.length > 0) {
      const detail = { kind, code, count: decided.length };
      await insertAudit(connection, {
        actorId,
        action: `dead-letter.${action}`,
        subject: subject ?? "dead-letters",
        detail,
      });
    }
    return decided.length;
  });
}
