import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lexicon } from "../model/market-pack";
import { LexiconSchema } from "../model/market-pack";
import { marketPack } from "../packs";
import { checkText, QA_TEXT_MAX } from "./check-text";
import { fold, foldedCode } from "./fold";
import { wordFinder } from "./word-finder";

const shipped = marketPack("cn").lexicons["cn-default"];
if (shipped === undefined) throw new Error("cn-default is not shipped");
const lexicon: Lexicon = shipped;

const verdictOf = (text: string) => checkText(text, lexicon).verdict;
const categoriesOf = (text: string) => checkText(text, lexicon).findings.map((found) => found.category);

describe("what a text may not say", () => {
  it.each([
    ["不还就起诉坐牢", "block"],
    ["你这个老赖", "block"],
    ["我们会上门堵你", "block"],
    ["再不还就告诉你单位", "block"],
    ["请把钱转我微信", "block"],
    ["这是最后一次机会", "block"],
    ["我们保证不上征信", "block"],
    ["赶紧还款", "review"],
    ["当初你不是挺能花吗", "review"],
    ["如需投诉请拨打12378", "pass"],
    ["您的款项已逾期3天，请在官方App内还款。", "pass"],
    ["We will tell your boss about this", "block"],
    ["There is an arrest warrant", "block"],
    ["Shut up and pay", "review"],
    ["You may file a complaint with the ombudsman", "pass"],
    ["Your payment is 3 days late.", "pass"],
  ] as const)("%s: %s", (text, verdict) => {
    expect(verdictOf(text)).toBe(verdict);
  });

  it("says where the word stands, in the text as it was written", () => {
    const text = "您好，老 ，赖，还钱";
    const { findings } = checkText(text, lexicon);
    expect(findings).toEqual([{ category: "A", severity: "fatal", word: "老赖", start: 3, end: 7 }]);
    expect(text.slice(3, 7)).toBe("老 ，赖");
  });
});

describe("disguises", () => {
  it.each([
    ["blanks and signs between", "你 是 老*赖"],
    ["invisible characters", "老\u200b赖"],
    ["full-width letters", "ｄｅａｄｂｅａｔ"],
    ["capitals", "DeadBeat"],
    ["dots in an English word", "d.e.a.d.b.e.a.t"],
    ["traditional characters", "你這個老賴"],
    ["an emoji between", "骗🙂子"],
    ["combining marks", "sc\u0301um"],
  ])("%s do not hide a word", (_, text) => {
    expect(verdictOf(text)).toBe("block");
  });
});

describe("what only looks alike", () => {
  it.each([
    "We discuss cumulative interest", // s-cum
    "The closer date suits you", // loser
    "Please do not issue a refund", // sue
    "请小心点击陌生链接", // 小心点
    "打断您一下，方便吗", // 打断
    "您可以去借记卡网点办理", // 去借
    "We pursue no action", // sue
  ])("%s", (text) => {
    expect(verdictOf(text)).toBe("pass");
  });

  it("does not join characters of different sentences", () => {
    expect(verdictOf("他年纪老…………………赖先生来电")).toBe("pass");
  });
});

describe("denied and quoted conduct", () => {
  it.each([
    "我们不会告诉您的家人",
    "我们绝不会联系你单位",
    "请勿私下转账",
    "我们不能保证不上征信",
    "您反映有人说“不还就抓人”，我们会核实",
    "We will never tell your boss",
    "We do not call your employer",
    'You said: "they will arrest you" and we looked into it',
  ])("passes and is noted: %s", (text) => {
    const { verdict, findings } = checkText(text, lexicon);
    expect(verdict).toBe("pass");
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every((found) => found.severity === "low")).toBe(true);
  });

  it.each([
    ["a condition is no denial", "不还钱就让你坐牢"],
    ["a denial that turns round", "我们不会不告诉你单位"],
    ["a denial in another clause", "我们不会骗您，再不还就告诉你单位"],
    ["unless", "We will not wait unless you pay, or we tell your boss"],
    ["a denial too far away", "不是每个人都会像您这样一直拖着直到我们告诉你单位"],
    ["an insult stays one, denied or not", "您不是老赖"],
    ["a quotation of nobody", "“告诉你单位”"],
    ["words after the quotation", "您说“好的”。告诉你单位"],
    ["not only", "We do not only wait but tell your boss"],
  ])("blocks, because %s", (_, text) => {
    expect(verdictOf(text)).toBe("block");
  });
});

