import { describe, expect, it } from "vitest";
import { simulatedDesk, simulatedExternal } from "../desk/simulated";
import { DAY_MS, HOUR_MS, localDate, MINUTE_MS } from "../model/time";
import type { DeskPort } from "../ports/desk";
import type { DecisionReply, DecisionRequest, ExternalPort } from "../ports/external";
import { simulate } from "../simulate/simulate";
import { aPhone, SHANGHAI } from "../testing/builders";
import { ANN, ANNS_CAR, MONDAY, says } from "../testing/live-run";
import type { LiveSettings } from "../testing/live-shell";
import { memoryStores } from "../testing/memory-stores";
import { aWorkRun, versionOf, WORK_MARKET } from "../testing/work-run";
import {
  APPROVED_PLACEMENT,
  CHECKED_CALL,
  DISPUTE_CASE,
  FIVE_DAYS_OFF,
  RECALLED,
  SCORED_OUTSIDE,
} from "../testing/work-stories";
import { enrollmentIdOf } from "./enroll";

/** People who exist: nothing simulated may be done about them. */
const REAL = { simulated: false } as const;

describe("work for people", () => {
  it("lies open in the house until somebody does it, and then the strategy goes on", async () => {
    const { shell, enroll, ends, at, stores } = await aWorkRun(APPROVED_PLACEMENT);
    await enroll(ANN);
    await shell.runUntil(MONDAY + 2 * DAY_MS, HOUR_MS);
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent"]);
    expect(await stores.look.attempts()).toEqual([]);
    await ends("2:1", "approved", { atMs: MONDAY + 2 * DAY_MS });
    await shell.runUntil(MONDAY + 2 * DAY_MS + HOUR_MS, HOUR_MS);
    expect((await at())?.nodeId).toBe("place");
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent", "sent"]);
  });

  it("that nobody does expires, visibly, and is called back", async () => {
    const { shell, enroll, story, at, stores } = await aWorkRun(APPROVED_PLACEMENT);
    await enroll(ANN);
    await shell.runUntil(MONDAY + 8 * DAY_MS, 6 * HOUR_MS);
    expect(await story()).toContainEqual("ask: expired");
    expect((await at())?.exit?.reason).toBe("handed-to-people");
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["cancelled"]);
  });

  it("is not begun in the night of policy, but at once: nobody is contacted by it", async () => {
    const night = MONDAY - 11 * HOUR_MS;
    const { shell, enroll, stores } = await aWorkRun(APPROVED_PLACEMENT, { fromMs: night });
    await enroll(ANN);
    await shell.tick();
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent"]);
  });

  it("is done by a simulated desk on the demo's clock for people who do not exist, and by nobody else", async () => {
    const states = async (settings: Partial<LiveSettings>) => {
      const stores = memoryStores();
      await stores.given.accounts([], settings.simulated === false ? [realPhone] : []);
      const desk = simulatedDesk(7);
      const deskPort = (_task: string, simulated: boolean) => (simulated ? desk : null);
      const { shell, enroll, at } = await aWorkRun(APPROVED_PLACEMENT, { ...settings, stores, deskPort });
      await enroll(ANN);
      await shell.runUntil(MONDAY + 6 * DAY_MS, HOUR_MS);
      return (await at())?.nodeId;
    };
    const realPhone = aPhone(ANN.partyId, { id: "cp_real", simulated: false, address: "+8613800001234" });
    expect(await states({ isDemo: true })).toBe("place");
    expect(await states({ isDemo: false })).toBe("ask");
    expect(await states({ isDemo: true, ...REAL })).toBe("ask");
  });

  it("is handed over again after a desk that failed, with the same key; one that refuses lets it expire", async () => {
    const asked: string[] = [];
    const flaky: DeskPort = {
      id: "flaky",
      simulated: true,
      take: async ({ key }) => {
        asked.push(key);
        if (asked.length === 1) throw new Error("down");
        return { kind: "rejected", code: "closed", retryable: asked.length === 2 };
      },
    };
    const { shell, enroll, keyOf, stores, at } = await aWorkRun(APPROVED_PLACEMENT, {
      isDemo: true,
      deskPort: () => flaky,
    });
    await enroll(ANN);
    await shell.runUntil(MONDAY + HOUR_MS, MINUTE_MS);
    expect(asked).toEqual([keyOf("2:1"), keyOf("2:1"), keyOf("2:1")]);
    expect(shell.alarms).toEqual(["port-threw"]);
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["failed"]);
    expect((await at())?.nodeId).toBe("ask");
  });

  it("is called back when the rule the step watches holds, and brings no money any more", async () => {
    const { shell, enroll, at, stores, keyOf } = await aWorkRun(RECALLED);
    await enroll(ANN);
    await shell.tick();
    const late = { amountMinor: 5000, source: "simulated", intentKey: keyOf("2:1") };
    const { partyId, id: accountId } = ANN;
    const nowhere = { partyId, accountId, enrollmentId: null, stepSeq: null, attempt: null };
    await stores.inbox.put([
      { ...nowhere, dedupeKey: "w1", type: "payment.posted", atMs: MONDAY + DAY_MS, data: late },
      { ...nowhere, dedupeKey: "w2", type: "payment.posted", atMs: MONDAY + 90 * DAY_MS, data: late },
    ]);
    await shell.runUntil(MONDAY + 100 * DAY_MS, 12 * HOUR_MS);
    expect((await at())?.exit?.reason).toBe("handed-to-people");
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["cancelled"]);
    expect(await stores.look.payments()).toMatchObject([{ id: "pay_w1" }]);
  });
});

