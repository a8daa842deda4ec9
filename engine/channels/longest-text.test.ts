import { expect, it } from "vitest";
import { FieldSchema } from "../model/facts";
import { longestText } from "./longest-text";
import { smsParts } from "./sms/parts";

const field = (key: string, type: string, more = {}) =>
  FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules: true, ...more });
const FIELDS = {
  customer_name: field("customer_name", "text"),
  overdue_amount: field("overdue_amount", "money"),
  due_date: field("due_date", "date"),
  dpd: field("dpd", "integer", { maximum: 999 }),
};
const text = (written: string) => ({ text: { "zh-CN": written, en: written } });

it.each([
  ["{{customer_name}}", "欧阳小明"],
  ["{{overdue_amount | money}} 元", "9,999,999.99 元"],
  ["{{due_date | date}}", "2026年12月30日"],
  ["{{dpd | int}} 天", "999 天"],
  ["{{nobody_knows}}", "某".repeat(20)],
  ["{{dpd | roman}}", "{{dpd | roman}}"],
])("%s may become as long as %s", (written, longest) => {
  expect(longestText(text(written), FIELDS, "zh-CN")).toBe(longest);
});

it("tells of a message that fits one part as it is written and needs two once it is filled", () => {
  const parts = (characters: number) => {
    const written = `${"字".repeat(characters)}{{overdue_amount | money}}`;
    return smsParts(longestText(text(written), FIELDS, "zh-CN")).parts;
  };
  expect(smsParts("字".repeat(60)).parts).toBe(1);
  expect([parts(58), parts(59)]).toEqual([1, 2]);
});
