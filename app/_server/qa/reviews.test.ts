import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { auditOf } from "#db/queries/audit";
import { decideReview, listReviews, reviewOf } from "#db/queries/conversation";
import { claimWork, listOpenWork } from "#db/queries/desk";
import { callbackStore } from "#db/stores/callback-store";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { PERMISSIONS } from "#engine/model/actor";
import { DAY_MS, MINUTE_MS } from "#engine/model/time";
import { marketPack } from "#engine/packs/index";
import type { ChannelPort, StatusEvent } from "#engine/ports/channel";
import type { QaStep } from "#engine/ports/qa-step";
import { HttpChannelConfigSchema } from "#engine/providers/http-channel/config";
import { httpChannel } from "#engine/providers/http-channel/http-channel";
import { readCallback } from "#engine/providers/http-channel/wire";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import {
  asking,
  enteringTo,
  handMadeProgram,
  LATE_ONES,
  LEAVE,
  TO_PEOPLE,
  withStandingFields,
} from "#engine/testing/hand-made-program";
import { finishWork } from "../desk/finish-work";
import { runtimeOn } from "../worker-runtime";

const NOW = MONDAY_MORNING_MS;
const ANNA = { id: "actor_anna", name: "Anna", demo: false, permissions: PERMISSIONS } as const;
const desk = { queue: "A 组", priority: 2 } as const;
const pack = withStandingFields(marketPack("cn"));
const ROBOT = "acme";

/** A robot or a person calls; then a step asks how the conversation was and takes its way. */
function callsAndAsks(channel: "robot" | "agent") {
  const contentId = channel === "robot" ? "robot.m1.standard" : "agent.m1.guide";
  return handMadeProgram(pack, {
    rules: LATE_ONES,
    steps: {
      start: enteringTo("call"),
      call: asking(
        {
          ...{ kind: "contact", channel, contentId, partyRole: "self" },
          ...(channel === "agent" ? { desk: { ...desk, dueMs: DAY_MS } } : {}),
        },
        { RPC: "check", PTP: "check" },
        { otherwise: "people", days: 2 },
      ),
      check: asking(
        { kind: "conversation-qa", channel, lexicon: "cn-default", passScore: 80 },
        { pass: "good", block: "bad", review: "people" },
        { otherwise: "late", days: 3 },
      ),
      good: LEAVE,
      bad: LEAVE,
      late: LEAVE,
      people: TO_PEOPLE,
    },
  });
}

const GOOD = [
  ["house", "您好，我是示例机构 1023 号工号，本次通话全程录音，请问是王先生本人吗？"],
  ["debtor", "是我。"],
  ["house", "您有一笔贷款逾期了，是什么原因呢？什么时候能还多少？"],
  ["debtor", "明天还五百元。"],
  ["house", "好的，明天还 500 元，谢谢您，再见。"],
] as const;
const transcript = (turns: readonly (readonly [string, string])[]) => ({
  kind: "transcript",
  turns: turns.map(([speaker, text]) => ({ speaker, text })),
});

let house: TestDatabase;
let database: Database;
let deps: RuntimeDeps;
let nowMs: number = NOW;
let judges: readonly QaStep[] = [];

/** Takes everything and says nothing at once; what came of it comes by callback. */
const robot: ChannelPort = {
  ...httpChannel(
    ROBOT,
    HttpChannelConfigSchema.parse({
      ...{ kind: "http", channel: "robot", url: "https://robot.example", conversations: true, currency: "CNY" },
      secrets: [`whsec_${Buffer.alloc(32, 7).toString("base64")}`],
    }),
  ),
  send: async ({ key }) => ({ kind: "accepted", ref: key, costMinor: 1, announced: [] }),
};

beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
  const usual = runtimeOn(database, { alarm: () => undefined, referenceSampleEvery: 1 });
  deps = {
    ...usual,
    clock: { read: async () => ({ nowMs, isDemo: false }) },
    channelPort: (channel, simulated) => (channel === "robot" ? robot : usual.channelPort(channel, simulated)),
    get qaSteps() {
      return judges;
    },
  };
});
afterAll(() => house.drop());

