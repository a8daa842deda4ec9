import fc from "fast-check";
import { expect, it } from "vitest";
import { type Mark, placeMarks, segmentsOf } from "./segments";

it("shows the worst where marks lie over each other, and the places of values", () => {
  const text = "亲爱的{{customer_name}}，最后通牒";
  const marks: readonly Mark[] = [
    ...placeMarks(text),
    { start: 21, end: 25, kind: "warning" },
    { start: 23, end: 25, kind: "error" },
  ];
  expect(segmentsOf(text, marks).map(({ text: shown, kind }) => [shown, kind])).toEqual([
    ["亲爱的", null],
    ["{{customer_name}}", "place"],
    ["，", null],
    ["最后", "warning"],
    ["通牒", "error"],
  ]);
});

it("never loses or doubles a character, whatever is marked", () => {
  const markArb = fc.record({
    start: fc.nat(30),
    end: fc.nat(30),
    kind: fc.constantFrom<Mark["kind"]>("error", "place"),
  });
  fc.assert(
    fc.property(fc.string({ maxLength: 25 }), fc.array(markArb), (text, marks) => {
      expect(
        segmentsOf(text, marks)
          .map((segment) => segment.text)
          .join(""),
      ).toBe(text);
    }),
  );
});
