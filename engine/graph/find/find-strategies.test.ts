import { describe, expect, it } from "vitest";
import { exitStep, samplePack, startStep, step, strategy } from "../testing/sample";
import { findInStrategies, STEPS_FOUND_MAX, STRATEGIES_FOUND_MAX } from "./find-strategies";

const sms = (id: string) => step(id, "sms", { contentId: "sms.reminder", waitForDelivery: true, giveUpHours: 24 });
const REMIND = strategy({ nodes: [startStep(), sms("remind"), exitStep("done")] });
const asked = (key: string, name: string, fact: string) => ({
  key,
  version: null,
  pack: samplePack,
  doc: {
    ...strategy({ nodes: [startStep({ fact, operator: "greaterThan", value: 1 }), exitStep("done")] }),
    name: { "zh-CN": name, en: name },
  },
});
const ALL = [
  asked("late", "Late payers", "dpd"),
  { ...asked("sums", "Large sums", "total_outstanding"), version: 3 },
  { key: "remind", version: null, pack: samplePack, doc: REMIND },
];
const found = (search: string) =>
  findInStrategies(ALL, search, "en").strategies.map(({ key, version, named, steps }) => ({
    key,
    version,
    named,
    steps: steps.map(({ nodeId, in: part }) => `${nodeId} ${part}`),
  }));

describe("finding in all strategies", () => {
  it("goes by the field that is asked, the wording that is sent, the type in pinyin, and the strategy's own name", () => {
    expect(found("Balance")).toEqual([{ key: "sums", version: 3, named: false, steps: ["start field"] }]);
    expect(found("还款提醒")).toEqual([{ key: "remind", version: null, named: false, steps: ["remind text"] }]);
    expect(found("duanxin")).toMatchObject([{ key: "remind", steps: ["remind name"] }]);
    expect(found("late")).toMatchObject([{ key: "late", named: true }]);
    expect(found("nowhere")).toEqual([]);
    expect(found("  ")).toEqual([]);
  });

  it("lists so much and counts the rest", () => {
    const many = Array.from({ length: STEPS_FOUND_MAX + 3 }, (_, index) => sms(`remind-${index}`));
    const doc = strategy({ nodes: [startStep(), ...many, exitStep("done")] });
    const copies = Array.from({ length: STRATEGIES_FOUND_MAX + 2 }, (_, index) => ({
      key: `copy-${index}`,
      version: null,
      pack: samplePack,
      doc,
    }));
    const answer = findInStrategies(copies, "duanxin", "en");
    expect(answer.strategies).toHaveLength(STRATEGIES_FOUND_MAX);
    expect(answer.more).toBe(2);
    expect(answer.strategies[0]).toMatchObject({ more: 3, steps: { length: STEPS_FOUND_MAX } });
  });
});