describe("a question to another system", () => {
  const asking = (reply: (request: DecisionRequest) => Promise<DecisionReply>) => {
    const asked: DecisionRequest[] = [];
    const port: ExternalPort = {
      id: "risk",
      simulated: true,
      decide: async (request) => {
        asked.push(request);
        return reply(request);
      },
    };
    return { asked, externalPort: (name: string) => (name === "risk" ? port : null) };
  };
  const answered = (outcome: string, values = {}): DecisionReply => ({
    ...{ kind: "answered", delayMs: 0, costMinor: 0 },
    outcome,
    values,
  });

  it("carries the facts the strategy names and no others, and its answer's values go into variables", async () => {
    const { asked, externalPort } = asking(async () => answered("low", { score: 712, secret: "x" }));
    const { shell, enroll, at, keyOf } = await aWorkRun(SCORED_OUTSIDE, { externalPort });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 2 * MINUTE_MS, MINUTE_MS);
    const question = { key: keyOf("2:1"), integration: "risk", facts: { dpd: 10 }, timeoutMs: 2000, nowMs: MONDAY };
    expect(asked).toEqual([question]);
    expect(await at()).toMatchObject({ exit: { reason: "completed" }, vars: { score: 712 } });
  });

  it.each([
    ["fails", async (): Promise<DecisionReply> => ({ ...FAILED, failure: "failed" })],
    ["throws", async (): Promise<DecisionReply> => Promise.reject(new Error("adapter"))],
  ])("that %s takes the way for it", async (_, reply) => {
    const { externalPort } = asking(reply);
    const { shell, enroll, story } = await aWorkRun(SCORED_OUTSIDE, { externalPort });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 2 * MINUTE_MS, MINUTE_MS);
    expect(await story()).toContainEqual("score: outcome failed");
  });

  it("fails where no system of the name is set up", async () => {
    const { shell, enroll, story } = await aWorkRun(SCORED_OUTSIDE, { externalPort: () => null });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 2 * MINUTE_MS, MINUTE_MS);
    expect(await story()).toContainEqual("score: outcome failed");
  });

  it("is put again with the same key after a worker died over it, and heard once", async () => {
    const stores = memoryStores();
    let dies = true;
    const { asked, externalPort } = asking(async () => answered("high"));
    const { settle } = stores.outbox;
    const outbox = {
      ...stores.outbox,
      settle: async (all: Parameters<typeof settle>[0]) => (dies ? Promise.reject(new Error("died")) : settle(all)),
    };
    const { shell, enroll, at, keyOf } = await aWorkRun(SCORED_OUTSIDE, {
      externalPort,
      stores: { ...stores, outbox },
    });
    await enroll(ANN);
    await expect(shell.tick()).rejects.toThrow("died");
    dies = false;
    await stores.given.deadSender();
    await shell.runUntil(MONDAY + 3 * MINUTE_MS, MINUTE_MS);
    expect(asked.map(({ key }) => key)).toEqual([keyOf("2:1"), keyOf("2:1")]);
    expect((await at())?.exit?.reason).toBe("handed-to-people");
    expect((await stores.look.inbox()).filter(({ dedupeKey }) => dedupeKey.startsWith("external:"))).toHaveLength(1);
  });

  it("about people who do not exist is answered as the integration declares", async () => {
    const external = simulatedExternal(7, { risk: [{ outcome: "low", weight: 1 }] });
    const { shell, enroll, at } = await aWorkRun(SCORED_OUTSIDE, {
      externalPort: (_, simulated) => (simulated ? external : null),
    });
    await enroll(ANN);
    await shell.runUntil(MONDAY + HOUR_MS, MINUTE_MS);
    expect((await at())?.exit?.reason).toBe("completed");
  });
});

