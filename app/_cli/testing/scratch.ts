import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { runCommandLine } from "../command-line";

/** A strategy that ships, as a file on the command line. */
export const STRATEGY = "engine/packs/cn/strategies/m1-standard-robot-first.json";

/** Runs the command line in this process: what is printed and the exit code, without a second to start up. */
export async function dueHere(argv: readonly string[]) {
  const said = await runCommandLine([...argv, "--json"]);
  return { ...said, json: JSON.parse(said.stdout) };
}

/** A folder for the files of one test file; it is gone when its tests are over. */
export function scratchFolder() {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "duecourse-cli-"));
    chmodSync(folder, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const pathOf = (name: string): string => join(folder, name);
  const fileOf = (name: string, content: string | Uint8Array): string => {
    writeFileSync(pathOf(name), content);
    return pathOf(name);
  };
  return { pathOf, fileOf };
}
