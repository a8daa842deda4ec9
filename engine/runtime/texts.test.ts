import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { gateReasonTexts } from "../contact/texts";
import { runtimeTexts } from "./texts";

const folder = import.meta.dirname;

it("every reason the sender gives has its sentence, and no sentence is left over", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const sources = files.map((file) => readFileSync(join(folder, file), "utf8"));
  const codes = sources.flatMap((source) => [...source.matchAll(/senderReason\("(dispatch\.[a-z-]+)"/g)]);
  const own = codes.map((match) => match[1] ?? "").filter((code) => !Object.hasOwn(gateReasonTexts.en, code));
  expect([...new Set(own)].sort()).toEqual(Object.keys(runtimeTexts.en.dispatch).sort());
});