async function tickAt(ms: number): Promise<void> {
  nowMs = ms;
  await database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${ms} / 1000.0)`;
  for (let round = 0; round < 4; round += 1) await tickEngine(deps);
}

/** So many people whose call is under way; the keys of their calls. */
async function called(channel: "robot" | "agent", count: number): Promise<readonly string[]> {
  await database.sql`truncate conversation`;
  judges = [];
  const stores = await postgresStores(database);
  const accounts = Array.from({ length: count }, (_, index) => anAccount(`Q${index}`));
  const phones = accounts.map(({ partyId }, index) =>
    aPhone(partyId, { simulated: false, address: `+861380000${1000 + index}` }),
  );
  await stores.given.accounts(accounts, phones);
  const version = { versionId: `ver_qa-${channel}`, strategyId: "strat_qa", program: callsAndAsks(channel) } as const;
  await stores.given.version(version);
  await tickAt(NOW);
  await enrollAccounts(deps, { versionId: version.versionId, accountIds: null });
  await tickAt(NOW + MINUTE_MS);
  const sent = await database.sql<{ key: string }[]>`select key from intent where state = 'sent' order by account_id`;
  return sent.map(({ key }) => key);
}

/** As the vendor's callback brings it, over the wire. */
async function hears(key: string, more: { readonly [member: string]: unknown }): Promise<readonly StatusEvent[]> {
  const event = { eventId: `e-${key}-${Object.keys(more).join()}`, key, at: new Date(nowMs).toISOString(), ...more };
  const parsed = readCallback(Buffer.from(JSON.stringify({ events: [event] })), "CNY");
  if (parsed.kind !== "events") throw new Error(parsed.code);
  await callbackStore(database).put(ROBOT, parsed.events);
  return parsed.events;
}
const answered = (conversation?: object) => ({
  ...{ result: "answered", outcome: "PTP", values: { promise_amount: 50_000, promise_due_date: "2026-03-04" } },
  ...(conversation === undefined ? {} : { conversation }),
});
const nodes = async () =>
  (await database.sql<{ node: string }[]>`select node_id as node from enrollment order by account_id`).map(
    ({ node }) => node,
  );
const reviews = async () => (await listReviews(database.sql, 10)).lines;

describe("a robot's call that is over", () => {
  it("is judged by what was said, and the step that waits hears of it; what failed is looked at by a person", async () => {
    const [good = "", bad = ""] = await called("robot", 2);
    await hears(good, answered(transcript(GOOD)));
    await hears(bad, answered(transcript([...GOOD, ["house", "再不还就让你坐牢"]])));
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(await nodes()).toEqual(["good", "bad"]);
    const queue = await reviews();
    expect(queue.map(({ id, why, score, outcome }) => ({ id, why, score, outcome }))).toEqual([
      { id: `transcript:${bad}`, why: "fail", score: 0, outcome: "PTP" },
    ]);
    const told = await database.sql`select data from inbox where dedupe_key like 'qa:%' order by dedupe_key`;
    expect(told.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        { outcome: "pass", values: { score: 100 } },
        { outcome: "block", values: { score: 0 } },
      ]),
    );
  });

  it("leaves its words in one place and nowhere else", async () => {
    const places = await database.sql<{ place: string }[]>`
      select 'inbox' as place from inbox where data::text like '%坐牢%'
      union all select 'callback' from channel_callback where event::text like '%坐牢%'
      union all select 'audit' from audit where detail::text like '%坐牢%'
      union all select 'conversation' from conversation where turns::text like '%坐牢%'`;
    expect(places.map(({ place }) => place)).toEqual(["conversation"]);
  });

  it("is decided by a reviewer, once, with a reason; a follow-up stays in the queue", async () => {
    const id = (await reviews())[0]?.id ?? "";
    const review = await reviewOf(database.sql, id);
    expect(review?.turns.at(-1)).toEqual({ speaker: "house", text: "再不还就让你坐牢" });
    expect(review?.judgement.findings.map(({ rule }) => rule)).toEqual(["J", "true-consequences"]);
    const decide = (decision: "confirmed" | "overturned" | "follow-up") =>
      decideReview(database, { id, decision, reason: "looked", actorId: ANNA.id });
    expect((await decide("follow-up")).ok).toBe(true);
    expect((await reviews()).map(({ state }) => state)).toEqual(["follow-up"]);
    expect((await decide("confirmed")).ok).toBe(true);
    expect(await reviews()).toEqual([]);
    expect(await reviewOf(database.sql, id)).toBeNull();
    expect(await decide("overturned")).toMatchObject({ ok: false, error: [{ code: "qa.review-over" }] });
    expect((await auditOf(database.sql, id, 10)).map(({ action }) => action).sort()).toEqual([
      "qa.confirmed",
      "qa.follow-up",
    ]);
  });

  it("may bring its words later than its result: the step waits, and gives up by its own deadline when none come", async () => {
    const [later = "", never = ""] = await called("robot", 2);
    await hears(later, answered());
    await hears(never, answered());
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(await nodes()).toEqual(["check", "check"]);
    await hears(later, { result: "answered", conversation: transcript(GOOD) });
    await tickAt(NOW + 3 * MINUTE_MS);
    expect(await nodes()).toEqual(["good", "check"]);
    await tickAt(NOW + 4 * DAY_MS);
    expect(await nodes()).toEqual(["good", "late"]);
  });

  it("is judged once, however often its callback comes, and by outside judges as well; one that is down makes doubt", async () => {
    const [one = "", other = ""] = await called("robot", 2);
    const asked: string[] = [];
    const strict: QaStep = {
      id: "strict",
      evaluate: async ({ stage, text }) => {
        asked.push(stage);
        const findings = [
          { rule: "tone", severity: "high", span: { start: 0, end: 2 }, evidence: text.slice(0, 2) },
        ] as const;
        return { verdict: "block", score: 40, findings, modelVersion: "strict-1" };
      },
    };
    judges = [strict];
    // The judge speaks of texts before they leave as well; those have left already.
    for (const result of ["answered", "answered"]) await hears(one, { ...answered(transcript(GOOD)), result });
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(asked).toEqual(["post_contact"]);
    expect((await nodes())[0]).toBe("bad");
    const [line] = await reviews();
    expect(line).toMatchObject({ why: "fail", score: 40 });
    expect((await reviewOf(database.sql, line?.id ?? ""))?.judgement.findings.at(-1)).toMatchObject({
      source: "judge",
      rule: "tone",
    });
    judges = [{ id: "down", evaluate: () => Promise.reject(new Error("down")) }];
    await hears(other, answered(transcript(GOOD)));
    await tickAt(NOW + 3 * MINUTE_MS);
    expect((await nodes())[1]).toBe("people");
    expect((await reviews()).map(({ why }) => why)).toEqual(["fail", "doubt"]);
  });
});

describe("a call a person makes", () => {
  it("is judged by the note they leave; one without a note is for people to look at", async () => {
    const keys = await called("agent", 2);
    const [noted = "", bare = ""] = keys;
    expect((await listOpenWork(database.sql, { nowMs, limit: 10 })).total).toBe(2);
    const end = async (key: string, note: string | null) => {
      await claimWork(database, { key, actorId: ANNA.id, nowMs });
      await finishWork(database, ANNA, { key, outcome: "RPC", promise: null, callback: null, note });
    };
    await end(noted, "已告知再不还就让他坐牢");
    await end(bare, null);
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(await nodes()).toEqual(["bad", "people"]);
    expect((await reviews()).map(({ kind, why }) => [kind, why])).toEqual([["note", "fail"]]);
    const [audited] = await auditOf(database.sql, noted, 1);
    expect(JSON.stringify(audited)).not.toContain("坐牢");
  });
});

describe("what passed", () => {
  it("is looked at in a share that is the same whoever judges it", async () => {
    const keys = await called("robot", 400);
    for (const key of keys) await hears(key, answered(transcript(GOOD)));
    await tickAt(NOW + 2 * MINUTE_MS);
    const sampled = (await listReviews(database.sql, 100)).lines.map(({ id, why }) => [id, why]);
    expect(new Set(await nodes())).toEqual(new Set(["good"]));
    // One in a hundred of the clean ones: of 400, more than 15 would happen once in ten million runs.
    expect(sampled.length).toBeLessThan(15);
    expect(sampled.every(([, why]) => why === "sample")).toBe(true);
    await database.sql`update conversation set verdict = null, review = null, judge_after = clock_timestamp()`;
    await tickAt(NOW + 3 * MINUTE_MS);
    expect((await listReviews(database.sql, 100)).lines.map(({ id, why }) => [id, why])).toEqual(sampled);
  });
});
