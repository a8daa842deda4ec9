import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draw } from "../model/draw";
import { planAgreed } from "../model/payment-plan";
import { TASK_KINDS, TASK_OUTCOMES, type TaskKind } from "../model/program";
import { DAY_MS, HOUR_MS, instantAt } from "../model/time";
import type { TaskRequest } from "../ports/desk";
import { answerDecision, judgeConversation } from "./answer-decision";
import { answerTask, type SimulatedTask, type TaskAnswer } from "./answer-task";
import { deskAssumptions } from "./assumptions";
import { simulatedDesk, simulatedExternal } from "./simulated";

const NOW = instantAt("Asia/Shanghai", "2026-03-02", 600);
const taskOf = (task: TaskKind, seed: number, about: Partial<SimulatedTask> = {}): SimulatedTask => ({
  task,
  dpd: 45,
  overdueMinor: 120_000,
  details: {},
  nowMs: NOW,
  notAfterMs: NOW + 400 * DAY_MS,
  timeZone: "Asia/Shanghai",
  draw: (kind) => draw(seed, "party_1", kind),
  ...about,
});
const many = (task: TaskKind, about: Partial<SimulatedTask> = {}): readonly (TaskAnswer | null)[] =>
  Array.from({ length: 2000 }, (_, seed) => answerTask(taskOf(task, seed, about)));
const shareOf = (answers: readonly (TaskAnswer | null)[], is: (answer: TaskAnswer) => boolean): number =>
  answers.filter((answer) => answer !== null && is(answer)).length / answers.length;

describe("a simulated desk", () => {
  it("is labelled as an assumption and knows an end for every kind of work, at every stage", () => {
    expect(deskAssumptions.source).toBe("assumption");
    fc.assert(
      fc.property(
        fc.constantFrom(...TASK_KINDS),
        fc.record({ seed: fc.nat(), dpd: fc.integer({ min: -30, max: 2000 }), overdueMinor: fc.nat(10_000_000) }),
        (task, { seed, dpd, overdueMinor }) => {
          const answer = answerTask(taskOf(task, seed, { dpd, overdueMinor }));
          expect(answerTask(taskOf(task, seed, { dpd, overdueMinor }))).toEqual(answer);
          if (answer === null) return;
          const known: readonly string[] = TASK_OUTCOMES[task];
          expect(known).toContain(answer.outcome);
          expect(answer.atMs).toBeGreaterThan(NOW);
          expect(Number.isSafeInteger(answer.costMinor) && answer.costMinor >= 0).toBe(true);
          for (const { atMs, amountMinor } of answer.payments) {
            expect(atMs).toBeGreaterThan(NOW);
            expect(Number.isSafeInteger(amountMinor) && amountMinor > 0).toBe(true);
          }
        },
      ),
    );
  });

  it("ends work at the assumed shares, and leaves some of it lying", () => {
    const answers = many("approval");
    const { untouched, bands } = deskAssumptions.tasks.approval;
    expect(answers.filter((answer) => answer === null).length / 2000).toBeCloseTo(untouched, 1);
    const approved = (bands[0]?.outcomes.approved ?? 0) / 100;
    expect(shareOf(answers, ({ outcome }) => outcome === "approved")).toBeCloseTo(approved * (1 - untouched), 1);
  });

  it("agrees plans that can be followed and never ask for more than is owed, within the strategy's limit", () => {
    const accepted = many("plan", { details: { max_instalments: 4 } }).flatMap((answer) =>
      answer?.outcome === "accepted" ? [answer] : [],
    );
    expect(accepted.length).toBeGreaterThan(300);
    for (const { outcome, values, payments, atMs } of accepted) {
      const plan = planAgreed({ task: "plan", outcome, values });
      expect(plan).not.toBeNull();
      expect(plan?.instalments).toBeLessThanOrEqual(4);
      expect((plan?.instalments ?? 0) * (plan?.instalmentMinor ?? 0)).toBeLessThanOrEqual(120_000);
      expect(payments.every((payment) => payment.atMs > atMs)).toBe(true);
    }
    expect(accepted.some(({ payments, values }) => payments.length < Number(values.instalments))).toBe(true);
  });

  it("keeps a placement for its term, or until the step would give it up, and takes its commission of what came in", () => {
    const placed = many("placement", { details: { term_days: 30, commission_share: 0.5 } }).flatMap((answer) =>
      answer?.outcome === "returned" ? [answer] : [],
    );
    expect(new Set(placed.map(({ atMs }) => (atMs - NOW) / DAY_MS))).toEqual(new Set([30]));
    for (const { payments, costMinor, values, atMs } of placed) {
      const paid = payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      expect([values.recovered_minor, costMinor]).toEqual([paid, Math.round(paid / 2)]);
      expect(payments.every((payment) => payment.atMs <= atMs)).toBe(true);
    }
    expect(placed.filter(({ payments }) => payments.length > 0).length).toBeGreaterThan(100);
    const cut = answerTask(taskOf("placement", 1, { notAfterMs: NOW + 10 * DAY_MS }));
    expect(cut?.atMs).toBeLessThanOrEqual(NOW + 10 * DAY_MS - HOUR_MS);
  });

  it("settles for the amount the strategy allows", () => {
    const settled = many("settlement", { details: { settlement_minor: 70_000 } }).flatMap((answer) =>
      answer?.outcome === "accepted" ? [answer] : [],
    );
    expect(settled.length).toBeGreaterThan(100);
    expect(settled.every(({ values }) => values.settlement_minor === 70_000)).toBe(true);
    expect(settled.flatMap(({ payments }) => payments).every(({ amountMinor }) => amountMinor === 70_000)).toBe(true);
  });

  it("works the same key the same way, so that handing a task over twice is harmless", async () => {
    const desk = { queue: "q", priority: 1, dueAtMs: NOW };
    const { dpd, overdueMinor, timeZone } = taskOf("legal", 1);
    const request: TaskRequest = {
      ...{ key: "enr_1:2:1", partyId: "party_1", accountId: "acct_1", task: "legal" as const, desk, details: {} },
      ...{ nowMs: NOW, notAfterMs: NOW + 400 * DAY_MS, simulation: { dpd, overdueMinor, timeZone } },
    };
    expect(await simulatedDesk(3).take(request)).toEqual(await simulatedDesk(3).take(request));
    expect(simulatedDesk(3).simulated).toBe(true);
  });
});

