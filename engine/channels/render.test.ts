import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Content, ContentSchema } from "../model/content";
import type { FactValue } from "../model/facts";
import type { Locale } from "../model/locale";
import { placeholdersOf, renderContent, renderSubject } from "./render";
import { channelTexts } from "./texts";

function content(zh: string, en?: string): Content {
  return ContentSchema.parse({
    id: "sms.test",
    channel: "sms",
    title: { "zh-CN": "测试" },
    text: { "zh-CN": zh, ...(en === undefined ? {} : { en }) },
  });
}

function rendered(text: string, values: { [key: string]: FactValue }, locale: Locale = "zh-CN"): string {
  const result = renderContent(content(text, text), values, locale);
  return result.ok ? result.value : result.error.map((found) => found.code).join(",");
}

describe("what the person reads", () => {
  it.each([
    ["应还{{overdue_amount | money}}元", { overdue_amount: 123456789 }, "应还1,234,567.89元"],
    ["应还{{overdue_amount|money}}元", { overdue_amount: 5 }, "应还0.05元"],
    ["应还{{ overdue_amount  |  money }}元", { overdue_amount: 100000 }, "应还1,000.00元"],
    ["余额{{total_outstanding | money}}", { total_outstanding: -123456 }, "余额-1,234.56"],
    ["逾期{{dpd | int}}天", { dpd: 0 }, "逾期0天"],
    ["{{due_date | date}}到期", { due_date: "2026-03-02" }, "2026年3月2日到期"],
    ["{{customer_name}}您好", { customer_name: "王芳" }, "王芳您好"],
    ["{{risk_score}}分", { risk_score: 612.5 }, "612.5分"],
    ["没有变量", {}, "没有变量"],
  ] as const)("%s", (text, values, expected) => {
    expect(rendered(text, values)).toBe(expected);
  });

  it("writes dates in the reader's language and falls back to the other language's text", () => {
    const bilingual = content("{{due_date | date}}到期", "due on {{due_date | date}}");
    expect(renderContent(bilingual, { due_date: "2026-03-02" }, "en")).toEqual({
      ok: true,
      value: "due on 2 March 2026",
    });
    expect(renderContent(content("到期"), {}, "en")).toEqual({ ok: true, value: "到期" });
  });

  it("fills in one pass: a value that looks like a placeholder stays what it is", () => {
    expect(rendered("{{customer_name}}", { customer_name: "{{id_no}}", id_no: "secret" })).toBe("{{id_no}}");
  });

  it("keeps a cell's line breaks and invisible characters out of the text", () => {
    expect(rendered("{{customer_name}}您好", { customer_name: "王\n芳\u200b \u0007" })).toBe("王 芳您好");
  });
});

describe("what is refused rather than sent", () => {
  it.each([
    ["a value nobody has", "{{customer_name}}", {}, "content.variable-missing"],
    ["an unknown value", "{{overdue_amount | money}}", { overdue_amount: null }, "content.variable-missing"],
    ["an empty name", "{{customer_name}}", { customer_name: "" }, "content.variable-missing"],
    ["a name of blanks", "{{customer_name}}", { customer_name: " \t" }, "content.value-unfit"],
    ["a float as money", "{{overdue_amount | money}}", { overdue_amount: 0.1 }, "content.value-unfit"],
    ["a text as money", "{{overdue_amount | money}}", { overdue_amount: "12" }, "content.value-unfit"],
    ["a day that does not exist", "{{due_date | date}}", { due_date: "2026-02-30" }, "content.value-unfit"],
    ["half a day past due", "{{dpd | int}}", { dpd: 1.5 }, "content.value-unfit"],
    ["yes or no", "{{secured}}", { secured: true }, "content.value-unfit"],
    ["an unknown format", "{{dpd | weeks}}", { dpd: 3 }, "content.formatter-unknown"],
    ["a name every object inherits, as format", "{{dpd | constructor}}", { dpd: 3 }, "content.formatter-unknown"],
    ["a name every object inherits, as variable", "{{constructor}}", {}, "content.variable-missing"],
    ["an expression", "{{dpd + 1}}", { dpd: 3 }, "content.placeholder-invalid"],
    ["a placeholder that never closes", "您好{{dpd", { dpd: 3 }, "content.placeholder-invalid"],
    ["a placeholder that never opens", "您好dpd}}", { dpd: 3 }, "content.placeholder-invalid"],
    ["a whole cell of remarks", "{{customer_name}}", { customer_name: "王".repeat(201) }, "content.value-too-long"],
    ["an empty text", " ", {}, "content.empty"],
    ["a message of six hundred characters", "好".repeat(501), {}, "content.too-long"],
  ] as const)("%s", (...[, text, values, code]) => {
    expect(rendered(text, values)).toBe(code);
  });

  it("names every missing variable at once, with the text and the language", () => {
    const result = renderContent(content("{{customer_name}}{{overdue_amount | money}}"), {}, "zh-CN");
    expect(result).toMatchObject({
      ok: false,
      error: [
        { path: "text.zh-CN", params: { content: "sms.test", variable: "customer_name" } },
        { path: "text.zh-CN", params: { content: "sms.test", variable: "overdue_amount" } },
      ],
    });
  });
});

