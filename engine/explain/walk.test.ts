import { describe, expect, it } from "vitest";
import { compileStrategy } from "../compile/compile";
import { answersAt, drawnPlace } from "../graph/drawn-place";
import { exitStep, samplePack, startStep, step, strategy } from "../graph/testing/sample";
import type { Program } from "../model/program";
import type { StrategyDoc } from "../model/strategy";
import { instantAt } from "../model/time";
import { runScenario } from "../run/scenario";
import { createWalker, framesOf, scenarioOfWalk, type Walk } from "./walk";

const LATE = { id: "late", when: { fact: "dpd", operator: "greaterThan", value: 30 } };
const DAY = { mode: "duration", durationMinutes: 1440 };

/** In, a fork on days past due; the early ones get a text and wait a day before they are asked again. */
const DOC: StrategyDoc = strategy({
  nodes: [
    startStep(),
    step("fork", "branch", { rules: [LATE] }),
    step("text", "sms", { contentId: "sms.reminder", waitForDelivery: true }),
    step("day", "wait", DAY),
    step("again", "branch", { rules: [LATE] }),
    exitStep("early"),
    exitStep("grown"),
  ],
  edges: [
    ["start", "enter", "fork"],
    ["fork", "late", "grown"],
    ["fork", "otherwise", "text"],
    ["fork", "unknown", "grown"],
    ...["delivered", "failed", "expired", "blocked"].map((way) => ["text", way, "day"] as const),
    ["day", "elapsed", "again"],
    ["again", "late", "grown"],
    ["again", "otherwise", "early"],
    ["again", "unknown", "grown"],
  ],
});

function programOf(doc: StrategyDoc): Program {
  const compiled = compileStrategy(doc, samplePack);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const PROGRAM = programOf(DOC);
const walker = createWalker(PROGRAM);
const MONDAY_MS = instantAt("Asia/Shanghai", "2026-03-02", 600);
const walk = (facts: Walk["facts"], events: Walk["events"] = []): Walk => ({
  startMs: MONDAY_MS,
  party: "1",
  facts: { account_status: "open", bucket: "M1", ...facts },
  events,
});
const steps = async (told: Walk): Promise<readonly string[]> =>
  framesOf(await walker(told)).map(({ drawnStep }) => drawnStep);

describe("walking one account", () => {
  it("goes on until the world has to answer, and knows what it may answer", async () => {
    const told = await walker(walk({ dpd: 12 }));
    expect(told.moments).toHaveLength(1);
    expect(told.moments[0]?.state.nodeId).toBe("text");
    expect(framesOf(told).map(({ drawnStep }) => drawnStep)).toEqual(["start", "fork"]);
    expect(answersAt(DOC, "text")).toContainEqual(expect.objectContaining({ event: "contact.result" }));
    expect(drawnPlace(DOC, "nowhere")).toBeNull();
  });

  it("takes another path at once when a fact is changed, and says how much no longer happens", async () => {
    const events = [{ type: "contact.result", outcome: "DLV" }, { type: "timer.fired" }] as const;
    expect(await steps(walk({ dpd: 12 }, events))).toEqual(["start", "fork", "text", "day", "again"]);
    const late = await walker(walk({ dpd: 31 }, events));
    expect(framesOf(late).map(({ drawnStep }) => drawnStep)).toEqual(["start", "fork"]);
    expect(late.moments.at(-1)?.state.nodeId).toBe("grown");
    expect(late.untold).toBe(2);
  });

  it("grows days past due and their stage with the calendar while time runs", async () => {
    const told = await walker(walk({ dpd: 30 }, [{ type: "contact.result", outcome: "DLV" }, { type: "timer.fired" }]));
    const last = told.moments.at(-1);
    expect(last?.facts).toMatchObject({ dpd: 31, bucket: "M2" });
    expect(last?.event).toEqual({ type: "timer.fired", facts: { dpd: 31, bucket: "M2" } });
    expect(last?.state.exit?.reason).toBe("completed");
    expect(last?.state.nodeId).toBe("grown");
  });

  it("takes what was paid off the debt, and leaves when nothing is overdue", async () => {
    const owing = { dpd: 12, overdue_amount: 50_000, total_outstanding: 90_000 };
    const told = await walker(walk(owing, [{ type: "payment.posted", amountMinor: 50_000, afterMinutes: 90 }]));
    const last = told.moments.at(-1);
    expect(last?.facts).toMatchObject({ overdue_amount: 0, total_outstanding: 40_000, account_status: "paid", dpd: 0 });
    expect(last?.state.exit?.reason).toBe("cured");
    expect(last?.nowMs).toBe(MONDAY_MS + 90 * 60_000);
  });

  it("is saved as a scenario that holds, on the executor that runs live", async () => {
    const told = walk({ dpd: 12 }, [{ type: "contact.result", outcome: "UND" }, { type: "timer.fired" }]);
    const scenario = scenarioOfWalk(
      { walk: told, told: await walker(told) },
      { id: "walked", name: { en: "Walked" }, timeZone: "Asia/Shanghai" },
    );
    expect(scenario.expect).toMatchObject({ at: "early", exit: "completed" });
    expect(runScenario(PROGRAM, scenario).problems).toEqual([]);
    const sooner = programOf({
      ...DOC,
      nodes: DOC.nodes.map((node) =>
        node.id === "fork" ? { ...node, data: { rules: [{ ...LATE, when: { ...LATE.when, value: 5 } }] } } : node,
      ),
    });
    expect(runScenario(sooner, scenario).problems).not.toEqual([]);
  });
});
