import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { saveAgency } from "#db/queries/agency";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import type { ReturnKind } from "#engine/agency/manifest";
import { utcText } from "#engine/model/time";
import { agencyReturn, type ReturnLines } from "#engine/testing/agency-return";
import { anAccount, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { dueHere, scratchFolder } from "../testing/scratch";

/** More than two statements of rows, so that there is a middle. */
const CALLS = 5000;
const WITHIN_MS = 60_000;
const ANN = anAccount("A-1");
const { pathOf, fileOf } = scratchFolder();

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
  process.env.DATABASE_URL = house.url;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  delete process.env.DUECOURSE_CHANNELS_FILE;
  await house.drop();
});
beforeEach(async () => {
  const stores = await postgresStores(house.database);
  await stores.given.accounts([ANN]);
  await saveAgency(house.database, { code: "harbour", name: "Harbour", standing: {} }, "actor_test");
  await house.database
    .sql`insert into agency_placement (party_id, batch_id, line, agency, account_id, enrollment_id, intent_key,
    placed_at) values (${ANN.partyId}, 'plc-1', 1, 'harbour', ${ANN.id}, 'enr_1', 'enr_1:3:1', '2026-03-01')`;
});

const CALL = {
  placement_batch: "plc-1",
  placement_line: 1,
  at: utcText(MONDAY_MORNING_MS),
  channel: "agent",
  connected: "yes",
  conversed: "no",
};
const calls = (count: number) => Array.from({ length: count }, (_, index) => ({ ...CALL, ref: `c${index + 1}` }));

/** A folder as an agency's carrier lays it down. */
function returned(name: string, kind: ReturnKind, lines: ReturnLines): string {
  const folder = pathOf(name);
  mkdirSync(folder, { recursive: true });
  const { manifest, csv } = agencyReturn(kind, lines, { batch: name });
  writeFileSync(join(folder, "manifest.json"), manifest);
  writeFileSync(join(folder, `${kind}.csv`), csv);
  return folder;
}

async function told(): Promise<readonly number[]> {
  const { sql } = house.database;
  const [row] = await sql<{ counts: number[] }[]>`select array[(select count(*) from outside_contact)::int,
    (select count(*) from agency_return_line)::int, (select count(*) from agency_return)::int] as counts`;
  return row?.counts ?? [];
}

