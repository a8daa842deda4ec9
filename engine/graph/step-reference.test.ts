import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LOCALES } from "../model/locale";
import { nodeDefinitions } from "../nodes";
import { stepReference } from "./step-reference";

test.each(LOCALES)("the page of step types in %s is the one in docs: `npm run -s docs` writes it anew", (locale) => {
  const page = readFileSync(new URL(`../../docs/reference/steps.${locale}.md`, import.meta.url), "utf8");
  expect(page).toBe(stepReference(locale));
});

test.each(LOCALES)("in %s every step type has its section and its ways on", (locale) => {
  const page = stepReference(locale);
  for (const { type, texts } of nodeDefinitions) {
    expect(page).toContain(`\n## ${texts[locale].title}\n`);
    expect(page).toContain(`\`${type}\``);
  }
});
