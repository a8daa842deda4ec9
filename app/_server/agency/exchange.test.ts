import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { saveAgency } from "#db/queries/agency";
import { applyReturn, previewReturn, type ReturnMode } from "#db/queries/agency-return";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import type { ReturnKind } from "#engine/agency/manifest";
import { type ReturnFile, readReturn } from "#engine/agency/read-return";
import { compileStrategy } from "#engine/compile/compile";
import type { AccountId } from "#engine/model/ids";
import { DAY_MS, HOUR_MS, MINUTE_MS, utcText } from "#engine/model/time";
import { placement } from "#engine/nodes/placement/node";
import { agencyFile } from "#engine/providers/agency-file/agency-file";
import { type DrawnSteps, drawnStrategy, PAST_DUE } from "#engine/run/testing/drawn-strategy";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { agencyReturn, type ReturnLines } from "#engine/testing/agency-return";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import { packOf } from "../compose-packs";
import { runtimeOn } from "../worker-runtime";
import { callBackFor, exportRecalls, exportToAgencies } from "./exchange";
import { returnSetting } from "./receive-return";

const ACTOR = "actor_test";
const NOW = MONDAY_MORNING_MS;
const ANN = anAccount("A-1", {
  fields: { customer_name: "欧阳𠮷", id_no: "110101199001011234", product_type: "cash-loan" },
});
const BEN = anAccount("B-1");
const MADE_UP = anAccount("M-1");
const ELIGIBLE = {
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
const NARROW = { ...ELIGIBLE, code: "narrow", name: "Narrow & Sons" } as const;

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
  await stores.given.version({ versionId: "ver_placing-1", strategyId: "strat_placing", program });
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
  await enrollAccounts(deps, { versionId: "ver_placing-1", accountIds });
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

const call = { at: utcText(NOW - HOUR_MS), channel: "agent", connected: "yes", conversed: "no" };
const standing = () =>
  database.sql<{ account_id: string; status: string; exit_label: string | null }[]>`
    select account_id, status, coalesce(exit_label, node_id) as exit_label from enrollment order by account_id`;
const nodeOf = async (account: typeof ANN) =>
  (await database.sql<{ node_id: string }[]>`select node_id from enrollment where account_id = ${account.id}`)[0]
    ?.node_id;

describe("what goes out", () => {
  it("is real accounts, each once, with what an agency needs and no more", async () => {
    expect(await placed()).toMatchObject({ placed: 2, refused: 0, recalled: 0, issues: [] });
    const [csv = ""] = csvs();
    expect(csv).toContain("A-1,欧阳𠮷,'+8613800138000,CNY,100000,9,cash-loan,1,0.2,");
    // Ben said no to calls of people: the number stays here.
    expect(csv).toContain("B-1,测试客户,,CNY,100000,9,,1,0.2,");
    expect(csv).not.toMatch(/M-1|110101199001011234/);
    const before = files();
    expect(await exported()).toMatchObject({ placed: 0, refused: 0, recalled: 0, written: [] });
    expect(files()).toEqual(before);
    const kept = await database.sql`select 1 from agency_batch where content is not null`;
    expect(kept).toHaveLength(0);
  });

  it("is laid down again, the same bytes, after a writer died before it could say so", async () => {
    await placed();
    const before = files();
    const csv = csvs()[0] ?? "";
    await database.sql`update agency_batch set written_at = null, content = ${csv}`;
    expect(await exported()).toMatchObject({ issues: [], written: [expect.any(String)] });
    expect(files()).toEqual(before);
    await database.sql`update agency_batch set written_at = null, content = ${`${csv}X`}`;
    expect(await exported()).toMatchObject({ issues: [{ code: "agency.batch-differs" }], written: [] });
    expect(files()).toEqual(before);
  });

  it("waits when the outbox is gone, and loses nothing", async () => {
    const gone = agencyFile({ kind: "agency-file", outbox: join(folder, "gone") });
    await saveAgency(database, ELIGIBLE, ACTOR);
    await enrollAccounts(deps, { versionId: "ver_placing-1", accountIds: null });
    await tickAt(NOW);
    const lost = await exportToAgencies(database, { outbox: gone, actorId: ACTOR });
    expect(lost).toMatchObject({ placed: 2, written: [], issues: [{ code: "agency.outbox-unusable" }] });
    expect(await exported()).toMatchObject({ placed: 0, issues: [], written: [expect.any(String)] });
  });

  it.each([
    ["violation", { violation: true }, "no-violation"],
    ["contract over", { contractUntil: "2026-03-01" }, "contract-valid"],
    ["evaluated too long ago", { evaluatedOn: "2025-03-01" }, "evaluated"],
    ["training unknown", { trainedOn: undefined }, "trained"],
  ])("is nothing for an agency the law does not let have it: %s", async (_, wrong, demand) => {
    const standing = Object.fromEntries(
      Object.entries({ ...ELIGIBLE.standing, ...wrong }).filter(([, known]) => known !== undefined),
    );
    const refusal = [{ rule: "cn.agency", params: { demand } }];
    const reasonsOf = async () =>
      (
        await database.sql<{ reasons: unknown }[]>`select i.reasons from intent i
          join enrollment e on e.id = i.enrollment_id order by e.account_id`
      ).map(({ reasons }) => reasons);
    // Ann's placement was allowed when it was asked for, and the agency's standing changed before it was given out.
    await saveAgency(database, ELIGIBLE, ACTOR);
    await enrollAccounts(deps, { versionId: "ver_placing-1", accountIds: [ANN.id] });
    await tickAt(NOW);
    await saveAgency(database, { ...ELIGIBLE, standing }, ACTOR);
    await enrollAccounts(deps, { versionId: "ver_placing-1", accountIds: [BEN.id] });
    await tickAt(NOW);
    expect(await exported()).toMatchObject({ placed: 0, refused: 1 });
    expect(await reasonsOf()).toMatchObject([refusal, refusal]);
    await tickAt(NOW + MINUTE_MS);
    expect([await nodeOf(ANN), await nodeOf(BEN)]).toEqual(["blocked", "blocked"]);
    expect(await exported()).toMatchObject({ placed: 0, refused: 0 });
  });

  it("goes to the agency that has least in hand, and never to one that may not have it", async () => {
    await saveAgency(database, NARROW, ACTOR);
    await saveAgency(
      database,
      { code: "banned", name: "Banned", standing: { ...ELIGIBLE.standing, violation: true } },
      ACTOR,
    );
    await placed();
    const rows =
      await database.sql`select agency, count(*)::int as count from agency_placement group by agency order by agency`;
    expect([...rows]).toEqual([
      { agency: "harbour", count: 1 },
      { agency: "narrow", count: 1 },
    ]);
  });

  it("is nothing while no agency is known", async () => {
    await enrollAccounts(deps, { versionId: "ver_placing-1", accountIds: [ANN.id] });
    await tickAt(NOW);
    expect(await exported()).toMatchObject({ placed: 0, refused: 0, waiting: 0 });
    await tickAt(NOW + MINUTE_MS);
    expect(await nodeOf(ANN)).toBe("blocked");
  });

  it("is nothing for a held person", async () => {
    await saveAgency(database, ELIGIBLE, ACTOR);
    await enrollAccounts(deps, { versionId: "ver_placing-1", accountIds: null });
    await tickAt(NOW);
    await stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: NOW, untilMs: NOW + DAY_MS });
    expect(await exported()).toMatchObject({ placed: 1, waiting: 0 });
    await clockAt(NOW + DAY_MS);
    expect(await exported()).toMatchObject({ placed: 1 });
  });
});