describe("bounds", () => {
  it("blocks a text too long to be checked and says so", () => {
    expect(checkText("好".repeat(QA_TEXT_MAX + 1), lexicon)).toEqual({
      verdict: "block",
      findings: [{ category: "length", severity: "fatal", word: "", start: QA_TEXT_MAX, end: QA_TEXT_MAX + 1 }],
    });
  });

  it("reads the longest text there may be, full of words, in well under a second", () => {
    const { verdict, findings } = checkText("老赖".repeat(QA_TEXT_MAX / 2), lexicon);
    expect(verdict).toBe("block");
    expect(findings).toHaveLength(200);
  });

  it("keeps the worst findings when there are too many to tell", () => {
    const text = `${"投诉 ".repeat(400)}你是骗子`;
    expect(categoriesOf(text)).toContain("A");
  });
});

const LETTERS = ["a", "b", "c"];
const word = fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 4 }).map((letters) => letters.join(""));

describe("always", () => {
  it("finds every listed word wherever it stands, as a plain search does", () => {
    const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 40 }).map((letters) => letters.join(""));
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 8 }), text, (words, searched) => {
        const expected = words.flatMap((wanted, index) => {
          const places: string[] = [];
          for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, at + 1)) {
            places.push(`${index}@${at}-${at + wanted.length}`);
          }
          return places;
        });
        const finder = wordFinder(words);
        const found = finder.find(searched).map(({ word: index, start, end }) => `${index}@${start}-${end}`);
        expect([...found].sort()).toEqual(expected.sort());
        expect(finder.mayHold(searched, (code) => code)).toBe(expected.length > 0);
      }),
    );
  });

  it("passes no text by at a glance in which a careful reader finds a word", () => {
    const words = lexicon.entries.flatMap((entry) => [...entry.words["zh-CN"], ...entry.words.en]);
    const finder = wordFinder(words.map((listed) => fold(listed).text));
    const piece = fc.oneof(fc.string({ unit: "grapheme", maxLength: 6 }), fc.constantFrom(...words));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.boolean(), (pieces, upper) => {
        const text = upper ? pieces.join("·").toUpperCase() : pieces.join("");
        if (finder.mayHold(text, foldedCode)) return;
        expect(finder.find(fold(text).text)).toEqual([]);
      }),
    );
    expect(finder.mayHold("您好，请按时还款。", foldedCode)).toBe(false);
  });

  it("points at a span of the text that reads as the word once disguises fall away", () => {
    const words = lexicon.entries.flatMap((entry) => [...entry.words["zh-CN"], ...entry.words.en]);
    const around = fc.string({ unit: "grapheme", maxLength: 20 });
    fc.assert(
      fc.property(around, fc.constantFrom(...words), around, (before, listed, after) => {
        const text = `${before} ${listed} ${after}`;
        const { findings } = checkText(text, lexicon);
        expect(findings.map((found) => found.word)).toContain(listed);
        for (const found of findings) {
          expect(fold(text.slice(found.start, found.end)).text).toBe(fold(found.word).text);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe("the shipped word list", () => {
  it("blocks every fatal and high word, sends every medium one to a person, lets every low one pass", () => {
    const expected = { fatal: "block", high: "block", medium: "review", low: "pass" } as const;
    for (const { severity, words } of lexicon.entries) {
      for (const listed of [...words["zh-CN"], ...words.en]) {
        const { findings } = checkText(listed, lexicon);
        const own = findings.find((found) => found.word === listed);
        expect(own?.severity, listed).toBe(severity);
        if (severity !== "low") expect(verdictOf(listed), listed).not.toBe("pass");
        else expect(verdictOf(listed), listed).toBe(expected[severity]);
      }
    }
  });

  it("says one thing once: no word stands in two categories", () => {
    const words = lexicon.entries.flatMap((entry) => [...entry.words["zh-CN"], ...entry.words.en]);
    const folded = words.map((listed) => fold(listed).text);
    expect(folded.filter((one, index) => folded.indexOf(one) !== index)).toEqual([]);
    expect(LexiconSchema.parse(lexicon)).toEqual(lexicon);
  });
});