describe("a simulated answer of another system", () => {
  const answers = [
    { outcome: "low", weight: 3, values: { score: 700 } },
    { outcome: "high", weight: 1 },
    { outcome: "never", weight: 0 },
  ];

  it("is drawn from what is declared, by weight", () => {
    const drawn = Array.from({ length: 1000 }, (_, seed) => answerDecision(answers, (kind) => draw(seed, "p", kind)));
    expect(drawn.filter(({ outcome }) => outcome === "low").length / 1000).toBeCloseTo(0.75, 1);
    expect(drawn.some(({ outcome }) => outcome === "never")).toBe(false);
    expect(drawn.find(({ outcome }) => outcome === "low")?.values).toEqual({ score: 700 });
    expect(drawn.every(({ delayMs }) => delayMs >= 1000)).toBe(true);
  });

  it("is a failure where nothing is declared, whatever the integration is called", async () => {
    const question = { key: "k", facts: {}, timeoutMs: 1, nowMs: NOW };
    for (const integration of ["risk", "constructor", "__proto__"]) {
      expect(await simulatedExternal(1, {}).decide({ ...question, integration })).toMatchObject({ outcome: "failed" });
    }
  });
});

describe("a simulated check of a conversation", () => {
  it("passes from the least score on, blocks below it, and leaves some to people", () => {
    const judged = Array.from({ length: 1000 }, (_, seed) =>
      judgeConversation({ passScore: 80, conversed: true }, (kind) => draw(seed, "p", kind)),
    );
    for (const { verdict, values } of judged) {
      if (verdict === "review") expect(values.score).toBeUndefined();
      else expect(verdict).toBe(Number(values.score) >= 80 ? "pass" : "block");
    }
    expect(new Set(judged.map(({ verdict }) => verdict))).toEqual(new Set(["pass", "block", "review"]));
  });

  it("has nothing to judge where nobody talked", () => {
    expect(judgeConversation({ passScore: 0, conversed: false }, () => 0.5)).toMatchObject({
      verdict: "review",
      costMinor: 0,
    });
  });
});
