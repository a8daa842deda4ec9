import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "#db/testing";
import { bundle } from "./bundle";
import type { Findings } from "./check";
import { isMutation, MUTATIONS, type Mutation, mutating } from "./mutations";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "drill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Drilled = { readonly breaches: Findings; readonly sent: number; readonly pauses: number };

/** The drill on a database of its own, with the engine as it is or broken on purpose. */
async function drill(name: string, mutation: Mutation | null): Promise<Drilled> {
  const file = await bundle(
    "test/chaos/drill.ts",
    join(folder, `${name}.mjs`),
    mutation === null ? [] : [mutating(mutation)],
  );
  const house = await openTestDatabase();
  try {
    const env = { ...process.env, DATABASE_URL: house.url, CHAOS_HISTORY: join(folder, `${name}.ndjson`) };
    const { stdout } = await run(process.execPath, [file], { env });
    return JSON.parse(stdout) as Drilled;
  } finally {
    await house.drop();
  }
}

describe("the drill", () => {
  it("finds nothing wrong with the engine as it is, though contacts leave and pauses hold", async () => {
    const { breaches, sent, pauses } = await drill("whole", null);
    expect(Object.entries(breaches).filter(([, found]) => found.length > 0)).toEqual([]);
    expect(sent).toBeGreaterThan(40);
    expect(pauses).toBe(2);
  }, 300_000);

  it.each(Object.keys(MUTATIONS).filter(isMutation))(
    "finds out an engine broken by %s",
    async (name) => {
      const { breaches } = await drill(name, MUTATIONS[name]);
      const found = Object.entries(breaches).flatMap(([check, seen]) =>
        seen.length > 0 ? [check.split(" ")[0] ?? ""] : [],
      );
      const expected: readonly string[] = MUTATIONS[name].caughtBy;
      expect({ name, found, isCaught: found.some((check) => expected.includes(check)) }).toMatchObject({
        isCaught: true,
      });
    },
    300_000,
  );
});
