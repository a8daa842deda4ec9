import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedConversation, CONVERSATION_TEXT_MAX, SPEAKERS, type Turn, textOf } from "../model/conversation";
import { marketPack } from "../packs";
import { checkConversation, verdictForStep } from "./check-conversation";

const cn = marketPack("cn");
const we = (text: string): Turn => ({ speaker: "house", text });
const debtor = (text: string): Turn => ({ speaker: "debtor", text });
const GOOD = [
  we("您好，我是示例机构 1023 号工号，本次通话全程录音，请问是王先生本人吗？"),
  debtor("是我。"),
  we("您有一笔贷款逾期了，是什么原因没有按时还款呢？"),
  debtor("最近周转不开。"),
  we("理解。您最多能还多少，什么时候方便？"),
  debtor("明天还五百元。"),
  we("好的，明天还 500 元，谢谢您，再见。"),
];
const check = (turns: readonly Turn[], outcome: string | null = "PTP") =>
  checkConversation({ kind: "transcript", turns, isCut: false, outcome }, cn);
const missed = (turns: readonly Turn[], outcome?: string) =>
  check(turns, outcome).findings.flatMap(({ source, rule }) => (source === "scorecard" ? [rule] : []));

describe("a call that was held well", () => {
  it("passes with every point a machine can give, and says what only people can check", () => {
    const judged = check(GOOD);
    expect(judged).toMatchObject({ verdict: "pass", score: 100, findings: [] });
    expect(judged.unchecked).toEqual(["amount", "options-offered", "hours-and-caps", "code-matches"]);
  });

  it("is judged the same every time", () => {
    expect(check(GOOD)).toEqual(check(GOOD));
  });
});

describe("what the house says", () => {
  it("fails the whole call when it threatens, with the place of the words", () => {
    const turns = [...GOOD, we("再不还钱就让你坐牢")];
    const judged = check(turns);
    expect(judged).toMatchObject({ verdict: "block", score: 0 });
    const [threat] = judged.findings;
    expect(textOf({ turns }).slice(threat?.span?.start, threat?.span?.end)).toBe("坐牢");
    expect(missed(turns)).toEqual(["true-consequences"]);
  });

  it("fails the call when the debt is mentioned before it is known who speaks", () => {
    const turns = [we("您好，我是示例机构，通话录音。您的贷款逾期了。"), debtor("哦"), we("请问是王先生吗？谢谢再见")];
    expect(missed(turns, "RPC")).toContain("identity-first");
    expect(check(turns, "RPC").verdict).toBe("block");
    expect(missed([we("请问是王先生吗？您的贷款逾期了"), debtor("是")], "RPC")).not.toContain("identity-first");
  });

  it("fails the call when the debt is mentioned to somebody else", () => {
    const turns = [we("您好，王先生欠款逾期了，请转告他还款"), debtor("好")];
    expect(missed(turns, "TP")).toContain("nothing-disclosed");
    expect(missed(turns, "RPC")).not.toContain("nothing-disclosed");
  });

  it("is worth fewer points without what belongs to a promise", () => {
    const turns = GOOD.map((turn) => (turn.text.includes("500") ? we("好的，谢谢您。") : turn));
    expect(missed(turns)).toEqual(["promise-specific"]);
    expect(check(turns).score).toBeLessThan(100);
  });
});

describe("what the debtor says", () => {
  it("is no fault of the house", () => {
    expect(check([...GOOD.slice(0, 6), debtor("你们是骗子，再打就弄死你"), ...GOOD.slice(6)]).verdict).toBe("pass");
  });

  it("wants an answer when it is a cry for help", () => {
    const cry = debtor("我失业了，活不下去了");
    expect(missed([...GOOD, cry])).toEqual(["hardship-heard"]);
    expect(missed([...GOOD, cry, we("别着急，我帮您登记困难申请")])).toEqual([]);
    expect(check([...GOOD, cry]).findings.map(({ rule }) => rule)).toContain("K");
  });
});

describe("what nobody is known to have said", () => {
  it("makes doubt and never a failure", () => {
    const turns: Turn[] = [{ speaker: "unknown", text: "再不还钱就让你坐牢" }];
    expect(checkConversation({ kind: "summary", turns, isCut: false, outcome: "RPC" }, cn)).toMatchObject({
      ...{ verdict: "review", score: null },
    });
    fc.assert(
      fc.property(fc.array(fc.constantFrom("坐牢", "骗子", "弄死", "你好", "还款")), (words) => {
        const said: Turn[] = words.map((text) => ({ speaker: "unknown", text }));
        expect(checkConversation({ kind: "note", turns: said, isCut: false, outcome: null }, cn).verdict).not.toBe(
          "block",
        );
      }),
    );
  });

  it("does not pass when its end was cut off", () => {
    expect(checkConversation({ kind: "transcript", turns: GOOD, isCut: true, outcome: "PTP" }, cn).verdict).toBe(
      "review",
    );
  });
});

describe("a note", () => {
  it("is judged by its words alone", () => {
    const note = (text: string) =>
      checkConversation({ kind: "note", turns: [we(text)], isCut: false, outcome: "RPC" }, cn);
    expect(note("客户承诺明天还款")).toMatchObject({ verdict: "pass", score: null, unchecked: [] });
    expect(note("已告知再不还就让他坐牢").verdict).toBe("block");
  });
});

describe("the score a step asks for", () => {
  it.each([
    [{ verdict: "pass", score: 85 }, 80, "pass"],
    [{ verdict: "pass", score: 85 }, 90, "block"],
    [{ verdict: "review", score: 70 }, 60, "review"],
    [{ verdict: "block", score: 90 }, 10, "block"],
    [{ verdict: "review", score: null }, 80, "review"],
  ] as const)("%o where %s is asked: %s", (judged, passScore, told) => {
    expect(verdictForStep(judged, passScore)).toBe(told);
  });
});

describe("a conversation that others bring", () => {
  it("never grows beyond its bound, and is marked when its end is lost", () => {
    const text = fc
      .tuple(fc.string({ unit: "binary", maxLength: 10 }), fc.nat(6000))
      .map(([beginning, more]) => beginning + "😀长".repeat(more / 3));
    const turn = fc.record({ speaker: fc.constantFrom(...SPEAKERS), text });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 8 }), (turns) => {
        const bounded = boundedConversation({ kind: "transcript", turns });
        const whole = turns.map(({ text }) => text.trim()).filter((text) => text !== "");
        if (bounded === null) return;
        const kept = textOf(bounded);
        expect(kept.length).toBeLessThanOrEqual(CONVERSATION_TEXT_MAX);
        expect(kept).not.toContain("\u0000");
        expect(kept).not.toMatch(/\p{Surrogate}/u);
        if (whole.join("\n").length > CONVERSATION_TEXT_MAX + 100) expect(bounded.isCut).toBe(true);
        if (whole.join("\n").length <= CONVERSATION_TEXT_MAX - 100) expect(bounded.isCut).toBe(false);
      }),
      { numRuns: 30 },
    );
    expect(boundedConversation({ kind: "note", text: " \u0000 " })).toBeNull();
  });
});

describe("the scorecard that ships", () => {
  it("has items of their own names, each of which counts for something, and bands in order", () => {
    const { items, bands } = cn.scorecard ?? { items: [], bands: { pass: 0, fail: 0 } };
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(items.filter(({ points, fatal }) => points === 0 && !fatal)).toEqual([]);
    expect(bands.fail).toBeLessThan(bands.pass);
  });
});
