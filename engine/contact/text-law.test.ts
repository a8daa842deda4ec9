import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writtenWords } from "../channels/render";
import { type Content, ContentSchema } from "../model/content";
import { type Lexicon, RulePackSchema } from "../model/market-pack";
import { placedFindings, type TextLaw, textFindings } from "./text-law";

const source = { kind: "law", name: "A law", counselCheck: true } as const;
const base = { severity: "block", channels: ["sms", "email"], source, effectiveFrom: "2020-01-01" } as const;
const rulePack = RulePackSchema.parse({
  pack: "t",
  version: "1",
  jurisdiction: "t",
  title: { en: "T" },
  rules: [
    { ...base, id: "t.court", title: { en: "No court" }, kind: "banned-content", phrases: ["Court summons"] },
    {
      ...base,
      id: "t.stop",
      title: { en: "Opt out" },
      kind: "required-content",
      when: "always",
      demands: [{ id: "opt-out", anyOf: ["拒收请回复R", "Reply STOP"] }],
    },
  ],
});
const lexicon: Lexicon = {
  name: "t",
  version: "1",
  title: { en: "T" },
  entries: [
    { category: "F", severity: "high", words: { "zh-CN": ["最后通牒"], en: [] }, instead: { 最后通牒: "还款提醒" } },
    { category: "V", severity: "fatal", words: { "zh-CN": ["弄死"], en: [] } },
  ],
};
const LAW: TextLaw = { market: "cn", rulePack, lexicons: { t: lexicon } };

function text(written: string, changes: Partial<Content> = {}): Content {
  return ContentSchema.parse({
    id: "t.own",
    channel: "sms",
    title: { en: "T" },
    text: { "zh-CN": written },
    ...changes,
  });
}

/** What is underlined, with what stands ready to be said instead. */
function underlined(content: Content) {
  const found = placedFindings({ content, channel: content.channel, locale: "zh-CN" }, LAW);
  return found.map(({ code, at, suggestion }) => {
    const part = at === null ? "" : (content[at.part]?.["zh-CN"] ?? "");
    return [code, at === null ? null : part.slice(at.start, at.end), suggestion];
  });
}

describe("a text that is being written", () => {
  it("is underlined where it says what it must not, behind places of values and at every place", () => {
    expect(
      underlined(text("{{customer_name}}您好，{{overdue_amount | money}}，最后通牒！COURT SUMMONS，最后-通牒")),
    ).toEqual([
      ["law.content-missing", null, "拒收请回复R"],
      ["law.content-banned", "COURT SUMMONS", null],
      ["law.word-banned", "最后通牒", "还款提醒"],
      ["law.word-banned", "最后-通牒", "还款提醒"],
    ]);
  });

  it("is underlined above the text as well, where its channel has such a place", () => {
    const mail = text("拒收请回复R", { channel: "email", subject: { "zh-CN": "{{customer_name}} 弄死" } });
    expect(underlined(mail)).toEqual([["law.word-banned", "弄死", null]]);
    expect(underlined({ ...mail, channel: "sms" })).toEqual([]);
  });

  it("has nothing against it once the wordings offered are taken", () => {
    expect(underlined(text("还款提醒，拒收请回复R"))).toEqual([]);
  });

  it("is told each objection once where nobody looks at the places", () => {
    const twice = text("最后通牒，最后通牒，拒收请回复R");
    expect(textFindings(twice, "sms", LAW).map(({ code }) => code)).toEqual(["law.word-banned"]);
  });
});

it("finds its way back to what is written, wherever values come in", () => {
  const pieces = fc.array(
    fc.oneof(fc.constantFrom("{{a}}", "{{ b | money }}"), fc.string({ unit: fc.constantFrom("x", "弄", " ", "{") })),
  );
  fc.assert(
    fc.property(pieces, pieces, (above, below) => {
      const content = text(below.join("") || "t", { channel: "email", subject: { "zh-CN": above.join("") || "t" } });
      const { words, writtenAt } = writtenWords(content, "zh-CN");
      for (let at = 0; at < words.length; at += 1) {
        if (words[at] === "\n") continue;
        const { part, start, end } = writtenAt(at, at + 1);
        const written = content[part]?.["zh-CN"]?.slice(start, end) ?? "";
        expect(written === words[at] || (words[at] === "某" && /^\{\{[^{}]*\}\}$/.test(written))).toBe(true);
      }
    }),
  );
});
