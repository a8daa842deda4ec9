import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { anAccount, aPhone } from "#engine/testing/builders";
import { ensureLogPartitions } from "../stores/log-partitions";
import { postgresStores } from "../stores/testing";
import { openTestDatabase, type TestDatabase } from "../testing";
import { fileOf, MANIFEST_FILE } from "./manifest";
import { restoreBackup } from "./restore-backup";
import { writeBackup } from "./write-backup";

const ACTOR = "actor_test";
/** Whatever a row may hold: line feeds, tabs, backslashes, the mark of a null, characters beyond the plane. */
const HARD = "a\nb\tc\\d \\N \r\n𠮷 '\"";
const MARCH = Date.UTC(2026, 2, 2);

let house: TestDatabase;
let folder: string;
let target: TestDatabase | null = null;

beforeAll(async () => {
  house = await openTestDatabase();
  const { given } = await postgresStores(house.database);
  const accounts = [anAccount("B1", { fields: { customer_name: HARD } }), anAccount("B2")];
  await given.accounts(
    accounts,
    accounts.map(({ partyId }) => aPhone(partyId)),
  );
  await ensureLogPartitions(house.database, MARCH);
  await house.database.sql`insert into decision (at, party_id, enrollment_id, ordinal, step_seq, node_id, code, facts)
    values ('2026-03-02', 'party_x', 'enr_x', 1, 1, 'n', 'c', '{}')`;
  await house.database.sql`insert into audit (at, actor_id, action, subject, detail)
    select now(), 'actor_x', 'x', 'x', jsonb_build_object('n', n) from generate_series(1, 20) n`;
});
afterAll(() => house.drop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "duecourse-backup-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await target?.drop();
  target = null;
});

async function aTarget(): Promise<TestDatabase> {
  target = await openTestDatabase();
  return target;
}
const backUp = async () => expect(await writeBackup(house.url, folder)).toMatchObject({ ok: true });
const codeOf = async (url: string) => {
  const result = await restoreBackup(url, folder, ACTOR);
  return result.ok ? "ok" : result.error[0]?.code;
};
/** Every row of a table as text, for comparing two databases. */
const rowsOf = async ({ database: { sql } }: TestDatabase, table: string) =>
  (await sql.unsafe<{ row: string }[]>(`select t::text as row from "${table}" t order by 1`)).map(({ row }) => row);

describe("a backup", () => {
  it("brings back every row as it was, the log's months and the next numbers", async () => {
    await backUp();
    const { database } = await aTarget();
    expect(await codeOf(database.url)).toBe("ok");
    if (target === null) throw new Error("no target");
    const tables = readdirSync(folder).flatMap((file) => (file.endsWith(".copy.gz") ? file.slice(0, -8) : []));
    expect(tables).toContain("contact_point");
    for (const table of tables) {
      if (table === "audit" || table === "recovery") continue;
      expect([table, await rowsOf(target, table)]).toEqual([table, await rowsOf(house, table)]);
    }
    const [name] = await database.sql<{ fields: object }[]>`select fields from account where account_no = 'B1'`;
    expect(name?.fields).toEqual({ customer_name: HARD });
    const months = await database.sql`select relname from pg_class where relname like 'decision_2026%' order by 1`;
    expect(months.length).toBeGreaterThan(2);
    const lies = await database.sql<{ month: string }[]>`select tableoid::regclass::text as month from decision`;
    expect(lies).toEqual([{ month: "decision_2026_03" }]);
    // Its own row about the restore is the next one, not one that was there.
    const audit = await database.sql<
      { id: number; action: string }[]
    >`select id, action from audit order by id desc limit 2`;
    expect(audit).toMatchObject([{ action: "recovery.begun" }, { action: "x" }]);
    const inForce = await database.sql`select 1 from recovery where lifted_at is null`;
    expect(inForce).toHaveLength(1);
  });

  it("goes into a database without any schema, too", async () => {
    await backUp();
    const { database } = await aTarget();
    await database.sql`drop schema drizzle cascade`;
    await database.sql`drop schema public cascade`;
    await database.sql`create schema public`;
    expect(await codeOf(database.url)).toBe("ok");
    expect(await database.sql`select account_no from account order by 1`).toEqual([
      { account_no: "B1" },
      { account_no: "B2" },
    ]);
  });

  it("is of one moment, whatever is written meanwhile, and nobody else may read it", async () => {
    const writing = writeBackup(house.url, folder);
    await house.database
      .sql`insert into audit (at, actor_id, action, subject, detail) values (now(), 'actor_x', 'x', 'x', '{}')`;
    const done = await writing;
    const audit = done.ok ? done.value.tables.find(({ name }) => name === "audit") : undefined;
    const lines =
      gunzipSync(readFileSync(join(folder, fileOf("audit"))))
        .toString()
        .split("\n").length - 1;
    expect(lines).toBe(audit?.rows);
    expect(statSync(join(folder, fileOf("audit"))).mode & 0o077).toBe(0);
    expect(await writeBackup(house.url, folder)).toMatchObject({ ok: false, error: [{ code: "backup.not-empty" }] });
  });
});

