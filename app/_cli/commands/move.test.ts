import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { listMigrations } from "#db/queries/migration";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { enrollAccounts } from "#engine/runtime/enroll";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { liveShell } from "#engine/testing/live-shell";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import { dueHere, scratchFolder } from "../testing/scratch";

const { fileOf } = scratchFolder();
const ANN = anAccount("A-1");
const OLD = callingVersion();

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
  vi.stubEnv("DATABASE_URL", house.database.url);
  const stores = await postgresStores(house.database);
  await stores.given.accounts([ANN], [aPhone(ANN.partyId)]);
  await stores.given.version(OLD);
  const { program } = OLD;
  await house.database
    .sql`insert into strategy_version (id, strategy_id, number, doc, doc_text, program, hash, content_hash,
    published_at, published_by) values ('ver_calling-2', ${OLD.strategyId}, 2, '{}', '{}',
    ${JSON.stringify(program)}::text::jsonb, 'h2', 'c2', now(), 'actor_test')`;
  const { deps } = liveShell({ stores, pack: STRICT_MARKET, fromMs: MONDAY_MORNING_MS, answer: () => null });
  await enrollAccounts(deps, { versionId: OLD.versionId, accountIds: [ANN.id] });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await house.drop();
});

const move = (...more: readonly string[]) =>
  dueHere(["move", OLD.program.strategyKey, "--from", "1", "--to", "2", ...more]);
const placed = () => listMigrations(house.database.sql, "strat_calling");

describe("due move", () => {
  test("shows what would become of whom, and writes nothing, with --dry-run", async () => {
    const said = await move("--dry-run");
    expect(said.exit).toBe(0);
    expect(said.json).toMatchObject({
      ok: true,
      id: null,
      groups: [{ nodeId: "call", accounts: 1, leaves: "contact", move: { act: "move", to: "call" } }],
    });
    expect(await placed()).toEqual([]);
  });

  test("refuses a plan that names steps nobody has, or that nobody can read", async () => {
    const wrong = fileOf("wrong.json", JSON.stringify({ steps: { call: { act: "move", to: "nowhere" } } }));
    const refused = await move("--plan", wrong, "--reason", "x");
    expect([refused.exit, refused.stdout.includes("migration.target-unknown")]).toEqual([1, true]);
    const garbled = await move("--plan", fileOf("garbled.json", "{"), "--reason", "x");
    expect([garbled.exit, garbled.stdout.includes("migration.plan-unreadable")]).toEqual([1, true]);
    expect((await move()).exit).toBe(2);
    expect(await placed()).toEqual([]);
  });

  test("places the move with its reason", async () => {
    const plan = fileOf("plan.json", JSON.stringify({ steps: { call: { act: "move", to: "patience" } } }));
    const said = await move("--plan", plan, "--reason", "gentler");
    expect(said.exit).toBe(0);
    expect(await placed()).toMatchObject([{ state: "running", reason: "gentler", placedBy: "actor_cli" }]);
    expect((await move("--reason", "again")).stdout).toContain("migration.running");
  });
});
