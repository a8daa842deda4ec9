import { describe, expect, it } from "vitest";
import { emptyStrategy, type fieldOf, findIndex, findSteps, type MarketPack, type StrategyDoc } from "#engine";
import { changed, insertOnEdges, noteStep, updateData } from "../commands/steps";
import { addStrategy } from "../commands/sub-strategies";
import type { KeyPress } from "./action";
import { ACTIONS } from "./actions";

/** What pressing the keys an action is listed with looks like to the browser. */
function pressOf(keys: readonly string[]): KeyPress {
  const signs: { readonly [sign: string]: string } = {
    "↓": "ArrowDown",
    "↑": "ArrowUp",
    "←": "ArrowLeft",
    "→": "ArrowRight",
    Esc: "Escape",
  };
  const last = keys.at(-1) ?? "";
  const shift = keys.includes("Shift") || last === "?";
  const key = signs[last] ?? (last.length === 1 && !shift ? last.toLowerCase() : last);
  return { key, command: keys.includes("Ctrl"), shift };
}

describe("the actions", () => {
  it("are done by the keys they are listed with, and no two by the same", () => {
    const byBrowser = ["cut", "copy", "paste"];
    for (const action of ACTIONS) {
      const meant = ACTIONS.filter((other) => other.matches(pressOf(action.keys))).map(({ id }) => id);
      expect(meant).toEqual(byBrowser.includes(action.id) ? [] : [action.id]);
    }
  });

  it("are never two of one name", () => {
    expect(new Set(ACTIONS.map(({ id }) => id)).size).toBe(ACTIONS.length);
    expect(new Set(ACTIONS.map(({ label }) => label)).size).toBe(ACTIONS.length);
  });
});

const dpd = {
  key: "dpd",
  type: "integer",
  label: { "zh-CN": "逾期天数", en: "Days past due" },
  origin: "derived",
  usableInRules: true,
} as unknown as NonNullable<ReturnType<typeof fieldOf>>;
const reminder: MarketPack["contents"][string] = {
  id: "sms.friendly",
  channel: "sms",
  title: { en: "Friendly reminder" },
  text: { "zh-CN": "您的账单已到期，可申请减免", en: "Your bill is due" },
  version: 1,
  stages: [],
  tone: "friendly",
};

/** Entry -> message with a text and a note -> exit, and a strategy inside. */
function searched(): StrategyDoc {
  const doc = emptyStrategy({ id: "strat_m1", key: "m1", name: { en: "M1" }, market: "cn" });
  const made = insertOnEdges(doc, { edgeIds: doc.edges.map(({ id }) => id), type: "sms" });
  const withSms = changed(doc, made?.change ?? null);
  const sms = withSms.nodes.find(({ id }) => id === made?.nodeId);
  const texted = changed(withSms, updateData(withSms, "sms-1", { ...sms?.data, contentId: reminder.id }));
  const noted = changed(texted, noteStep(texted, "sms-1", "Legal has seen this"));
  return changed(noted, addStrategy(noted, { en: "Inside" })?.change ?? null);
}

describe("finding a step", () => {
  const words = { locale: "en", fields: { dpd }, contents: { [reminder.id]: reminder } } as const;
  const found = (search: string) => findSteps(findIndex(searched(), words), search);

  it("goes by name, pinyin, text sent, field asked and note", () => {
    expect(found("dx")[0]).toMatchObject({ node: { id: "sms-1" }, in: "name" });
    expect(found("减免")).toMatchObject([{ node: { id: "sms-1" }, in: "text" }]);
    expect(found("days past")).toMatchObject([{ node: { id: "start" }, in: "field" }]);
    expect(found("legal")).toMatchObject([{ node: { id: "sms-1" }, in: "note", words: "Legal has seen this" }]);
    expect(found("xyzzy")).toEqual([]);
    expect(found(" ")).toEqual([]);
  });

  it("looks into strategies inside", () => {
    const exits = found("exit").map(({ strategy }) => strategy);
    expect(exits).toEqual([null, "part-1"]);
  });
});