describe("a backup of a table that fills the driver's stream with its last rows", () => {
  // What the driver takes up at once, a few times over: somewhere among them a table ends with a full stream.
  it.each([20_000, 70_000, 140_000])("goes on with the next table after one of %i bytes", async (bytes) => {
    const { database } = house;
    await database.sql`insert into agency_batch (id, agency, kind, manifest, content, created_at)
      select 'batch_' || n, 'a', 'placement', '{}', repeat('x', 100), now() from generate_series(1, ${bytes / 100}::int) n`;
    await backUp();
    await database.sql`delete from agency_batch`;
  });
});

describe("what is not a sound backup, or no place for one, changes nothing", () => {
  const hostile: readonly (readonly [name: string, spoil: () => void, code: string])[] = [
    ["half a backup", () => rmSync(join(folder, MANIFEST_FILE)), "backup.unreadable"],
    ["a manifest that is no JSON", () => writeFileSync(join(folder, MANIFEST_FILE), "{"), "backup.unreadable"],
    ["a table that is missing", () => rmSync(join(folder, fileOf("account"))), "backup.damaged"],
    ["a file cut off", () => spoil("account", (text) => text.slice(0, 20)), "backup.damaged"],
    ["a row taken out", () => spoil("audit", (text) => text.slice(text.indexOf("\n") + 1)), "backup.damaged"],
    ["a letter changed", () => spoil("account", (text) => text.replace("B2", "B3")), "backup.damaged"],
    [
      "a table renamed to something worse",
      () => manifest((text) => text.replace('"account"', '"x; drop"')),
      "backup.unreadable",
    ],
    [
      "a bound that says more",
      () => manifest((text) => text.replace("TO (", "TO (now()); drop (")),
      "backup.unreadable",
    ],
    ["a newer format", () => manifest((text) => text.replace('"format": 1', '"format": 2')), "backup.newer"],
    [
      "another schema",
      () => manifest((text) => text.replace(/"migration": \d+/, '"migration": 5')),
      "restore.schema-differs",
    ],
  ];
  function spoil(table: string, change: (text: string) => string): void {
    const path = join(folder, fileOf(table));
    writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString())));
  }
  function manifest(change: (text: string) => string): void {
    const path = join(folder, MANIFEST_FILE);
    const text = readFileSync(path, "utf8");
    expect(change(text)).not.toBe(text);
    writeFileSync(path, change(text));
  }

  it.each(hostile)("%s", async (_name, spoilIt, code) => {
    await backUp();
    spoilIt();
    const { database } = await aTarget();
    expect(await codeOf(database.url)).toBe(code);
    expect(await database.sql`select 1 from account union all select 1 from recovery`).toHaveLength(0);
  });

  it("a database somebody uses", async () => {
    await backUp();
    const { database } = await aTarget();
    await database.sql`insert into party (id, customer_no, time_zone) values ('party_1', '1', 'Asia/Shanghai')`;
    expect(await codeOf(database.url)).toBe("restore.not-empty");
  });
});
