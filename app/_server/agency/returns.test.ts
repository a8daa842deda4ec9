import { describe, expect, it } from "vitest";
import { saveAgency } from "#db/queries/agency";
import { previewReturn } from "#db/queries/agency-return";
import { DAY_MS, MINUTE_MS, utcText } from "#engine/model/time";
import { returnSetting } from "./receive-return";
import { ACTOR, ANN, CALL, exchangeScene, NARROW, NOW } from "./testing/exchange-scene";

const scene = exchangeScene();
const { tickAt, exported, placed, lineOf, opened, apply, standing, nodeOf } = scene;

describe("what comes back", () => {
  it("counts an agency's calls at the gate and in the strategy's counters, and a rule that looks at them recalls", async () => {
    await placed();
    const lines = [1, 2, 3].map((n) => ({ ...CALL, ref: `c${n}`, number: "138 0013 8000" }));
    const file = opened(
      "activity",
      await Promise.all(lines.map(async (line) => ({ ...line, ...(await lineOf(ANN)) }))),
    );
    expect(await apply(file)).toMatchObject({ ok: true, value: { applied: 3, repeated: 0, rejected: 0 } });
    const seen = await scene.database.sql`select contact_point_id, channel, connected, source from outside_contact`;
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
    const file = opened("activity", [{ ...CALL, ref: "c1", ...(await lineOf(ANN)), result: "CMP" }]);
    await apply(file);
    expect(await scene.stores.look.holds()).toMatchObject([{ kind: "complaint", fromMs: NOW, untilMs: null }]);
    expect(await exported()).toMatchObject({ recalled: 1 });
  });

  it("is money in the ledger, once, and it ends the strategy as any payment does", async () => {
    await placed();
    const at = utcText(NOW);
    const paid = { ref: "p1", ...(await lineOf(ANN)), at, amount_minor: 100_000, currency: "CNY" };
    await apply(opened("payment", [paid]));
    await apply(opened("payment", [paid], { batch: "ret-2" }));
    await tickAt(NOW + MINUTE_MS);
    expect(await scene.stores.look.payments()).toEqual([{ id: "pay_agency:harbour:payment:p1", amountMinor: 100_000 }]);
    expect((await standing())[0]).toMatchObject({ status: "exited" });
  });

  it("is a consent on record, with its evidence and who told of it", async () => {
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
    const [row] = await scene.database.sql`select rules, channels, evidence, recorded_by from recorded_consent`;
    expect(row).toEqual({ rules: [rule], channels: ["agent"], evidence: "rec-7", recorded_by: "agency:harbour" });
  });

  it("changes nothing when it is told again, in the same file or among others", async () => {
    await placed();
    const line = { ...CALL, ref: "c1", ...(await lineOf(ANN)) };
    const file = opened("activity", [line, line]);
    expect(await apply(file)).toMatchObject({ ok: true, value: { applied: 1, repeated: 1, already: false } });
    expect(await apply(file)).toMatchObject({ ok: true, value: { applied: 1, repeated: 1, already: true } });
    const other = opened("activity", [line, { ...line, ref: "c2" }], { batch: "ret-2" });
    expect(await apply(other)).toMatchObject({ ok: true, value: { applied: 1, repeated: 1, already: false } });
    expect(await scene.database.sql`select 1 from outside_contact`).toHaveLength(2);
    const renamed = opened("activity", [{ ...line, ref: "c3" }], { batch: "ret-2" });
    expect(await apply(renamed)).toMatchObject({ ok: false, error: [{ code: "agency.return-differs" }] });
  });

  it("is all or nothing unless the good lines alone were chosen; what was wrong is kept with its line", async () => {
    await placed();
    const good = { ...CALL, ref: "c1", ...(await lineOf(ANN)) };
    const file = opened("activity", [good, { ...good, ref: "c2", placement_line: 99 }]);
    expect(await previewReturn(scene.database, file, returnSetting())).toMatchObject({
      ok: true,
      value: { rejected: 1 },
    });
    expect(await apply(file)).toMatchObject({
      ok: false,
      error: [
        { code: "agency.lines-rejected", params: { count: 1 } },
        { code: "agency.placement-unknown", line: 3 },
      ],
    });
    expect(await scene.database.sql`select 1 from outside_contact`).toHaveLength(0);
    expect(await apply(file, "partial")).toMatchObject({ ok: true, value: { applied: 1, rejected: 1 } });
    const issues = await scene.database.sql`select line, code, severity from agency_return_issue`;
    expect([...issues]).toEqual([{ line: 3, code: "agency.placement-unknown", severity: "error" }]);
  });

  it("of another agency, or of nobody, is not believed", async () => {
    await placed();
    const line = { ...CALL, ref: "c1", ...(await lineOf(ANN)) };
    expect(await apply(opened("activity", [line], { agency: "nobody" }))).toMatchObject({
      ok: false,
      error: [{ code: "agency.unknown-agency" }],
    });
    await saveAgency(scene.database, NARROW, ACTOR);
    expect(await apply(opened("activity", [line], { agency: "narrow" }))).toMatchObject({
      ok: false,
      error: [{ code: "agency.lines-rejected" }, { code: "agency.placement-unknown" }],
    });
  });

  it("is applied once when two people apply it at the same moment", async () => {
    await placed();
    const lines = [1, 2, 3].map((n) => ({ ...CALL, ref: `c${n}` }));
    const where = await lineOf(ANN);
    const file = opened(
      "activity",
      lines.map((line) => ({ ...line, ...where })),
    );
    const answers = await Promise.all([apply(file), apply(file), apply(file)]);
    expect(answers.map((answer) => answer.ok && answer.value.already).sort()).toEqual([false, true, true]);
    expect(await scene.database.sql`select 1 from outside_contact`).toHaveLength(3);
  });
});
