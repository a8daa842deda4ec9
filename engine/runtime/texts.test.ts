import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runtimeTexts } from "./texts";

const folder = import.meta.dirname;

it("every reason the sender gives has its sentence", () => {
  const source = readFileSync(join(folder, "dispatch.ts"), "utf8");
  const codes = [...source.matchAll(/senderReason\("(dispatch\.[a-z-]+)"/g)].map((match) => match[1] ?? "");
  expect([...new Set(codes)].sort()).toEqual(Object.keys(runtimeTexts.en.dispatch).sort());
});
