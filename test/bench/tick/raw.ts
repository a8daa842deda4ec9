import { type Connection, type Database, inTransaction } from "#db";
import { commitAdvances } from "#db/stores/advance-commit";
import { claimDue, type LowestDue } from "#db/stores/claim";
import { type EnrollmentRow, subjectOf } from "#db/stores/enrollment-rows";
import { commitGateDecisions, commitSettlements, LEASE_SECONDS } from "#db/stores/outbox-commit";
import { type Decision, type EnrollmentState, requestKey } from "#engine/model/execution";
import { InvariantError } from "#engine/model/invariant";
import type { Advance, EnrollmentStore } from "#engine/ports/enrollment-store";
import type { GateDecision, NewIntent, Settlement } from "#engine/ports/outbox";
import { advanceDue } from "#engine/runtime/advance";
import { RUNTIME_LIMITS, type RuntimeDeps } from "#engine/runtime/deps";
import type { Progress } from "./contender";
import { BENCH_NOW_MS, type BenchIds, isWrittenTo } from "./scene";

/** Turns the engine would take are looked at until both kinds are among them. */
const SAMPLE_TURNS = 16;

/** What an engine's turn came to, by whether it writes to the person: copied for everybody else. */
export type Samples = { readonly writes: Advance; readonly waits: Advance };

/** Takes a few turns and writes none of them. */
export async function takeSamples(deps: RuntimeDeps): Promise<Samples> {
  let turns: readonly Advance[] = [];
  const { enrollments } = deps;
  const dry: EnrollmentStore = {
    ...enrollments,
    advance: (due, work) =>
      enrollments.advance({ ...due, limit: SAMPLE_TURNS }, async (claimed) => {
        turns = await work(claimed);
        return [];
      }),
  };
  await advanceDue({ ...deps, enrollments: dry }, BENCH_NOW_MS);
  const writes = turns.find(({ intents }) => intents.length === 1);
  const waits = turns.find(({ intents }) => intents.length === 0);
  if (writes === undefined || waits === undefined) throw new InvariantError("bench.no-sample");
  return { writes, waits };
}

const DUE = { nowMs: BENCH_NOW_MS, limit: RUNTIME_LIMITS.advanceBatch };

/**
 * The raw ceiling: the rows the engine writes, claimed and written by the engine's own statements, copied from a sample. Nothing is
 * read but who is due and in which state, no executor decides, no policy is asked.
 */
export function rawContender(database: Database, samples: Samples): () => Promise<Progress> {
  let lowest: LowestDue | null = null;
  return async () => {
    const steps = await inTransaction(database, async (connection) => {
      const claim = await claimDue(connection, DUE, { lowest, options: {} });
      lowest = claim.lowest;
      return commitAdvances(
        connection,
        claim.rows.map((row) => copyOf(samples, row)),
      );
    });
    let sends = 0;
    for (let round = 0; round * RUNTIME_LIMITS.dispatchBatch < steps || (round === 0 && steps === 0); round += 1) {
      const sent = await sendRaw(database);
      sends += sent;
      if (sent === 0) break;
    }
    return { steps, sends };
  };
}

/** Who is written to is settled by the branch of the bench's strategy; the same people here. */
function copyOf({ writes, waits }: Samples, row: EnrollmentRow): Advance {
  const sample = isWrittenTo(Number(row.id.slice("enr_".length))) ? writes : waits;
  const subject = subjectOf(row);
  const intents = sample.intents.map((intent): NewIntent => {
    return { ...intent, key: requestKey(row.id, intent.stepSeq, intent.attempt) };
  });
  const state: EnrollmentState = { ...sample.state };
  const decisions: readonly Decision[] = sample.decisions.map((decision) => ({ ...decision }));
  return { ...sample, subject, fence: row.fence, state, decisions, intents };
}

type ReadyRow = {
  key: string;
  party_id: BenchIds["partyId"];
  enrollment_id: BenchIds["enrollmentId"];
  account_id: BenchIds["accountId"];
};

/** Reserves and settles a batch of requests. */
async function sendRaw(database: Database): Promise<number> {
  const decisions = await inTransaction(database, reserveRaw);
  for (let start = 0; start < decisions.length; start += RUNTIME_LIMITS.settleBatch) {
    const some = decisions.slice(start, start + RUNTIME_LIMITS.settleBatch);
    await commitSettlements(
      database.sql,
      some.map(({ key }): Settlement => ({ kind: "sent", key, inbox: [], providerRef: key, costMinor: 5 })),
    );
  }
  return decisions.length;
}

async function reserveRaw(connection: Connection): Promise<readonly GateDecision[]> {
  const rows = await connection<ReadyRow[]>`
    select key, party_id, enrollment_id, account_id from intent
    where state = 'ready' and not_before <= to_timestamp(${BENCH_NOW_MS} / 1000.0)
    order by not_before limit ${RUNTIME_LIMITS.dispatchBatch} for no key update skip locked`;
  const decisions = rows.map((row): GateDecision => {
    const contactPointId = `cp_${row.party_id.slice("party_".length)}` as const;
    const reservation = { contactPointId, channel: "sms", currency: "CNY", provider: "bench" } as const;
    return { kind: "send", key: row.key, inbox: [], reasons: [], reservation };
  });
  await commitGateDecisions(connection, {
    leaseSeconds: LEASE_SECONDS,
    decisions,
    ready: rows.map(readyOf),
    nowMs: BENCH_NOW_MS,
  });
  return decisions;
}

function readyOf(row: ReadyRow) {
  const subject = { partyId: row.party_id, enrollmentId: row.enrollment_id, accountId: row.account_id };
  return { intent: { key: row.key }, subject };
}
