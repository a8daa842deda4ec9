import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readIntegrations, simulatedAnswers } from "./integrations";

const SECRET = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
const RISK = { url: "https://decisions.example/v1", secret: SECRET, simulated: [{ outcome: "low", weight: 1 }] };

let folder: string;
let before: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "integrations-"));
  before = process.env.DUECOURSE_INTEGRATIONS_FILE;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env.DUECOURSE_INTEGRATIONS_FILE;
  else process.env.DUECOURSE_INTEGRATIONS_FILE = before;
});

function given(text: string): void {
  const path = join(folder, "integrations.json");
  writeFileSync(path, text);
  process.env.DUECOURSE_INTEGRATIONS_FILE = path;
}

describe("the file of systems that decide", () => {
  it("is not needed", () => {
    delete process.env.DUECOURSE_INTEGRATIONS_FILE;
    expect(readIntegrations()).toEqual({});
  });

  it("names each with address and secret; a simulation is told neither", () => {
    given(JSON.stringify({ risk: RISK }));
    expect(readIntegrations()).toEqual({ risk: RISK });
    expect(JSON.stringify(simulatedAnswers(readIntegrations()))).toBe('{"risk":[{"outcome":"low","weight":1}]}');
  });

  it.each([
    ["is no JSON", "{risk"],
    ["holds a malformed system", JSON.stringify({ risk: { ...RISK, url: "http:/" } })],
    ["is too large", `"${"x".repeat(1024 * 1024)}"`],
  ])("that %s stops the process, and nothing of it is said", (_, text) => {
    given(text);
    expect(readIntegrations).toThrow(/^env\.malformed DUECOURSE_INTEGRATIONS_FILE$/);
  });

  it("that is not there stops the process", () => {
    process.env.DUECOURSE_INTEGRATIONS_FILE = join(folder, "gone.json");
    expect(readIntegrations).toThrow(/^env\.malformed/);
  });
});
