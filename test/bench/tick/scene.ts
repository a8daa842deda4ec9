import type { Connection, Database } from "#db";
import type { AccountId, EnrollmentId, PartyId } from "#engine/model/ids";
import { MONDAY_MORNING_MS } from "#engine/testing/builders";
import { benchVersion, LARGE_MINOR } from "./strategy";

/** Engine time of the whole bench: a Monday morning inside every contact window. It stands still. */
export const BENCH_NOW_MS = MONDAY_MORNING_MS;

/** Rows a statement of the seed makes, so that none runs into the statement timeout. */
const SEED_PAGE = 50_000;

export type BenchIds = {
  readonly partyId: PartyId;
  readonly accountId: AccountId;
  readonly enrollmentId: EnrollmentId;
};

/** Ids of the nth person, who has one account in one enrollment. As long as real ones. */
export function benchIds(index: number): BenchIds {
  const name = String(index).padStart(20, "0");
  return { partyId: `party_${name}`, accountId: `acct_${name}`, enrollmentId: `enr_${name}` };
}

/** Staff are never among the large; see `seedPeople`. */
const STAFF_EVERY = 50;

/** Whether the strategy writes to the person of this number: half of them stand below what it calls large, or are staff. */
export function isWrittenTo(index: number): boolean {
  return index % 2 === 1 || index % STAFF_EVERY === 0;
}

/**
 * Fills an empty database: one strategy version, and so many people with a phone, an account and an enrollment that is due. `tell`
 * hears how many there are, page by page.
 */
export async function seedBench(
  { sql }: Database,
  accounts: number,
  tell: (seeded: number) => void = () => undefined,
): Promise<void> {
  const { versionId, strategyId, program } = benchVersion();
  await sql`insert into strategy (id, key, name, draft, draft_revision, draft_updated_at, created_at)
    values (${strategyId}, 'bench', '{"en":"bench"}', '{}', 1, now(), now())`;
  await sql`insert into strategy_version (id, strategy_id, number, doc, doc_text, program, hash, content_hash, published_at, published_by)
    values (${versionId}, ${strategyId}, 1, '{}', '{}', ${JSON.stringify(program)}::text::jsonb, ${program.hash},
      ${program.contentHash}, now(), 'actor_bench')`;
  for (let from = 0; from < accounts; from += SEED_PAGE) {
    const until = Math.min(accounts, from + SEED_PAGE) - 1;
    await seedPeople(sql, from, until);
    await seedEnrollments(sql, from, until);
    tell(until + 1);
  }
  await sql`vacuum analyze`;
}

async function seedPeople(sql: Connection, from: number, until: number): Promise<void> {
  await sql`insert into party (id, customer_no, time_zone)
    select 'party_' || lpad(n::text, 20, '0'), 'C' || n, 'Asia/Shanghai' from generate_series(${from}::int, ${until}::int) n`;
  const consent = JSON.stringify({ sms: "granted", robot: "granted", email: "granted", agent: "granted" });
  await sql`insert into contact_point (id, party_id, kind, rank, address, simulated, status, consent)
    select 'cp_' || lpad(n::text, 20, '0'), 'party_' || lpad(n::text, 20, '0'), 'phone', 1,
      'sim:1' || lpad(n::text, 10, '0'), true, 'valid', ${consent}::text::jsonb
    from generate_series(${from}::int, ${until}::int) n`;
  await sql`insert into account (id, party_id, account_no, customer_no, currency, overdue_since, overdue_minor,
      total_outstanding_minor, data_date, status, time_zone, fields, synthetic)
    select 'acct_' || lpad(n::text, 20, '0'), 'party_' || lpad(n::text, 20, '0'), 'A' || n, 'C' || n, 'CNY',
      date '2026-03-01' - (n % 90), 100000 + n % 900000, 1000000 + n % 900000, '2026-03-01', 'open', 'Asia/Shanghai',
      jsonb_build_object('name', '测试客户', 'customer_name', '测试客户', 'score', 400 + n % 400, 'stage', 'M' || (1 + n % 3),
        'staff', n % ${STAFF_EVERY}::int = 0, 'region', '华东', 'payday', 1 + n % 28,
        'overdue', case when n % 2 = 0 then ${LARGE_MINOR}::int + n % 1000 else ${LARGE_MINOR}::int - 1 - n % 1000 end), true
    from generate_series(${from}::int, ${until}::int) n`;
}

async function seedEnrollments(sql: Connection, from: number, until: number): Promise<void> {
  const { versionId } = benchVersion();
  await sql`insert into enrollment (party_id, id, account_id, version_id, status, node_id, step_seq, started_at, entered_at,
      wake_at, attempt, pending, loop_counts, vars)
    select 'party_' || lpad(n::text, 20, '0'), 'enr_' || lpad(n::text, 20, '0'), 'acct_' || lpad(n::text, 20, '0'),
      ${versionId}, 'active', 'wait', 2, to_timestamp(${BENCH_NOW_MS - 90_000_000} / 1000.0),
      to_timestamp(${BENCH_NOW_MS - 90_000_000} / 1000.0), to_timestamp((${BENCH_NOW_MS}::numeric - 1 - n % 3600000) / 1000.0),
      0, false, '{}', '{}'
    from generate_series(${from}::int, ${until}::int) n`;
}

/** Everything back to the beginning, so that each contender meets the same rows; those that did not move are left alone. */
export async function rearm({ sql }: Database): Promise<void> {
  await sql`truncate decision, intent, contact_attempt, inbox`;
  await sql`update enrollment set status = 'active', node_id = 'wait', step_seq = 2, attempt = 0, pending = false,
      entered_at = to_timestamp(${BENCH_NOW_MS - 90_000_000} / 1000.0), exit_reason = null, exit_label = null, fence = 0,
      wake_at = to_timestamp((${BENCH_NOW_MS}::numeric - 1 - substr(id, 5)::bigint % 3600000) / 1000.0)
    where fence > 0`;
  await sql`vacuum analyze enrollment, decision, intent, contact_attempt, inbox`;
  await sql`checkpoint`;
}
