import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { recordConsent } from "#db/queries/consent";
import { saveImport } from "#db/queries/import";
import { replyStore } from "#db/stores/reply-store";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { type Listening, startListening } from "#engine/providers/testing/child";
import { enrollAccounts } from "#engine/runtime/enroll";
import { anAccount, aPhone } from "#engine/testing/builders";
import { callingVersion } from "#engine/testing/live-story";
import { runtimeOn } from "./worker-runtime";

/** A real worker process, a message centre of its own, and somebody who writes back: what is heard, what follows, what is logged. */

/** The number the centre of the tests writes from. */
const NUMBER = "+8613800138001";
const NAME = "欧阳振华";

let house: TestDatabase;
let centre: Listening;
let folder: string;
const person = anAccount("R1", { fields: { customer_name: NAME } });
const phone = aPhone(person.partyId, { simulated: false, address: NUMBER });

beforeAll(async () => {
  house = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), "duecourse-replies-"));
  centre = await startListening(["engine/providers/testing/message-centre.mjs"], {});
  const { given } = await postgresStores(house.database);
  await given.accounts([person], [phone]);
  const version = callingVersion();
  await given.version(version);
  const deps = runtimeOn(house.database, { alarm: () => undefined });
  await enrollAccounts(deps, { versionId: version.versionId, accountIds: null });
  // A text that went to them before, so that their answer has something to answer.
  await house.database
    .sql`insert into contact_attempt (party_id, intent_key, account_id, enrollment_id, contact_point_id, channel,
      at, outcome, connected, conversed, cost_minor, currency)
    select party_id, id || ':9:1', account_id, id, ${phone.id}, 'sms', now() - interval '1 hour', null, false, false, 5, 'CNY'
    from enrollment`;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await centre.close();
  await house.drop();
});

const consentOf = async () => {
  const [row] = await house.database.sql<{ sms: string; robot: string }[]>`
    select consent ->> 'sms' as sms, consent ->> 'robot' as robot from contact_point where id = ${phone.id}`;
  return row;
};
const replies = () => house.database.sql`select data from inbox where type = 'reply.received'`;

const within = (ms: number, holds: () => Promise<unknown>) => vi.waitFor(holds, { timeout: ms, interval: 100 });

async function control(path: string, body: object = {}): Promise<{ readonly sessions: number }> {
  const port = /control on (\d+)/.exec(centre.said)?.[1];
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: JSON.stringify(body) });
  return (await answer.json()) as { readonly sessions: number };
}

/** A worker as it is run, with this centre for its text messages. What it printed, when it has ended. */
async function withWorker(work: () => Promise<void>): Promise<string> {
  const file = join(folder, "channels.json");
  const sms = {
    kind: "smpp",
    channel: "sms",
    host: "127.0.0.1",
    port: centre.port,
    systemId: "duecourse",
    password: "s3cret",
  };
  writeFileSync(file, JSON.stringify({ providers: { centre: { ...sms, source: { address: "10690000" } } } }));
  const env = { ...process.env, DATABASE_URL: house.url, DUECOURSE_CHANNELS_FILE: file };
  const worker = spawn(process.execPath, ["--import", "tsx", "app/_server/worker.ts"], { env });
  let printed = "";
  for (const stream of [worker.stdout, worker.stderr])
    stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  try {
    await within(60_000, async () => expect((await control("/_look")).sessions).toBeGreaterThan(0));
    await work();
  } finally {
    worker.kill("SIGTERM");
    await ended;
  }
  return printed;
}

