import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { saveAgency } from "#db/queries/agency";
import { DAY_MS, HOUR_MS, MINUTE_MS, utcText } from "#engine/model/time";
import { agencyFile } from "#engine/providers/agency-file/agency-file";
import { enrollAccounts } from "#engine/runtime/enroll";
import { callBackFor, exportRecalls, exportToAgencies } from "./exchange";
import {
  ACTOR,
  ANN,
  BEN,
  ELIGIBLE,
  exchangeScene,
  NARROW,
  NOW,
  STRATEGY_ID,
  VERSION_ID,
} from "./testing/exchange-scene";

const scene = exchangeScene();
const { clockAt, tickAt, outbox, exported, csvs, files, placed, lineOf, opened, apply, standing, nodeOf } = scene;

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
    const kept = await scene.database.sql`select 1 from agency_batch where content is not null`;
    expect(kept).toHaveLength(0);
  });

  it("is laid down again, the same bytes, after a writer died before it could say so", async () => {
    await placed();
    const before = files();
    const csv = csvs()[0] ?? "";
    await scene.database.sql`update agency_batch set written_at = null, content = ${csv}`;
    expect(await exported()).toMatchObject({ issues: [], written: [expect.any(String)] });
    expect(files()).toEqual(before);
    await scene.database.sql`update agency_batch set written_at = null, content = ${`${csv}X`}`;
    expect(await exported()).toMatchObject({ issues: [{ code: "agency.batch-differs" }], written: [] });
    expect(files()).toEqual(before);
  });

  it("waits when the outbox is gone, and loses nothing", async () => {
    const gone = agencyFile({ kind: "agency-file", outbox: join(scene.folder, "gone") });
    await saveAgency(scene.database, ELIGIBLE, ACTOR);
    await enrollAccounts(scene.deps, { versionId: VERSION_ID, accountIds: null });
    await tickAt(NOW);
    const lost = await exportToAgencies(scene.database, { outbox: gone, actorId: ACTOR });
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
        await scene.database.sql<{ reasons: unknown }[]>`select i.reasons from intent i
          join enrollment e on e.id = i.enrollment_id order by e.account_id`
      ).map(({ reasons }) => reasons);
    // Ann's placement was allowed when it was asked for, and the agency's standing changed before it was given out.
    await saveAgency(scene.database, ELIGIBLE, ACTOR);
    await enrollAccounts(scene.deps, { versionId: VERSION_ID, accountIds: [ANN.id] });
    await tickAt(NOW);
    await saveAgency(scene.database, { ...ELIGIBLE, standing }, ACTOR);
    await enrollAccounts(scene.deps, { versionId: VERSION_ID, accountIds: [BEN.id] });
    await tickAt(NOW);
    expect(await exported()).toMatchObject({ placed: 0, refused: 1 });
    expect(await reasonsOf()).toMatchObject([refusal, refusal]);
    await tickAt(NOW + MINUTE_MS);
    expect([await nodeOf(ANN), await nodeOf(BEN)]).toEqual(["blocked", "blocked"]);
    expect(await exported()).toMatchObject({ placed: 0, refused: 0 });
  });

  it("goes to the agency that has least in hand, and never to one that may not have it", async () => {
    await saveAgency(scene.database, NARROW, ACTOR);
    await saveAgency(
      scene.database,
      { code: "banned", name: "Banned", standing: { ...ELIGIBLE.standing, violation: true } },
      ACTOR,
    );
    await placed();
    const rows = await scene.database
      .sql`select agency, count(*)::int as count from agency_placement group by agency order by agency`;
    expect([...rows]).toEqual([
      { agency: "harbour", count: 1 },
      { agency: "narrow", count: 1 },
    ]);
  });

  it("is nothing while no agency is known", async () => {
    await enrollAccounts(scene.deps, { versionId: VERSION_ID, accountIds: [ANN.id] });
    await tickAt(NOW);
    expect(await exported()).toMatchObject({ placed: 0, refused: 0, waiting: 0 });
    await tickAt(NOW + MINUTE_MS);
    expect(await nodeOf(ANN)).toBe("blocked");
  });

  it("is nothing for a held person", async () => {
    await saveAgency(scene.database, ELIGIBLE, ACTOR);
    await enrollAccounts(scene.deps, { versionId: VERSION_ID, accountIds: null });
    await tickAt(NOW);
    await scene.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: NOW, untilMs: NOW + DAY_MS });
    expect(await exported()).toMatchObject({ placed: 1, waiting: 0 });
    await clockAt(NOW + DAY_MS);
    expect(await exported()).toMatchObject({ placed: 1 });
  });
});

describe("a pause", () => {
  it("keeps everything from being given out, and nothing from being called back", async () => {
    await placed([ANN.id]);
    await enrollAccounts(scene.deps, { versionId: VERSION_ID, accountIds: [BEN.id] });
    await tickAt(NOW);
    await scene.stores.given.paused(STRATEGY_ID, true);
    await scene.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: NOW, untilMs: null });
    expect(await exported()).toMatchObject({ placed: 0, waiting: 0, recalled: 1 });
    await scene.stores.given.paused(STRATEGY_ID, false);
    expect(await exported()).toMatchObject({ placed: 1, recalled: 0 });
  });
});

describe("what must come back", () => {
  it("is called back when the person is held, once, and the step hears of it when the agency says so", async () => {
    await placed();
    await scene.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "deceased", fromMs: NOW, untilMs: null });
    expect(await exportRecalls(scene.database, { outbox: outbox(), actorId: ACTOR })).toMatchObject({
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
    await scene.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: NOW, untilMs: null });
    const warned: object[] = [];
    const log = { warn: (fields: object) => warned.push(fields) };
    const callBack = (path: string) =>
      callBackFor(scene.database, { agencies: { kind: "agency-file", outbox: path } }, log);
    await callBack(join(scene.folder, "gone"))?.();
    expect([warned, csvs()]).toMatchObject([[{ code: "agency.outbox-unusable", reason: "ENOENT" }], { length: 1 }]);
    await callBack(scene.folder)?.();
    expect([warned, csvs()]).toMatchObject([{ length: 1 }, { length: 2 }]);
    const trail = await scene.database.sql`select actor_id from audit where action = 'agency.exported' order by id`;
    expect([...trail].map((row) => row.actor_id)).toContain("actor_engine");
    expect(callBackFor(scene.database, {}, log)).toBeNull();
  });

  it("is called back when its strategy leaves the step, and the agency's answer disturbs nobody any more", async () => {
    await placed();
    await scene.database
      .sql`insert into inbox (dedupe_key, party_id, account_id, type, at, data) values ('p', ${ANN.partyId}, ${ANN.id},
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
      await scene.database.sql`select 1 from inbox where type = 'task.completed' and account_id = ${ANN.id}`,
    ).toHaveLength(0);
  });
});
