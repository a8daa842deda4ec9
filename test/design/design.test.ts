import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Locale } from "#engine/model/locale";
import { contrast, hexOf } from "./contrast";
import { stepsPicture } from "./picture";
import { colourTable, colourTokens, LEAST_CONTRAST, measured } from "./tokens";

const tokens = colourTokens(readFileSync("app/globals.css", "utf8"));

test("black on white has the contrast the standard gives it, and colours the values a screen shows", () => {
  const white = { lightness: 1, chroma: 0, hue: 0 };
  expect(contrast({ lightness: 0, chroma: 0, hue: 0 }, white)).toBeCloseTo(21, 3);
  // The primaries of sRGB in OKLCH (CSS Color 4).
  expect(hexOf({ lightness: 0.62796, chroma: 0.25768, hue: 29.234 })).toBe("#ff0000");
  expect(hexOf({ lightness: 0.45201, chroma: 0.31321, hue: 264.052 })).toBe("#0000ff");
  // #767676 is the lightest grey that may be text on white.
  expect(contrast({ lightness: 0.5658, chroma: 0, hue: 0 }, white)).toBeCloseTo(4.54, 1);
});

test.each(measured(tokens))("$colour on $on can be seen as $use in the $theme theme", ({ use, ratio }) => {
  expect(ratio).toBeGreaterThanOrEqual(LEAST_CONTRAST[use]);
});

/** What the generated part of the page stands between. */
const [BEGIN, END] = ["<!-- colours -->", "<!-- /colours -->"];
const WORDS = {
  "zh-CN": { token: "名称", light: "浅色", dark: "深色", least: "最低对比度" },
  en: { token: "name", light: "light", dark: "dark", least: "least contrast" },
} as const satisfies { readonly [locale in Locale]: object };

test.each(["zh-CN", "en"] as const)("the page of the design in %s shows the colours there are", (locale) => {
  const file = `docs/guide/design.${locale}.md`;
  const page = readFileSync(file, "utf8");
  const [before = "", rest = ""] = page.split(BEGIN);
  const [, after = ""] = rest.split(END);
  const fresh = `${before}${BEGIN}\n\n${colourTable(tokens, WORDS[locale])}\n\n${END}${after}`;
  // DESIGN_RECORD=1 writes the table anew after a colour was changed on purpose.
  if (process.env.DESIGN_RECORD === "1") writeFileSync(file, fresh);
  expect(readFileSync(file, "utf8")).toBe(fresh);
});

test.each(["light", "dark"] as const)(
  "the picture of the steps in the %s theme shows the shapes that are drawn",
  (theme) => {
    const file = `docs/images/steps-${theme}.svg`;
    const fresh = stepsPicture(tokens, theme);
    if (process.env.DESIGN_RECORD === "1") writeFileSync(file, fresh);
    expect(readFileSync(file, "utf8")).toBe(fresh);
  },
);