describe("somebody who writes back", () => {
  it("is heard by the strategy, taken at their word, and stands nowhere in the log", async () => {
    const printed = await withWorker(async () => {
      await control("/_reply", { text: "今天还" });
      await within(30_000, async () => expect(await replies()).toHaveLength(1));
      expect(await consentOf()).toEqual({ sms: "granted", robot: "granted" });
      await control("/_reply", { text: "退订" });
      await within(30_000, async () => expect((await consentOf())?.sms).toBe("refused"));
    });
    // That channel and no other: the word was said to a text message.
    expect(await consentOf()).toEqual({ sms: "refused", robot: "granted" });
    expect(await replies()).toEqual([{ data: { channel: "sms" } }, { data: { channel: "sms" } }]);
    const audit = await house.database
      .sql`select actor_id, subject, detail from audit where action = 'consent.refused'`;
    expect(audit).toEqual([
      { actor_id: "actor_debtor", subject: phone.id, detail: { channel: "sms", by: "reply", integration: "centre" } },
    ]);
    const lines = printed.trim().split("\n");
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ name: "duecourse-worker" });
    for (const secret of [
      NAME,
      NUMBER,
      NUMBER.slice(1),
      NUMBER.slice(3),
      "退订",
      "今天还",
      "s3cret",
      person.customerNo,
    ])
      expect(printed).not.toContain(secret);
  }, 150_000);

  it("is heard once, however often the provider brings it", async () => {
    const store = replyStore(house.database);
    const before = (await replies()).length;
    const reply = { replyId: "twice", channel: "sms", from: NUMBER, isOptOut: true, atMs: Date.now() } as const;
    expect(await store.put("centre", [reply])).toBe(1);
    expect(await store.put("centre", [reply])).toBe(1);
    expect((await replies()).length).toBe(before + 1);
    expect(await house.database.sql`select 1 from audit where action = 'consent.refused'`).toHaveLength(1);
  });

  it("from a number nobody knows is counted as that", async () => {
    const reply = { replyId: "who", channel: "sms", from: "+8613900000000", isOptOut: true, atMs: Date.now() } as const;
    expect(await replyStore(house.database).put("centre", [reply])).toBe(0);
  });

  it("does not get their consent back by a file that knows nothing of it", async () => {
    await saveImport(house.database, {
      ...{ fileName: "a.csv", fileSha256: "0".repeat(64), mappingName: null, options: {}, rows: 1, rejectedRows: 0 },
      ...{ accounts: [person], contactPoints: [phone], rejected: [], synthetic: false, actorId: "actor_test" },
    });
    expect(await consentOf()).toEqual({ sms: "refused", robot: "granted" });
  });

  it("may agree again by their own word, and take it back again: the latest by its own time holds", async () => {
    const { database } = house;
    const saidAt = (hours: number) => Date.now() + hours * 3_600_000;
    const said = (given: boolean, hours: number) =>
      recordConsent(database, {
        ...{
          contactPointId: phone.id,
          channel: "sms",
          given,
          atMs: saidAt(hours),
          evidence: "rec-1",
          actorId: "actor_anna",
        },
      });
    const optsOut = (replyId: string, hours: number) =>
      replyStore(database).put("centre", [
        { replyId, channel: "sms", from: NUMBER, isOptOut: true, atMs: saidAt(hours) },
      ]);
    await database.sql`delete from channel_consent`;
    await optsOut("first", -10);
    // Said before they opted out, whenever it is recorded.
    expect(await said(true, -11)).toEqual({ ok: true, value: { holds: "refused" } });
    expect((await consentOf())?.sms).toBe("refused");
    expect(await said(true, -5)).toEqual({ ok: true, value: { holds: "granted" } });
    expect((await consentOf())?.sms).toBe("granted");
    // A message of before, that the provider brings late, is not their latest word.
    await optsOut("late", -6);
    expect((await consentOf())?.sms).toBe("granted");
    await optsOut("again", -1);
    expect((await consentOf())?.sms).toBe("refused");
    expect(await said(true, 1)).toMatchObject({ ok: false, error: [{ code: "consent.future" }] });
    expect(
      await recordConsent(database, {
        ...{
          contactPointId: phone.id,
          channel: "email",
          given: true,
          atMs: saidAt(-1),
          evidence: "x",
          actorId: "actor_anna",
        },
      }),
    ).toMatchObject({ ok: false, error: [{ code: "consent.other-channel" }] });
  });

  it("keeps what they agreed to by their own word unless a file says no", async () => {
    const { database } = house;
    const imports = (sms: "granted" | "refused" | undefined) => {
      const { sms: _, ...others } = phone.consent;
      const consent = sms === undefined ? others : { ...others, sms };
      return saveImport(database, {
        ...{ fileName: "b.csv", fileSha256: "1".repeat(64), mappingName: null, options: {}, rows: 1, rejectedRows: 0 },
        ...{ accounts: [person], contactPoints: [{ ...phone, consent }], rejected: [] },
        ...{ synthetic: false, actorId: "actor_test" },
      });
    };
    const agree = {
      contactPointId: phone.id,
      channel: "sms",
      given: true,
      evidence: "rec-2",
      actorId: "actor_anna",
    } as const;
    await recordConsent(database, { ...agree, atMs: Date.now() - 1000 });
    for (const [file, holds] of [
      [undefined, "granted"],
      ["refused", "refused"],
      ["granted", "granted"],
    ] as const) {
      await imports(file);
      expect((await consentOf())?.sms).toBe(holds);
    }
  });
});