describe("a subject", () => {
  const mail = (subject?: string, channel: Content["channel"] = "email") =>
    ContentSchema.parse({
      id: "email.test",
      channel,
      title: { en: "Test" },
      text: { "zh-CN": "正文" },
      ...(subject === undefined ? {} : { subject: { "zh-CN": subject } }),
    });
  const subjectOf = (written: Content, name = "王小明") => renderSubject(written, [{ customer_name: name }], "zh-CN");

  it("is filled like the text, in one line", () => {
    expect(subjectOf(mail("{{customer_name}}，您的账单"))).toEqual({ ok: true, value: "王小明，您的账单" });
    expect(subjectOf(mail("账单\r\nBcc: everybody"))).toEqual({ ok: true, value: "账单 Bcc: everybody" });
  });

  it("is needed where the channel shows one, and is none elsewhere", () => {
    const refused = (written: Content) => {
      const rendered = subjectOf(written);
      return rendered.ok ? [] : rendered.error.map(({ code, path }) => `${code} ${path}`);
    };
    expect(refused(mail())).toEqual(["content.subject-missing subject.zh-CN"]);
    expect(refused(mail("{{dpd | int}}天"))).toEqual(["content.variable-missing subject.zh-CN"]);
    expect(refused(mail("长".repeat(81)))).toEqual(["content.too-long subject.zh-CN"]);
    for (const channel of ["sms", "robot"] as const) {
      expect(subjectOf(mail("从不显示", channel))).toEqual({ ok: true, value: null });
    }
  });
});

describe("always", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
  const formatter = fc.constantFrom("", " | money", " | date", " | int");

  it("either renders without a trace of undefined, null, NaN or a placeholder, or says why not", () => {
    fc.assert(
      fc.property(value, formatter, (given, format) => {
        const result = renderContent(content(`A{{customer_name${format}}}Z`), { customer_name: given }, "zh-CN");
        if (!result.ok) {
          expect(result.error.every((found) => Object.hasOwn(channelTexts.en, found.code))).toBe(true);
          return;
        }
        expect(result.value.startsWith("A") && result.value.endsWith("Z")).toBe(true);
        if (typeof given !== "string") expect(result.value).not.toMatch(/undefined|null|NaN|\{\{/);
      }),
    );
  });

  it("writes money that reads back as the same number of minor units", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (minor) => {
        const text = rendered("{{overdue_amount | money}}", { overdue_amount: minor });
        expect(text).toMatch(/^-?\d{1,3}(,\d{3})*\.\d\d$/);
        expect(BigInt(text.replace(/[,.]/g, ""))).toBe(BigInt(minor));
      }),
    );
  });

  it("knows the placeholders it will fill", () => {
    expect(placeholdersOf("{{customer_name}} {{dpd | int}} {{bad one}}")).toEqual([
      { variable: "customer_name", formatter: null },
      { variable: "dpd", formatter: "int" },
    ]);
  });
});