describe("due agency import", () => {
  it("says what it would do, does it once, and says so when it was done before", async () => {
    const folder = returned("fine", "activity", calls(3));
    const dry = await dueHere(["agency", "import", folder, "--dry-run"]);
    expect([dry.exit, dry.json]).toMatchObject([0, { applied: 3, repeated: 0, rejected: 0, dryRun: true }]);
    expect(await told()).toEqual([0, 0, 0]);
    const first = await dueHere(["agency", "import", folder]);
    expect([first.exit, first.json]).toMatchObject([0, { kind: "activity", lines: 3, applied: 3, already: false }]);
    expect((await dueHere(["agency", "import", folder])).json).toMatchObject({ applied: 3, already: true });
    expect(await told()).toEqual([3, 3, 1]);
  });

  it("applies nothing while a line is wrong, or the good ones alone when told to", async () => {
    const folder = returned("wrong", "activity", [...calls(2), { ...CALL, ref: "c9", channel: "pigeon" }]);
    const whole = await dueHere(["agency", "import", folder]);
    expect(whole.exit).toBe(1);
    expect(whole.json.issues).toMatchObject([
      { code: "agency.lines-rejected", params: { count: 1 } },
      { code: "agency.cell-unreadable", line: 4, message: expect.stringContaining("channel") },
    ]);
    expect(await told()).toEqual([0, 0, 0]);
    const partial = await dueHere(["agency", "import", folder, "--partial"]);
    expect([partial.exit, partial.json]).toMatchObject([1, { applied: 2, rejected: 1 }]);
    expect(await told()).toEqual([2, 2, 1]);
  });

  it("takes no file that is not what its manifest says", async () => {
    const folder = returned("changed", "activity", calls(2));
    writeFileSync(join(folder, "activity.csv"), readFileSync(join(folder, "activity.csv"), "utf8").replace("c2", "c3"));
    const said = await dueHere(["agency", "import", folder]);
    expect([said.exit, said.json.issues[0].code]).toEqual([1, "agency.hash-differs"]);
    expect((await dueHere(["agency", "import", pathOf("nowhere")])).json.error.code).toBe("file.not-found");
    expect((await dueHere(["agency", "import"])).exit).toBe(2);
    expect((await dueHere(["agency", "lend", folder])).exit).toBe(2);
  });

  it("killed in the middle leaves nothing, and is done whole when it is called again", {
    timeout: 3 * WITHIN_MS,
  }, async () => {
    const folder = returned("killed", "activity", calls(CALLS));
    const { sql } = house.database;
    let child: ChildProcess | undefined;
    // Somebody holds the last line's place, so the import stands still with the lines before it written but not committed.
    await expect(
      sql.begin(async (holding) => {
        await holding`insert into outside_contact (party_id, id, channel, at, connected, conversed, source)
          values (${ANN.partyId}, ${`harbour:c${CALLS}`}, 'agent', '2026-03-01', false, false, 'test')`;
        child = spawn(process.execPath, ["--import", "tsx", "app/_cli/due.ts", "agency", "import", folder, "--json"], {
          env: { ...process.env, DATABASE_URL: house.url },
          stdio: "ignore",
        });
        await vi.waitUntil(() => waitingForIt(), { timeout: WITHIN_MS, interval: 50 });
        child.kill("SIGKILL");
        await once(child, "exit");
        throw new Error("let go");
      }),
    ).rejects.toThrow("let go");
    expect(child?.signalCode).toBe("SIGKILL");
    await vi.waitUntil(async () => !(await atWork()), { timeout: WITHIN_MS, interval: 50 });
    expect(await told()).toEqual([0, 0, 0]);
    expect((await dueHere(["agency", "import", folder])).json).toMatchObject({ applied: CALLS, already: false });
    expect(await told()).toEqual([CALLS, CALLS, 1]);
    expect((await dueHere(["agency", "import", folder])).json).toMatchObject({ already: true });
    const renamed = returned("killed-again", "activity", calls(CALLS));
    expect((await dueHere(["agency", "import", renamed])).json).toMatchObject({ applied: 0, repeated: CALLS });
    expect((await told())[0]).toBe(CALLS);
  });
});

/** The import under way waits for the row somebody holds. */
async function waitingForIt(): Promise<boolean> {
  const rows = await house.database.sql`select 1 from pg_stat_activity where datname = current_database()
    and application_name = 'duecourse-cli' and wait_event_type = 'Lock' and query like '%outside_contact%'`;
  return rows.length > 0;
}
async function atWork(): Promise<boolean> {
  const rows = await house.database.sql`select 1 from pg_stat_activity where datname = current_database()
    and application_name = 'duecourse-cli' and state <> 'idle'`;
  return rows.length > 0;
}

describe("due agency export", () => {
  it("says when no outbox is set up, and writes what must come back where one is", async () => {
    const none = await dueHere(["agency", "export"]);
    expect([none.exit, none.json.issues[0].code]).toEqual([1, "agency.no-outbox"]);
    const outbox = pathOf("outbox");
    mkdirSync(outbox);
    const config = { agencies: { kind: "agency-file", outbox } };
    process.env.DUECOURSE_CHANNELS_FILE = fileOf("channels.json", JSON.stringify(config));
    // Its strategy is gone, so the account must come back.
    const done = await dueHere(["agency", "export"]);
    expect([done.exit, done.json]).toMatchObject([
      0,
      { placed: 0, recalled: 1, written: [expect.stringMatching(/^rcl-harbour-/)] },
    ]);
    expect(readdirSync(join(outbox, "harbour", done.json.written[0])).sort()).toEqual(["manifest.json", "recalls.csv"]);
    expect((await dueHere(["providers"])).json.agencies).toEqual({ ok: true, problems: [] });
  });
});
