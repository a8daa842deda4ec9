import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readHouse } from "./house";

const folder = mkdtempSync(join(tmpdir(), "house-"));
const before = process.env.DUECOURSE_HOUSE_FILE;
afterEach(() => {
  if (before === undefined) delete process.env.DUECOURSE_HOUSE_FILE;
  else process.env.DUECOURSE_HOUSE_FILE = before;
});

function said(content: unknown) {
  const file = join(folder, "house.json");
  writeFileSync(file, JSON.stringify(content));
  process.env.DUECOURSE_HOUSE_FILE = file;
  return readHouse();
}

test("a house says who it is, and one that says nothing is not guessed at", () => {
  delete process.env.DUECOURSE_HOUSE_FILE;
  expect(readHouse()).toEqual({});
  const house = { actor: "first-party", licence: "bank", recordedChannels: ["robot", "agent"] };
  expect(said(house)).toEqual(house);
  expect(() => said({ actor: "lender" })).toThrow("env.malformed");
  expect(() => said({ license: "bank" })).toThrow("env.malformed");
  rmSync(folder, { recursive: true });
});
