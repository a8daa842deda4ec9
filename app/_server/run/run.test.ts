import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { auditOf } from "#db/queries/audit";
import { recordOutsideContacts } from "#db/queries/outside-contact";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { deskAssumptions } from "#engine/desk/assumptions";
import { simulatedDesk } from "#engine/desk/simulated";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#engine/model/time";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { asking, enteringTo, handMadeProgram, LATE_ONES, LEAVE } from "#engine/testing/hand-made-program";
import { liveShell } from "#engine/testing/live-shell";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import { DEMO_ACTOR } from "../actor";
import { createCallerFactory } from "../trpc";
import { runRouter } from "./router";

const ANN = anAccount("A-1");
const ANNS_CAR = anAccount("A-2", { customerNo: "C-A-1" });
const PAUL = anAccount("P-1", { overdueSince: null, overdueMinor: 0 });
const CALLING = callingVersion();

const APPROVAL_COST = deskAssumptions.tasks.approval.costMinor;

/** A step of three parts: it looks, waits a day, then asks for an approval. */
const OF_PARTS = {
  versionId: "ver_parts-1",
  strategyId: "strat_parts",
  program: handMadeProgram(STRICT_MARKET, {
    rules: LATE_ONES,
    steps: {
      start: enteringTo("case"),
      case: {
        spec: { kind: "act", act: { act: "promise.close", result: "kept" }, next: "next" },
        handles: { next: "case/wait" },
      },
      "case/wait": {
        spec: {
          kind: "wait",
          wait: { mode: "duration", durationMs: DAY_MS },
          elapsed: "elapsed",
          happened: null,
          unknown: null,
        },
        handles: { elapsed: "case/ask" },
      },
      "case/ask": asking(
        { kind: "task", task: "approval", desk: { queue: "q", priority: 1, dueMs: DAY_MS }, details: {} },
        {},
        { otherwise: "done" },
      ),
      done: LEAVE,
    },
  }),
} as const;

let house: TestDatabase;
let stores: StoresUnderTest;
const caller = () => createCallerFactory(runRouter)({ database: house.database, actor: DEMO_ACTOR });
/** A shell on the same database, with answers the test gives. */
const shellAt = (fromMs: number, outcome: string) =>
  liveShell({ stores, pack: STRICT_MARKET, fromMs, answer: () => ({ outcome, delayMs: MINUTE_MS }) });

beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());
beforeEach(async () => {
  stores = await postgresStores(house.database);
  await stores.given.accounts([ANN, ANNS_CAR, PAUL], [aPhone(ANN.partyId)]);
  await stores.given.version(CALLING);
  await house.database.sql`truncate audit`;
  await house.database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${MONDAY_MORNING_MS} / 1000.0)`;
});

describe("running a published strategy", () => {
  it("makes it live, lets the eligible in and leaves an audit trail", async () => {
    const started = await caller().start({ versionId: CALLING.versionId });
    expect(started.counts).toMatchObject({ looked: 3, enrolled: 2, notEligible: 1 });
    const trail = await auditOf(house.database.sql, CALLING.strategyId, 10);
    expect(trail.map((entry) => [entry.actorId, entry.action])).toEqual([["actor_demo", "strategy.made-live"]]);
    const enrolled = await auditOf(house.database.sql, CALLING.versionId, 10);
    expect(enrolled.map((entry) => entry.action)).toEqual(["run.enrolled"]);
  });

  it("refuses a version that was never published", async () => {
    await expect(caller().start({ versionId: "ver_nothing-1" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("shows where accounts stand, what it cost and what came in while they stood there", async () => {
    await caller().start({ versionId: CALLING.versionId });
    const shell = shellAt(MONDAY_MORNING_MS, "RPC");
    await shell.runUntil(MONDAY_MORNING_MS + 5 * MINUTE_MS, MINUTE_MS);
    const { partyId, id: accountId } = ANN;
    const payment = { dedupeKey: "p1", partyId, accountId, enrollmentId: null, stepSeq: null, attempt: null };
    const atMs = MONDAY_MORNING_MS + 4 * MINUTE_MS;
    await stores.inbox.put([
      { ...payment, type: "payment.posted", atMs, data: { amountMinor: 100_000, source: "test" } },
    ]);
    await shell.tick();
    const { steps, summary, demoClock } = await caller().overview({ versionId: CALLING.versionId });
    expect(demoClock).toBe(true);
    expect(summary).toMatchObject({ enrolled: 2, byStatus: { active: 1, exited: 1 }, exits: { cured: 1 } });
    expect(steps.start).toMatchObject({ entered: 2, waiting: 0, leftLately: 2, faulted: 0 });
    expect(steps.start?.wentTo).toEqual({ call: { times: 2, lately: 2 } });
    expect(steps.call?.wentTo).toEqual({ patience: { times: 1, lately: 1 } });
    expect(steps.call).toMatchObject({ entered: 2, waiting: 1, contacts: 1, cost: [{ minor: 5, currency: "CNY" }] });
    expect(steps.patience).toMatchObject({ entered: 1, waiting: 0, recovered: [{ minor: 100_000, currency: "CNY" }] });
    const standing = await caller().accountsAtStep({ versionId: CALLING.versionId, nodeId: "call" });
    expect(standing.map((row) => row.accountNo)).toEqual(["A-2"]);
  });

  it("takes the parts of a step for the step: entered once, stood at, paid for", async () => {
    await stores.given.version(OF_PARTS);
    await caller().start({ versionId: OF_PARTS.versionId });
    const desk = simulatedDesk(3);
    const settings = { stores, pack: STRICT_MARKET, fromMs: MONDAY_MORNING_MS, answer: () => null };
    const shell = liveShell({ ...settings, isDemo: true, deskPort: () => desk });
    await shell.tick();
    const standing = () => caller().accountsAtStep({ versionId: OF_PARTS.versionId, nodeId: "case" });
    const enrolled = (await standing()).length;
    expect(enrolled).toBe(2);
    await shell.runUntil(MONDAY_MORNING_MS + 25 * HOUR_MS, HOUR_MS);
    const { steps } = await caller().overview({ versionId: OF_PARTS.versionId });
    expect(Object.keys(steps).filter((id) => id.includes("/"))).toEqual([]);
    expect(steps.case).toMatchObject({ entered: 2, contacts: 0 });
    // Parts lead among themselves; what is told is where accounts came from and went to on the canvas.
    for (const { wentTo } of Object.values(steps)) for (const to of Object.keys(wentTo)) expect(to).not.toContain("/");
    expect(steps.start?.wentTo.case).toEqual({ times: 2, lately: 2 });
    expect(steps.case?.wentTo.case).toBeUndefined();
    expect(steps.case?.waiting).toBe((await standing()).length);
    expect(steps.case?.cost).toEqual([{ minor: 2 * APPROVAL_COST, currency: "CNY" }]);
    const { entries } = await caller().accountHistory({ accountId: ANN.id });
    const task = entries.find((entry) => entry.kind === "contact");
    expect(task?.kind === "contact" && task.contact).toMatchObject({
      kind: "task",
      subject: "approval",
      contentId: null,
    });
  });

  it("shows contacts agencies made, at their time: those about the account, and those about no account in particular", async () => {
    const call = { channel: "agent", role: "self", outcome: null, connected: true, conversed: false } as const;
    const about = { contactPointId: null, partyId: ANN.partyId, source: "agency:harbour", ...call };
    await recordOutsideContacts(house.database.sql, [
      { ...about, id: "1", accountId: ANN.id, atMs: MONDAY_MORNING_MS },
      { ...about, id: "2", accountId: null, atMs: MONDAY_MORNING_MS + 1 },
      { ...about, id: "3", accountId: ANNS_CAR.id, atMs: MONDAY_MORNING_MS + 2 },
    ]);
    const { entries } = await caller().accountHistory({ accountId: ANN.id });
    expect(entries.map((entry) => entry.kind === "outside" && [entry.contact.id, entry.atMs])).toEqual([
      ["2", MONDAY_MORNING_MS + 1],
      ["1", MONDAY_MORNING_MS],
    ]);
  });

  it("tells one account's story with the reason of everything", async () => {
    await caller().start({ versionId: CALLING.versionId });
    await shellAt(MONDAY_MORNING_MS, "CMP").runUntil(MONDAY_MORNING_MS + 5 * MINUTE_MS, MINUTE_MS);
    const history = await caller().accountHistory({ accountId: ANN.id });
    expect(history.enrollments).toMatchObject([{ status: "exited", exit: "handed-to-people", versionNumber: 1 }]);
    expect(history.entries.map((entry) => entry.kind)).toEqual(expect.arrayContaining(["decision", "contact", "hold"]));
    expect(history.entries.map((entry) => entry.atMs)).toEqual(
      history.entries.map((entry) => entry.atMs).sort((a, b) => b - a),
    );
    const contact = history.entries.find((entry) => entry.kind === "contact");
    expect(contact?.kind === "contact" ? contact.contact : null).toMatchObject({
      state: "sent",
      outcome: "CMP",
      conversed: true,
    });
  });

  it("releases a hold once, by name, and the person's other loans go on with the time given back", async () => {
    await caller().start({ versionId: CALLING.versionId });
    const shell = shellAt(MONDAY_MORNING_MS, "CMP");
    await shell.runUntil(MONDAY_MORNING_MS + 5 * MINUTE_MS, MINUTE_MS);
    const [hold] = (await caller().accountHistory({ accountId: ANNS_CAR.id })).holds;
    await house.database
      .sql`update engine_clock set anchor_virtual = to_timestamp(${MONDAY_MORNING_MS + DAY_MS} / 1000.0)`;
    await caller().releaseHold({ holdId: hold?.id ?? "" });
    await expect(caller().releaseHold({ holdId: hold?.id ?? "" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await auditOf(house.database.sql, ANN.partyId, 10)).map((entry) => entry.action)).toEqual([
      "hold.released",
    ]);
    await shellAt(MONDAY_MORNING_MS + DAY_MS, "NA").tick();
    const [car] = (await caller().accountHistory({ accountId: ANNS_CAR.id })).enrollments;
    expect(car).toMatchObject({ status: "active", nodeId: "call" });
    expect(car?.wakeAtMs).toBeGreaterThan(MONDAY_MORNING_MS + 2 * DAY_MS + 23 * HOUR_MS);
  });

  it("places a hold by hand, says what it made overdue, and releases it as chosen", async () => {
    await caller().start({ versionId: CALLING.versionId });
    await shellAt(MONDAY_MORNING_MS, "NA").runUntil(MONDAY_MORNING_MS + 5 * MINUTE_MS, MINUTE_MS);
    const set = (atMs: number) =>
      house.database.sql`update engine_clock set anchor_virtual = to_timestamp(${atMs} / 1000.0)`;
    await set(MONDAY_MORNING_MS + 6 * MINUTE_MS);
    const given = { kind: "hardship", reason: "lost their job", evidence: "letter of 1 March" } as const;
    const hold = await caller().placeHold({ accountId: ANN.id, ...given });
    const other = await caller().placeHold({
      accountId: ANNS_CAR.id,
      kind: "manual",
      reason: "asked for time",
      forDays: 30,
    });
    expect(hold).toMatchObject({ ...given, partyId: ANN.partyId, untilMs: null });
    await shellAt(MONDAY_MORNING_MS + DAY_MS, "NA").tick();
    await set(MONDAY_MORNING_MS + DAY_MS);
    const first = await caller().releasePreview({ holdId: hold.id });
    expect(first.enrollments.map(({ accountNo, keptBy }) => [accountNo, keptBy])).toEqual([
      ["A-1", ["manual"]],
      ["A-2", ["manual"]],
    ]);
    await caller().releaseHold({ holdId: hold.id });
    const last = await caller().releasePreview({ holdId: other.id });
    const [ann, car] = last.enrollments;
    expect(ann).toMatchObject({ nodeId: "call", keptBy: [], open: null });
    // The second call was due an hour after the first; the hold held it for the rest of the day.
    expect(ann?.overdueMs).toBeGreaterThan(22 * HOUR_MS);
    expect((ann?.resumesAtMs ?? 0) - (ann?.dueAtMs ?? 0)).toBe(DAY_MS - 6 * MINUTE_MS);
    const choices = {
      [ann?.enrollmentId ?? ""]: { mode: "exit", reason: "handed-to-people" },
      [car?.enrollmentId ?? ""]: { mode: "re-evaluate" },
    } as const;
    await expect(
      caller().releaseHold({ holdId: other.id, choices: { enr_somebody: { mode: "resume" } } }),
    ).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await caller().releaseHold({ holdId: other.id, choices });
    const shell = shellAt(MONDAY_MORNING_MS + DAY_MS, "NA");
    await shell.tick();
    await shell.tick();
    const stands = async (accountId: typeof ANN.id) => (await caller().accountHistory({ accountId })).enrollments[0];
    expect(await stands(ANN.id)).toMatchObject({ status: "exited", exit: "handed-to-people" });
    expect(await stands(ANNS_CAR.id)).toMatchObject({ status: "active", nodeId: "call" });
    const audits = await auditOf(house.database.sql, ANN.partyId, 10);
    expect(audits.map(({ action }) => action)).toEqual([
      "hold.released",
      "hold.released",
      "hold.placed",
      "hold.placed",
    ]);
    expect(audits[0]?.detail).toMatchObject({ choices });
    expect(JSON.stringify(audits)).not.toContain("lost their job");
  });

  it("keeps to the choice when a hold is placed and released before any worker has looked", async () => {
    await caller().start({ versionId: CALLING.versionId });
    const hold = await caller().placeHold({ accountId: ANN.id, kind: "manual", reason: "a slip" });
    const [ann] = (await caller().releasePreview({ holdId: hold.id })).enrollments;
    const choices = { [ann?.enrollmentId ?? ""]: { mode: "exit", reason: "no-further-treatment" } } as const;
    await caller().releaseHold({ holdId: hold.id, choices });
    const shell = shellAt(MONDAY_MORNING_MS + DAY_MS, "NA");
    await house.database
      .sql`update engine_clock set anchor_virtual = to_timestamp(${MONDAY_MORNING_MS + DAY_MS} / 1000.0)`;
    await shell.tick();
    await shell.tick();
    const [left] = (await caller().accountHistory({ accountId: ANN.id })).enrollments;
    expect(left).toMatchObject({ status: "exited", exit: "no-further-treatment" });
  });

  it("shows what a move to another version would do, moves, and explains each decision by its version", async () => {
    await caller().start({ versionId: CALLING.versionId });
    await shellAt(MONDAY_MORNING_MS, "NA").runUntil(MONDAY_MORNING_MS + 5 * MINUTE_MS, MINUTE_MS);
    const { program } = CALLING;
    const next = { ...program, settings: { ...program.settings, horizonDays: 300 } };
    await house.database
      .sql`insert into strategy_version (id, strategy_id, number, doc, doc_text, program, hash, content_hash,
      published_at, published_by) values ('ver_calling-2', ${CALLING.strategyId}, 2, '{}', '{}',
      ${JSON.stringify(next)}::text::jsonb, 'h2', 'c2', now(), 'actor_test')`;
    const versions = { fromVersionId: CALLING.versionId, toVersionId: "ver_calling-2" } as const;
    const preview = await caller().previewMove(versions);
    expect(preview.groups).toMatchObject([{ nodeId: "call", accounts: 2, leaves: "contact", removed: false }]);
    const plan = { steps: { call: { act: "move", to: "patience" } } } as const;
    const reason = "the new version is gentler";
    await expect(
      caller().placeMove({ ...versions, reason, plan: { steps: { call: { act: "move", to: "start" } } } }),
    ).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(caller().previewMove({ ...versions, toVersionId: CALLING.versionId })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    const { id } = await caller().placeMove({ ...versions, plan, reason });
    await expect(caller().placeMove({ ...versions, plan, reason })).rejects.toMatchObject({ code: "CONFLICT" });
    await shellAt(MONDAY_MORNING_MS + 6 * MINUTE_MS, "NA").tick();
    expect(await caller().moves({ strategyId: "strat_calling" })).toMatchObject([
      { id, moved: 2, state: "done", reason },
    ]);
    await expect(caller().endMove({ id })).rejects.toMatchObject({ code: "CONFLICT" });
    const { entries, enrollments } = await caller().accountHistory({ accountId: ANN.id });
    expect(enrollments).toMatchObject([{ versionNumber: 2, nodeId: "patience" }]);
    const decided = entries.flatMap((entry) => (entry.kind === "decision" ? [entry.decision] : []));
    const of = (code: string) => decided.find((decision) => decision.code === code);
    expect(of("entered")?.versionId).toBe(CALLING.versionId);
    expect(of("migrated")?.versionId).toBe(CALLING.versionId);
    expect(of("waiting")?.versionId).toBe("ver_calling-2");
    const entered = of("entered");
    if (entered === undefined) throw new Error("nobody came in");
    const explained = await caller().explain({ enrollmentId: entered.enrollmentId, ordinal: entered.ordinal });
    expect(explained).toMatchObject({ versionNumber: 1, replay: { kind: "agrees" } });
    const figures = await caller().overview({ versionId: "ver_calling-2" });
    expect(figures.steps.patience).toMatchObject({ entered: 2, waiting: 2 });
    expect(figures.steps.call?.entered ?? 0).toBe(0);
    expect((await auditOf(house.database.sql, "strat_calling", 10)).map(({ action }) => action)).toContain(
      "migration.placed",
    );
  });

  it("pauses without dropping anybody", async () => {
    await caller().start({ versionId: CALLING.versionId });
    await caller().pause({ strategyId: "strat_calling", paused: true });
    const shell = shellAt(MONDAY_MORNING_MS, "RPC");
    await shell.runUntil(MONDAY_MORNING_MS + HOUR_MS, 10 * MINUTE_MS);
    expect(shell.sent).toEqual([]);
    await caller().pause({ strategyId: "strat_calling", paused: false });
    await shell.tick();
    expect(shell.sent).toHaveLength(1);
  });

  it("keeps the demo clock inside its bounds and does not go back in time", async () => {
    await expect(caller().setClock({ mode: "demo", ratio: 1e9 })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await house.database.sql`update engine_clock set anchor_virtual = clock_timestamp() + interval '1 day'`;
    await expect(caller().setClock({ mode: "real" })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  });

  it("explains a recorded decision, and says when the record was changed afterwards", async () => {
    await caller().start({ versionId: CALLING.versionId });
    const [entered] = (await caller().accountHistory({ accountId: ANN.id })).entries.filter(
      (entry) => entry.kind === "decision" && entry.decision.code === "entered",
    );
    if (entered?.kind !== "decision") throw new Error("nobody came in");
    const { enrollmentId, ordinal } = entered.decision;
    const explained = await caller().explain({ enrollmentId, ordinal });
    expect(explained.replay).toEqual({ kind: "agrees" });
    expect(explained.ruleSets[0]?.rules[0]).toMatchObject({ truth: "holds", condition: { kind: "leaf" } });
    expect(explained.strategy.programHash).toBe(CALLING.program.hash);
    await house.database
      .sql`update decision set handle = 'forged' where enrollment_id = ${enrollmentId} and ordinal = ${ordinal}`;
    expect((await caller().explain({ enrollmentId, ordinal })).replay).toMatchObject({ kind: "differs" });
    await expect(caller().explain({ enrollmentId, ordinal: 9999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