describe("a pause", () => {
  it("keeps everything from being given out, and nothing from being called back", async () => {
    await placed([ANN.id]);
    await enrollAccounts(deps, { versionId: "ver_placing-1", accountIds: [BEN.id] });
    await tickAt(NOW);
    await stores.given.paused("strat_placing", true);
    await stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: NOW, untilMs: null });
    expect(await exported()).toMatchObject({ placed: 0, waiting: 0, recalled: 1 });
    await stores.given.paused("strat_placing", false);
    expect(await exported()).toMatchObject({ placed: 1, recalled: 0 });
  });
});

describe("what must come back", () => {
  it("is called back when the person is held, once, and the step hears of it when the agency says so", async () => {
    await placed();
    await stores.given.hold(ANN.partyId, { id: "hold_1", kind: "deceased", fromMs: NOW, untilMs: null });
    expect(await exportRecalls(database, { outbox: outbox(), actorId: ACTOR })).toMatchObject({
      recalled: 1,
      issues: [],
    });
    expect(await exported()).toMatchObject({ recalled: 0 });
    const recall = csvs().find((csv) => csv.includes("reason")) ?? "";
    expect(recall).toContain(",A-1,hold\r\n");
    expect(recall).not.toContain("deceased");
    await tickAt(NOW + HOUR_MS);
    expect(await nodeOf(ANN)).toBe("placed/placed");
    const back = opened("acknowledgement", [
      { ref: "b1", ...(await lineOf(ANN)), at: utcText(NOW + HOUR_MS), event: "recalled" },
    ]);
    expect(await apply(back)).toMatchObject({ ok: true, value: { applied: 1 } });
    await tickAt(NOW + HOUR_MS);
    expect(await nodeOf(ANN)).toBe("recalled");
  });

  it("is called back by a worker that nobody asked, which says by its code what stands in the way", async () => {
    await placed();
    await stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: NOW, untilMs: null });
    const warned: object[] = [];
    const log = { warn: (fields: object) => warned.push(fields) };
    const callBack = (path: string) => callBackFor(database, { agencies: { kind: "agency-file", outbox: path } }, log);
    await callBack(join(folder, "gone"))?.();
    expect([warned, csvs()]).toMatchObject([[{ code: "agency.outbox-unusable", reason: "ENOENT" }], { length: 1 }]);
    await callBack(folder)?.();
    expect([warned, csvs()]).toMatchObject([{ length: 1 }, { length: 2 }]);
    const trail = await database.sql`select actor_id from audit where action = 'agency.exported' order by id`;
    expect([...trail].map((row) => row.actor_id)).toContain("actor_engine");
    expect(callBackFor(database, {}, log)).toBeNull();
  });

  it("is called back when its strategy leaves the step, and the agency's answer disturbs nobody any more", async () => {
    await placed();
    await database.sql`insert into inbox (dedupe_key, party_id, account_id, type, at, data) values ('p', ${ANN.partyId}, ${ANN.id},
      'payment.posted', to_timestamp(${NOW} / 1000.0), '{"amountMinor":100000,"source":"test"}')`;
    await tickAt(NOW + MINUTE_MS);
    expect(await standing()).toMatchObject([{ status: "exited" }, { status: "active" }, { status: "active" }]);
    expect(await exported()).toMatchObject({ recalled: 1 });
    expect(csvs().some((csv) => csv.includes(",A-1,withdrawn\r\n"))).toBe(true);
    const back = opened("acknowledgement", [
      { ref: "b1", ...(await lineOf(ANN)), at: utcText(NOW), event: "recalled" },
    ]);
    expect(await apply(back)).toMatchObject({ ok: true });
    expect(
      await database.sql`select 1 from inbox where type = 'task.completed' and account_id = ${ANN.id}`,
    ).toHaveLength(0);
  });
});

