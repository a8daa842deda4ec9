import { expect, test } from "vitest";
import { briefly, contextWith } from "../testing/context";
import { qaText } from "./node";

test("a check that does not answer, or answers something unheard of, goes to a person and never passes", () => {
  const spec = qaText.compile({ contentId: "sms.late", lexicon: "cn-default" }, contextWith());
  expect(spec).toMatchObject({
    request: { kind: "qa", contentId: "sms.late", lexicon: "cn-default" },
    outcomes: { pass: "pass", block: "block", review: "review" },
    exhausted: "review",
    expired: "review",
    blocked: "block",
  });
});

test("text and word list must be chosen and exist; texts of every channel can be checked", () => {
  const problems = (contentId: string, lexicon: string) => briefly(qaText.lint({ contentId, lexicon }, contextWith()));
  expect(problems("sms.late", "cn-default")).toEqual([]);
  expect(problems("robot.late", "cn-default")).toEqual([]);
  expect(problems("", "")).toEqual([
    "error qa.text.content-missing contentId",
    "error qa.text.lexicon-missing lexicon",
  ]);
  expect(problems("gone", "toString")).toEqual([
    "error qa.text.content-unknown contentId",
    "error qa.text.lexicon-unknown lexicon",
  ]);
});
