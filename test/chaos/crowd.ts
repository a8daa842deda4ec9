import type { Connection } from "#db";
import { compileStrategy } from "#engine/compile/compile";
import { InvariantError } from "#engine/model/invariant";
import type { PublishedVersion } from "#engine/ports/program-store";
import { drawnStrategy, PAST_DUE } from "#engine/run/testing/drawn-strategy";
import { STRICT_MARKET } from "#engine/testing/live-story";

/** Rows a statement makes, so that none runs into the statement timeout. */
const PAGE = 20_000;
const DAY_MS = 86_400_000;

/** Everybody waits a day for a payment and leaves, with it or without. */
export function waitingVersion(): PublishedVersion {
  const doc = drawnStrategy({
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: "wait" } },
    wait: {
      type: "wait",
      data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 1440 },
      to: { elapsed: "late", happened: "thanks" },
    },
    late: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
    thanks: { type: "exit", data: { reason: "completed" }, to: {} },
  });
  const compiled = compileStrategy(doc, STRICT_MARKET);
  if (!compiled.ok) throw new InvariantError("chaos.compile");
  return { versionId: "ver_waiting-1", strategyId: "strat_waiting", program: compiled.value };
}

export async function publish(sql: Connection, { versionId, strategyId, program }: PublishedVersion): Promise<void> {
  await sql`insert into strategy (id, key, name, draft, draft_revision, draft_updated_at, created_at)
    values (${strategyId}, ${program.strategyKey}, '{"en":"chaos"}', '{}', 1, now(), now())`;
  await sql`insert into strategy_version (id, strategy_id, number, doc, doc_text, program, hash, content_hash, published_at,
      published_by)
    values (${versionId}, ${strategyId}, 1, '{}', '{}', ${JSON.stringify(program)}::text::jsonb, ${program.hash},
      ${program.contentHash}, now(), 'actor_chaos')`;
}

/** People `from` to `until` who wait; the timer of each falls on `fromMs`, and `spreadMs` later for the last of them. */
export type Crowd = {
  readonly from: number;
  readonly until: number;
  readonly fromMs: number;
  readonly spreadMs: number;
};

/** Written by the database, because a hundred thousand first turns are not what is asked here. */
export async function gather(sql: Connection, crowd: Crowd): Promise<void> {
  for (let from = crowd.from; from < crowd.until; from += PAGE) {
    const until = Math.min(crowd.until, from + PAGE) - 1;
    const numbers = sql`generate_series(${from}::int, ${until}::int) n`;
    await sql`insert into party (id, customer_no, time_zone) select 'party_' || n, 'C' || n, 'Asia/Shanghai' from ${numbers}`;
    await sql`insert into account (id, party_id, account_no, customer_no, currency, overdue_since, overdue_minor,
        total_outstanding_minor, data_date, status, time_zone, fields, synthetic)
      select 'acct_' || n, 'party_' || n, 'A' || n, 'C' || n, 'CNY', '2026-02-21', 100000, 500000, '2026-03-02', 'open',
        'Asia/Shanghai', '{"customer_name":"测试客户"}', true from ${numbers}`;
    await sql`insert into enrollment (party_id, id, account_id, version_id, status, node_id, step_seq, started_at, entered_at,
        wake_at, attempt, pending, loop_counts, vars)
      select 'party_' || n, 'enr_' || n, 'acct_' || n, 'ver_waiting-1', 'active', 'wait', 2, at - ${DAY_MS} * interval '1 millisecond',
        at - ${DAY_MS} * interval '1 millisecond', at, 0, false, '{}', '{}'
      from (select n, to_timestamp((${crowd.fromMs}::float8 + ${crowd.spreadMs}::float8 * (n - ${crowd.from}::int)
        / ${Math.max(1, crowd.until - crowd.from - 1)}::int) / 1000.0)::timestamptz(3) as at from ${numbers}) p`;
  }
}
