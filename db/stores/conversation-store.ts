import type { Channel } from "#engine/model/content";
import { CONVERSATION_TEXT_MAX, type Turn } from "#engine/model/conversation";
import type { EpochMs } from "#engine/model/time";
import type {
  Conversations,
  JudgedConversation,
  LateQuestion,
  NewConversation,
  UnjudgedConversation,
  VerdictRequest,
} from "#engine/ports/conversations";
import type { Due, NewInboxEntry } from "#engine/ports/inbox";
import type { Connection, Database } from "../client";
import { WORK_CHANNEL } from "../work-hint";
import { inboxRows } from "./inbox-store";
import { rowsParameter } from "./rows-parameter";

type Fragment = ReturnType<Connection>;

/** Real seconds a worker has for judging some conversations: outside judges have ten, and writing takes none. */
const LEASE_SECONDS = 60;

/** What was said in contacts, in Postgres. */
export function conversationStore(database: Database): Conversations {
  const { sql } = database;
  return {
    unjudged: (due) => unjudged(sql, due),
    record: (judged, nowMs) => record(sql, judged, nowMs),
    late: (due) => late(sql, due),
    answer: (entries) => answer(sql, entries),
  };
}

/** New conversations as a statement of its own or a member of another; of each kind a contact keeps the first. */
export function insertConversations(connection: Connection, conversations: readonly NewConversation[]): Fragment {
  const rows = conversations.map(({ intentKey, kind, turns, isCut, atMs, source }) => ({
    ...{ intent_key: intentKey, kind, is_cut: isCut, at_ms: atMs, source },
    turns: withinBounds(turns),
  }));
  return connection`
    insert into conversation (party_id, id, intent_key, account_id, enrollment_id, channel, kind, source, turns, is_cut, at)
    select i.party_id, c.kind || ':' || i.key, i.key, i.account_id, i.enrollment_id, i.channel, c.kind, c.source, c.turns,
      c.is_cut, to_timestamp(c.at_ms / 1000.0)
    from json_to_recordset(${rowsParameter(rows)}::text::json) as c(intent_key text, kind text, source text, turns jsonb,
      is_cut boolean, at_ms numeric)
    join intent i on i.key = c.intent_key and i.kind = 'contact'
    on conflict do nothing`;
}

/** Whoever brings it has bounded it; a row written by hand or by an older build must not become a flood. */
function withinBounds(turns: readonly Turn[]): readonly Turn[] {
  const length = turns.reduce((sum, { text }) => sum + text.length + 1, 0);
  if (length <= CONVERSATION_TEXT_MAX + 1) return turns;
  throw new RangeError("a conversation is longer than CONVERSATION_TEXT_MAX");
}

/** Questions of steps about the conversations of enrollment and channel that stand open. */
function openQuestions(connection: Connection, where: Fragment): Fragment {
  return connection`
    select i.key, i.step_seq as "stepSeq", i.attempt, (i.details ->> 'passScore')::float8 as "passScore", i.channel,
      jsonb_build_object('partyId', i.party_id, 'enrollmentId', i.enrollment_id, 'accountId', i.account_id) as subject,
      i.party_id, i.enrollment_id, i.not_after
    from intent i where i.kind = 'conversation-qa' and i.state = 'sent' and i.provider = 'house' and i.provider_ref is null
      and ${where}`;
}

async function unjudged(connection: Connection, { limit }: Due): Promise<readonly UnjudgedConversation[]> {
  return connection<(UnjudgedConversation & { readonly asked: readonly VerdictRequest[] })[]>`
    with taken as (
      update conversation c set judge_after = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
      where c.id = any(array(
        select n.id from conversation n where n.verdict is null and n.judge_after <= clock_timestamp()
        order by n.judge_after limit ${limit} for update skip locked))
      returning c.*
    )
    select c.id, c.intent_key as "intentKey", c.kind, c.turns, c.is_cut as "isCut", c.channel,
      (extract(epoch from c.at) * 1000)::float8 as "atMs", e.version_id as "versionId", a.outcome,
      coalesce((select jsonb_agg(jsonb_build_object('key', q.key, 'stepSeq', q."stepSeq", 'attempt', q.attempt,
          'passScore', q."passScore", 'subject', q.subject) order by q.key)
        from (${openQuestions(connection, connection`i.enrollment_id = c.enrollment_id and i.channel = c.channel`)}) q
        -- A step asks about the last conversation before it, not about every one.
        where c.intent_key = (select l.intent_key from contact_attempt l where l.party_id = c.party_id
          and l.enrollment_id = c.enrollment_id and l.channel = c.channel order by l.at desc, l.intent_key desc limit 1)), '[]'::jsonb) as asked
    from taken c join enrollment e on e.party_id = c.party_id and e.id = c.enrollment_id
    left join contact_attempt a on a.party_id = c.party_id and a.intent_key = c.intent_key
    order by c.at, c.id`;
}

