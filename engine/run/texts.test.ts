import { describe, expect, test } from "vitest";
import { compileIssueTexts } from "../compile/texts";
import { DECISION_CODES } from "../model/execution";
import { EXIT_REASONS } from "../model/exit-reason";
import { LOCALES } from "../model/locale";
import { decisionTexts, exitReasonTexts } from "./texts";

function placeholders(text: string | undefined): readonly string[] {
  return [...(text ?? "").matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}

describe.each(LOCALES)("texts in %s", (locale) => {
  test("every decision code and exit reason has one, and there are no others", () => {
    expect(Object.keys(decisionTexts[locale]).sort()).toEqual([...DECISION_CODES].sort());
    expect(Object.keys(exitReasonTexts[locale]).sort()).toEqual([...EXIT_REASONS].sort());
    for (const text of [...Object.values(decisionTexts[locale]), ...Object.values(exitReasonTexts[locale])]) {
      expect(text).not.toBe("");
    }
  });
});

test("both languages fill in the same values", () => {
  for (const code of DECISION_CODES) {
    expect(placeholders(decisionTexts["zh-CN"][code])).toEqual(placeholders(decisionTexts.en[code]));
  }
  expect(Object.keys(compileIssueTexts["zh-CN"])).toEqual(Object.keys(compileIssueTexts.en));
  for (const [code, text] of Object.entries(compileIssueTexts.en)) {
    expect(placeholders(Object.entries(compileIssueTexts["zh-CN"]).find(([known]) => known === code)?.[1])).toEqual(
      placeholders(text),
    );
  }
});
