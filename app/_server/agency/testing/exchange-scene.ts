import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Database } from "#db";
import { saveAgency } from "#db/queries/agency";
import { applyReturn, type ReturnMode } from "#db/queries/agency-return";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import type { ReturnKind } from "#engine/agency/manifest";
import { type ReturnFile, readReturn } from "#engine/agency/read-return";
import { compileStrategy } from "#engine/compile/compile";
import type { AccountId } from "#engine/model/ids";
import { HOUR_MS, utcText } from "#engine/model/time";
import { placement } from "#engine/nodes/placement/node";
import { agencyFile } from "#engine/providers/agency-file/agency-file";
import { type DrawnSteps, drawnStrategy, PAST_DUE } from "#engine/run/testing/drawn-strategy";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { agencyReturn, type ReturnLines } from "#engine/testing/agency-return";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import { packOf } from "../../compose-packs";
import { runtimeOn } from "../../worker-runtime";
import { exportToAgencies } from "../exchange";
import { returnSetting } from "../receive-return";

export const ACTOR = "actor_test";
export const STRATEGY_ID = "strat_placing";
export const VERSION_ID = "ver_placing-1";
export const NOW = MONDAY_MORNING_MS;
export const ANN = anAccount("A-1", {
  fields: { customer_name: "欧阳𠮷", id_no: "110101199001011234", product_type: "cash-loan" },
});
export const BEN = anAccount("B-1");
const MADE_UP = anAccount("M-1");
export const ELIGIBLE = {
  code: "harbour",
  name: "Harbour",
  standing: {
    whitelisted: true,
    violation: false,
    contractUntil: "2026-12-31",
    evaluatedOn: "2025-09-01",
    trainedOn: "2025-09-01",
  },
} as const;
export const NARROW = { ...ELIGIBLE, code: "narrow", name: "Narrow & Sons" } as const;

const WAYS = ["returned", "recalled", "refused", "not-eligible", "blocked", "expired", "unknown"];
const leave = { type: "exit", data: { reason: "completed" }, to: {} };
const STEPS: DrawnSteps = {
  start: { type: "start", data: { when: PAST_DUE }, to: { enter: "placed" } },
  placed: {
    type: "placement",
    data: {
      ...placement.initial(),
      queue: "agencies",
      eligibleWhen: { fact: "dpd", operator: "greaterThanInclusive", value: 1 },
      recallRules: [{ id: "busy", when: { fact: "attempts.7d", operator: "greaterThanInclusive", value: 3 } }],
    },
    to: Object.fromEntries(WAYS.map((handle) => [handle, handle])),
  },
  ...Object.fromEntries(WAYS.map((handle) => [handle, leave])),
};

/** An agency reached somebody an hour ago. */
export const CALL = { at: utcText(NOW - HOUR_MS), channel: "agent", connected: "yes", conversed: "no" } as const;

/** A house that works with agencies: a database and an outbox of its own for each story, and what people and agencies do there. */
export function exchangeScene() {
  let house: TestDatabase;
  let database: Database;
  let stores: StoresUnderTest;
  let deps: RuntimeDeps;
  let folder: string;

  beforeAll(async () => {
    house = await openTestDatabase();
    database = house.database;
  });
  afterAll(() => house.drop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "outbox-"));
    stores = await postgresStores(database);
    await clockAt(NOW);
    deps = runtimeOn(database, { alarm: (code, ids) => expect.fail(`${code} ${JSON.stringify(ids)}`) });
    const real = { simulated: false } as const;
    await stores.given.accounts(
      [ANN, BEN, MADE_UP],
      [
        aPhone(ANN.partyId, { ...real, address: "+8613800138000" }),
        aPhone(BEN.partyId, { ...real, address: "+8613900139000", consent: { agent: "refused" } }),
        aPhone(MADE_UP.partyId),
      ],
    );
    const compiled = compileStrategy(drawnStrategy(STEPS), packOf("cn"));
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    const program = compiled.value;
    await stores.given.version({ versionId: VERSION_ID, strategyId: STRATEGY_ID, program });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const clockAt = (ms: number) =>
    database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(), anchor_virtual = to_timestamp(${ms} / 1000.0)`;
  async function tickAt(ms: number, times = 2) {
    await clockAt(ms);
    for (let round = 0; round < times; round += 1) await tickEngine(deps);
  }
  const outbox = () => agencyFile({ kind: "agency-file", outbox: folder });
  const exported = () => exportToAgencies(database, { outbox: outbox(), actorId: ACTOR });
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  const csvs = () => files().filter((text) => !text.startsWith("{"));

  /** Ann and Ben stand at the placement; somebody who does not exist does, too. */
  async function placed(accountIds: readonly AccountId[] | null = null) {
    await saveAgency(database, ELIGIBLE, ACTOR);
    await enrollAccounts(deps, { versionId: VERSION_ID, accountIds });
    await tickAt(NOW);
    return exported();
  }

  async function lineOf(account: typeof ANN) {
    const [row] = await database.sql<{ placement_batch: string; placement_line: number }[]>`
      select batch_id as placement_batch, line as placement_line from agency_placement where account_id = ${account.id}`;
    if (row === undefined) throw new Error("was not placed");
    return row;
  }

  function opened(kind: ReturnKind, lines: ReturnLines, about: { batch?: string; agency?: string } = {}): ReturnFile {
    const read = readReturn(agencyReturn(kind, lines, about));
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    return read.value;
  }
  const apply = (file: ReturnFile, mode: ReturnMode = "whole") =>
    applyReturn(database, { file, mode, actorId: ACTOR, ...returnSetting() });

  const standing = () =>
    database.sql<{ account_id: string; status: string; exit_label: string | null }[]>`
      select account_id, status, coalesce(exit_label, node_id) as exit_label from enrollment order by account_id`;
  const nodeOf = async (account: typeof ANN) =>
    (await database.sql<{ node_id: string }[]>`select node_id from enrollment where account_id = ${account.id}`)[0]
      ?.node_id;

  return {
    ...{ clockAt, tickAt, outbox, exported, csvs, files, placed, lineOf, opened, apply, standing, nodeOf },
    get database() {
      return database;
    },
    get stores() {
      return stores;
    },
    get deps() {
      return deps;
    },
    get folder() {
      return folder;
    },
  };
}
