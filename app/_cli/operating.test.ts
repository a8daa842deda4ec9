import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureLogPartitions } from "#db/stores/log-partitions";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { dueHere } from "./testing/scratch";

/** What operators type when the house stands on its head. */

const DAY_MS = 86_400_000;

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());
beforeEach(() => {
  vi.stubEnv("DATABASE_URL", house.url);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("due experiment report", () => {
  const folder = mkdtempSync(join(tmpdir(), "duecourse-experiment-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const plan = join(folder, "plan.json");
  const metric = { better: "higher", windowDays: 10 };
  const planned = (column: string) =>
    writeFileSync(
      plan,
      JSON.stringify({
        key: "first-call",
        assignment: "hash-v2",
        method: "fixed",
        arms: ["champion", "challenger"].map((arm) => ({ arm, weight: 5000 })),
        metrics: [
          { ...metric, key: "paid-any", role: "goal", kind: "proportion", column },
          {
            ...metric,
            key: "paid",
            role: "secondary",
            kind: "mean",
            column: "paid",
            cap: { percentile: 0.9 },
            currency: "CNY",
          },
        ],
      }),
    );

  it("says the same as its rows do when they are analysed elsewhere", async () => {
    await house.database.sql`insert into arm_assignment (party_id, experiment_key, phase, arm, assigned_at)
      select 'party_x' || n, 'first-call', 1, case when n % 2 = 0 then 'champion' else 'challenger' end,
        timestamptz '2026-03-01T04:00:00Z' + (n % 28) * interval '1 day' from generate_series(1, 800) n`;
    await house.database
      .sql`insert into payment (id, party_id, account_id, amount_minor, currency, at, reversed, source)
      select 'pay_x' || n, 'party_x' || n, 'acct_x' || n, 10000 + n, 'CNY',
        timestamptz '2026-03-01T04:00:00Z' + (n % 28 + 3) * interval '1 day', false, 'import'
      from generate_series(1, 800) n where (n / 2) % (case when n % 2 = 0 then 4 else 2 end) = 0`;
    planned("paid_any");
    const rows = join(folder, "rows.csv");
    const own = await dueHere(["experiment", "report", "--plan", plan, "--until", "2026-04-30", "--out", rows]);
    expect([own.exit, own.json.verdict.code, own.json.people[0].exposed]).toEqual([0, "ship", 400]);
    const elsewhere = await dueHere(["experiment", "analyse", rows, "--plan", plan, "--until", "2026-04-30"]);
    expect(elsewhere.json.verdict).toEqual(own.json.verdict);
    for (const index of [0, 1]) {
      const { lift, p } = own.json.metrics[index].arms[0].finding;
      const other = elsewhere.json.metrics[index].arms[0].finding;
      expect(other.lift).toBeCloseTo(lift, 9);
      expect(other.p).toBeCloseTo(p, 9);
    }
  });

  it("names the columns it knows when a plan asks for another, and refuses a zone that is none", async () => {
    planned("mood");
    const { exit, json } = await dueHere(["experiment", "report", "--plan", plan]);
    expect([exit, json.issues[0].code, json.issues[0].params.column]).toEqual([1, "experiment.column-missing", "mood"]);
    expect(json.issues[0].params.known).toContain("paid_before");
    planned("paid_any");
    const zone = await dueHere(["experiment", "report", "--plan", plan, "--time-zone", "Mars/Olympus"]);
    expect([zone.exit, zone.json.error.code]).toEqual([2, "experiment.no-such-zone"]);
  });
});

describe("due letters", () => {
  beforeEach(async () => {
    await house.database.sql`truncate dead_letter`;
    await house.database
      .sql`insert into dead_letter (party_id, kind, subject, state, attempts, first_code, last_code, first_at, last_at)
      select 'party_1', kind, subject, 'open', 2, code, code, now(), now() from (values ('inbox', '11', 'inbox.unreadable'),
        ('inbox', '12', 'inbox.other'), ('intent', 'k', 'intent-incomplete')) as n(kind, subject, code)`;
  });
  const open = async () =>
    (
      await house.database.sql<{ subject: string }[]>`select subject from dead_letter where state = 'open' order by 1`
    ).map(({ subject }) => subject);

  it("lists what fits", async () => {
    const { exit, json } = await dueHere(["letters", "list", "--kind", "inbox", "--limit", "1"]);
    expect([exit, json.open, json.letters.length]).toEqual([0, 2, 1]);
    expect(json.letters[0]).toMatchObject({ kind: "inbox", attempts: 2 });
  });

  it("decides about what was chosen and nothing else; everything has to be said", async () => {
    expect((await dueHere(["letters", "skip"])).json.error.code).toBe("letters.choose");
    expect(await open()).toHaveLength(3);
    expect((await dueHere(["letters", "retry", "--code", "inbox.other"])).json).toMatchObject({ ok: true, count: 1 });
    expect(await open()).toEqual(["11", "k"]);
    expect((await dueHere(["letters", "skip", "--all"])).json).toMatchObject({ count: 2 });
    const audit = await house.database.sql`select action, actor_id from audit order by id desc limit 2`;
    expect(audit).toEqual([
      { action: "dead-letter.skip", actor_id: "actor_cli" },
      { action: "dead-letter.retry", actor_id: "actor_cli" },
    ]);
  });

  it("refuses a kind there is not, and a word it does not know", async () => {
    expect((await dueHere(["letters", "retry", "--kind", "post"])).exit).toBe(2);
    expect((await dueHere(["letters", "burn"])).exit).toBe(2);
  });
});

describe("due log drop", () => {
  const months = async () =>
    (
      await house.database.sql<{ name: string }[]>`select relname as name from pg_class
        where relname ~ '^decision_[0-9]{4}_[0-9]{2}$' order by 1`
    ).map(({ name }) => name);

  it("says what would go, drops it when that is meant, and leaves young months alone", async () => {
    const old = Date.now() - 800 * DAY_MS;
    await ensureLogPartitions(house.database, old);
    await ensureLogPartitions(house.database, Date.now());
    const [first = "", second = ""] = await months();
    const all = await months();
    const before = second.slice(-7).replace("_", "-");
    expect((await dueHere(["log", "drop", "--before", before])).json).toEqual({
      ...{ ok: true, dropped: false, months: [first.slice(-7).replace("_", "-")], keptByLaw: [] },
    });
    expect(await months()).toEqual(all);
    expect((await dueHere(["log", "drop", "--before", before, "--yes"])).json).toMatchObject({ dropped: true });
    expect(await months()).toEqual(all.slice(1));
    const young = new Date().toISOString().slice(0, 7);
    expect((await dueHere(["log", "drop", "--before", young, "--yes"])).json.error.code).toBe("log.too-young");
    expect((await dueHere(["log", "drop", "--before", "2024-13", "--yes"])).json.error.code).toBe("log.month");
    expect(await months()).toEqual(all.slice(1));
  });
});

describe("due backup and restore", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "duecourse-cli-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("goes all the way: backed up, restored elsewhere, looked at, lifted with a reason", async () => {
    await house.database.sql`insert into party (id, customer_no, time_zone) values ('party_z', 'Z', 'Asia/Shanghai')`;
    expect((await dueHere(["backup", "--to", folder])).json).toMatchObject({ ok: true, folder });
    expect((await dueHere(["restore", "--from", folder])).json.issues[0].code).toBe("restore.not-empty");
    const elsewhere = await openTestDatabase();
    try {
      vi.stubEnv("DATABASE_URL", elsewhere.url);
      expect((await dueHere(["restore"])).json).toEqual({ recovery: null });
      expect((await dueHere(["restore", "--from", folder])).json).toMatchObject({ ok: true });
      expect(await elsewhere.database.sql`select 1 from party where id = 'party_z'`).toHaveLength(1);
      await elsewhere.database.sql`update recovery set backup_engine_at = restored_engine_at - interval '1 hour'`;
      expect(await dueHere(["restore"])).toMatchObject({ exit: 1, json: { recovery: { asking: 0, done: false } } });
      expect((await dueHere(["restore", "--lift"])).exit).toBe(2);
      const lift = ["restore", "--lift", "--reason", "checked"];
      expect((await dueHere(lift)).json.issues[0].code).toBe("recovery.unfinished");
      expect((await dueHere([...lift, "--anyway"])).json).toEqual({ ok: true });
      expect((await dueHere(lift)).json.issues[0].code).toBe("recovery.none");
    } finally {
      await elsewhere.drop();
    }
  });

  it("begins the time after a restore that another tool made, from an instant that has passed", async () => {
    expect((await dueHere(["restore", "--begin", "--as-of", "tomorrow"])).json.error.code).toBe("restore.as-of");
    const asOf = new Date(Date.now() - DAY_MS).toISOString();
    expect((await dueHere(["restore", "--begin", "--as-of", asOf])).json).toEqual({ ok: true });
    expect((await dueHere(["restore"])).json.recovery.done).toBe(false);
  });
});