/** The first verdict of a conversation counts, and brings its entries along. */
async function record(connection: Connection, judged: readonly JudgedConversation[], nowMs: EpochMs): Promise<number> {
  if (judged.length === 0) return 0;
  const rows = judged.map(({ id, judgement, review }) => ({
    ...{ id, judgement, verdict: judgement.verdict, score: judgement.score, why: review },
  }));
  const entries = judged.flatMap(({ id, inbox }) => inbox.map((entry) => ({ ...entry, intentKey: id })));
  const [written] = await connection<{ count: number }[]>`
    with judged as (
      update conversation c set verdict = j.verdict, score = j.score, judgement = j.judgement,
        judged_at = to_timestamp(${nowMs} / 1000.0), review = case when j.why is null then null else 'open' end,
        review_why = j.why
      from json_to_recordset(${rowsParameter(rows)}::text::json) as j(id text, judgement jsonb, verdict text, score int, why text)
      where c.id = j.id and c.verdict is null returning c.id
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
        n.attempt, n.data
      from ${inboxRows(connection, entries)} where n.intent_key in (select j.id from judged j)
      on conflict (dedupe_key) do nothing returning dedupe_key
    ), closed as (
      update intent i set provider_ref = 'answered', updated_at = clock_timestamp()
      from told t where i.key = substr(t.dedupe_key, length('qa:') + 1) and i.kind = 'conversation-qa'
    ), hinted as (select pg_notify(${WORK_CHANNEL}, '') from (select 1 from told limit 1) any_told)
    select count(*)::int as count, (select count(*) from hinted) as hints from judged`;
  return written?.count ?? 0;
}

async function late(
  connection: Connection,
  { nowMs, limit, patient }: Due & { readonly patient: readonly Channel[] },
): Promise<readonly LateQuestion[]> {
  return connection<LateQuestion[]>`
    select q.key, q."stepSeq", q.attempt, q."passScore", q.subject, s.judged
    from (${openQuestions(connection, connection`i.not_after >= to_timestamp(${nowMs} / 1000.0)`)}) q
    join lateral (
      select a.intent_key, a.outcome from contact_attempt a
      where a.party_id = q.party_id and a.enrollment_id = q.enrollment_id and a.channel = q.channel
      order by a.at desc, a.intent_key desc limit 1
    ) l on true
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('verdict', c.verdict, 'score', c.score)) filter (where c.verdict is not null),
        '[]'::jsonb) as judged, bool_or(c.verdict is null) as waits
      from conversation c where c.party_id = q.party_id and c.intent_key = l.intent_key
    ) s
    where s.waits is not true
      and (s.judged <> '[]'::jsonb or (l.outcome is not null and q.channel <> all(${[...patient]}::text[])))
    order by q.key limit ${limit}`;
}

async function answer(
  connection: Connection,
  entries: readonly (NewInboxEntry & { readonly intentKey: string })[],
): Promise<number> {
  if (entries.length === 0) return 0;
  const [written] = await connection<{ count: number }[]>`
    with closed as (
      update intent i set provider_ref = 'answered', updated_at = clock_timestamp()
      where i.key = any(${entries.map(({ intentKey }) => intentKey)}::text[]) and i.kind = 'conversation-qa' and i.provider_ref is null
      returning i.key
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
        n.attempt, n.data
      from ${inboxRows(connection, entries)} where n.intent_key in (select c.key from closed c)
      on conflict (dedupe_key) do nothing returning 1
    )
    select count(*)::int as count, (select count(*) from told) as told from closed`;
  return written?.count ?? 0;
}