const FAILED = { kind: "failed", reason: "status-500", delayMs: 0, costMinor: 0 } as const;

describe("the check of a conversation", () => {
  const checked = async (outcome: string, settings: Partial<LiveSettings> = {}) => {
    const { shell, enroll, story } = await aWorkRun(CHECKED_CALL, { answer: says(outcome), ...settings });
    await enroll(ANN);
    await shell.runUntil(MONDAY + DAY_MS, 10 * MINUTE_MS);
    return (await story()).find((line) => line.startsWith("check: outcome"));
  };

  it("is for people where there was none, or where nobody recorded it", async () => {
    expect(await checked("NA")).toBe("check: outcome review");
    const stores = memoryStores();
    const address = "+8613800001234";
    await stores.given.accounts([], [aPhone(ANN.partyId, { id: "cp_0", simulated: false, address })]);
    expect(await checked("RPC", { ...REAL, stores })).toBe("check: outcome review");
  });

  it("gives a simulated one its verdict", async () => {
    expect(["check: outcome pass", "check: outcome block", "check: outcome review"]).toContain(await checked("RPC"));
  });
});

describe("a hold a strategy places", () => {
  it("ends by itself, and every wait has moved: the same instants as in the simulator", async () => {
    const nine = MONDAY - HOUR_MS;
    const { shell, enroll, stores } = await aWorkRun(FIVE_DAYS_OFF, { fromMs: nine });
    await enroll(ANN);
    await shell.runUntil(nine + 7 * DAY_MS, MINUTE_MS);
    const live = await stores.look.decisions(enrollmentIdOf("ver_hand-made-1", ANN.id));
    expect(live.map(({ code, atMs }) => [code, (atMs - nine) / DAY_MS])).toEqual([
      ["entered", 0],
      ["hold-placed", 0],
      ["waiting", 0],
      ["elapsed", 6],
      ["exit", 6],
    ]);
    const { program } = versionOf(FIVE_DAYS_OFF);
    const input = {
      program,
      pack: WORK_MARKET,
      accounts: [ANN],
      contactPoints: [],
      from: localDate(SHANGHAI, nine),
      seed: 1,
    };
    const simulated = (days: number) => simulate({ ...input, days, locale: "zh-CN" });
    expect([simulated(6).exits, simulated(7).exits]).toEqual([{}, { completed: 1 }]);
  });

  it("stops the person's other loans; its own case is heard in spite of it and sets everybody free", async () => {
    const { shell, enroll, ends, at, stores } = await aWorkRun(DISPUTE_CASE);
    await enroll(ANN, ANNS_CAR);
    await shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect([(await at(ANN))?.status, (await at(ANNS_CAR))?.status]).toEqual(["active", "active"]);
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent", "sent"]);
    await ends("3:1", "withdrawn", { task: "dispute", account: ANNS_CAR, atMs: MONDAY + DAY_MS });
    await shell.runUntil(MONDAY + 3 * DAY_MS, HOUR_MS);
    // Its own dispute is over, that of the other loan is not.
    expect(await at(ANNS_CAR)).toMatchObject({ status: "held", nodeId: "rest" });
    await ends("3:1", "upheld", { task: "dispute", atMs: MONDAY + 3 * DAY_MS });
    await shell.tick();
    await shell.tick();
    expect(await at(ANN)).toMatchObject({ status: "active", nodeId: "rest", wakeAtMs: MONDAY + 4 * DAY_MS });
    // Its day of rest began in the middle of the hold, and counts from its end on.
    expect(await at(ANNS_CAR)).toMatchObject({ status: "active", wakeAtMs: MONDAY + 4 * DAY_MS });
    const untils = (await stores.look.holds()).map(({ untilMs }) => untilMs);
    expect([...untils].sort()).toEqual([MONDAY + DAY_MS, MONDAY + 3 * DAY_MS]);
    await shell.runUntil(MONDAY + 5 * DAY_MS, HOUR_MS);
    expect([(await at(ANN))?.exit?.reason, (await at(ANNS_CAR))?.exit?.reason]).toEqual(["completed", "completed"]);
  });
});