describe("what comes back", () => {
  it("counts an agency's calls at the gate and in the strategy's counters, and a rule that looks at them recalls", async () => {
    await placed();
    const lines = [1, 2, 3].map((n) => ({ ...call, ref: `c${n}`, number: "138 0013 8000" }));
    const file = opened(
      "activity",
      await Promise.all(lines.map(async (line) => ({ ...line, ...(await lineOf(ANN)) }))),
    );
    expect(await apply(file)).toMatchObject({ ok: true, value: { applied: 3, repeated: 0, rejected: 0 } });
    const seen = await database.sql`select contact_point_id, channel, connected, source from outside_contact`;
    expect([...seen]).toEqual(
      [1, 2, 3].map(() => ({
        contact_point_id: `cp_C-A-1`,
        channel: "agent",
        connected: true,
        source: "agency:harbour",
      })),
    );
    await tickAt(NOW + MINUTE_MS);
    expect(await nodeOf(ANN)).toBe("recalled");
    expect(await exported()).toMatchObject({ recalled: 1 });
  });

  it("is a complaint the agency heard: everything about the person stands still, and the account is called back", async () => {
    await placed();
    const file = opened("activity", [{ ...call, ref: "c1", ...(await lineOf(ANN)), result: "CMP" }]);
    await apply(file);
    expect(await stores.look.holds()).toMatchObject([{ kind: "complaint", fromMs: NOW, untilMs: null }]);
    expect(await exported()).toMatchObject({ recalled: 1 });
  });

  it("is money in the ledger, once, and it ends the strategy as any payment does", async () => {
    await placed();
    const at = utcText(NOW);
    const paid = { ref: "p1", ...(await lineOf(ANN)), at, amount_minor: 100_000, currency: "CNY" };
    await apply(opened("payment", [paid]));
    await apply(opened("payment", [paid], { batch: "ret-2" }));
    await tickAt(NOW + MINUTE_MS);
    expect(await stores.look.payments()).toEqual([{ id: "pay_agency:harbour:payment:p1", amountMinor: 100_000 }]);
    expect((await standing())[0]).toMatchObject({ status: "exited" });
  });

  it("is a consent the gate is shown", async () => {
    await placed();
    const consent = {
      rules: "cn.conv3",
      channels: "agent",
      from: utcText(NOW),
      until: utcText(NOW + 30 * DAY_MS),
      evidence: "rec-7",
    };
    const rule = [...returnSetting().rules][0] ?? "";
    expect(
      await apply(opened("consent", [{ ref: "k1", ...(await lineOf(ANN)), ...consent, rules: rule }])),
    ).toMatchObject({ ok: true });
    const [row] = await database.sql`select rules, channels, evidence, recorded_by from recorded_consent`;
    expect(row).toEqual({ rules: [rule], channels: ["agent"], evidence: "rec-7", recorded_by: "agency:harbour" });
  });

  it("changes nothing when it is told again, in the same file or among others", async () => {
    await placed();
    const line = { ...call, ref: "c1", ...(await lineOf(ANN)) };
    const file = opened("activity", [line, line]);
    expect(await apply(file)).toMatchObject({ ok: true, value: { applied: 1, repeated: 1, already: false } });
    expect(await apply(file)).toMatchObject({ ok: true, value: { applied: 1, repeated: 1, already: true } });
    const other = opened("activity", [line, { ...line, ref: "c2" }], { batch: "ret-2" });
    expect(await apply(other)).toMatchObject({ ok: true, value: { applied: 1, repeated: 1, already: false } });
    expect(await database.sql`select 1 from outside_contact`).toHaveLength(2);
    const renamed = opened("activity", [{ ...line, ref: "c3" }], { batch: "ret-2" });
    expect(await apply(renamed)).toMatchObject({ ok: false, error: [{ code: "agency.return-differs" }] });
  });

  it("is all or nothing unless the good lines alone were chosen; what was wrong is kept with its line", async () => {
    await placed();
    const good = { ...call, ref: "c1", ...(await lineOf(ANN)) };
    const file = opened("activity", [good, { ...good, ref: "c2", placement_line: 99 }]);
    expect(await previewReturn(database, file, returnSetting())).toMatchObject({ ok: true, value: { rejected: 1 } });
    expect(await apply(file)).toMatchObject({
      ok: false,
      error: [
        { code: "agency.lines-rejected", params: { count: 1 } },
        { code: "agency.placement-unknown", line: 3 },
      ],
    });
    expect(await database.sql`select 1 from outside_contact`).toHaveLength(0);
    expect(await apply(file, "partial")).toMatchObject({ ok: true, value: { applied: 1, rejected: 1 } });
    const issues = await database.sql`select line, code, severity from agency_return_issue`;
    expect([...issues]).toEqual([{ line: 3, code: "agency.placement-unknown", severity: "error" }]);
  });

  it("of another agency, or of nobody, is not believed", async () => {
    await placed();
    const line = { ...call, ref: "c1", ...(await lineOf(ANN)) };
    expect(await apply(opened("activity", [line], { agency: "nobody" }))).toMatchObject({
      ok: false,
      error: [{ code: "agency.unknown-agency" }],
    });
    await saveAgency(database, NARROW, ACTOR);
    expect(await apply(opened("activity", [line], { agency: "narrow" }))).toMatchObject({
      ok: false,
      error: [{ code: "agency.lines-rejected" }, { code: "agency.placement-unknown" }],
    });
  });

  it("is applied once when two people apply it at the same moment", async () => {
    await placed();
    const lines = [1, 2, 3].map((n) => ({ ...call, ref: `c${n}` }));
    const where = await lineOf(ANN);
    const file = opened(
      "activity",
      lines.map((line) => ({ ...line, ...where })),
    );
    const answers = await Promise.all([apply(file), apply(file), apply(file)]);
    expect(answers.map((answer) => answer.ok && answer.value.already).sort()).toEqual([false, true, true]);
    expect(await database.sql`select 1 from outside_contact`).toHaveLength(3);
  });
});
