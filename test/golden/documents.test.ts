import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileStrategy } from "#engine/compile/compile";
import { strategyContentHash } from "#engine/graph/hash";
import { readStrategyText } from "#engine/graph/read";
import { writeStrategy } from "#engine/graph/write";
import { STRATEGY_SCHEMA_VERSION } from "#engine/model/strategy";
import { marketPack } from "#engine/packs/index";

/*
 * A strategy file of every document format that was ever released, as it was written then. It must be read for ever, and mean
 * what it meant. These files are never changed; a new format adds one.
 */
const FOLDER = new URL("./documents/", import.meta.url).pathname;
const files = readdirSync(FOLDER).sort();

test("there is a file of every older format", () => {
  const older = Array.from({ length: STRATEGY_SCHEMA_VERSION - 1 }, (_, index) => `strategy-${index + 1}.json`);
  expect(files).toEqual(expect.arrayContaining(older));
});

describe.each(files)("%s", (file) => {
  const text = readFileSync(`${FOLDER}${file}`, "utf8");
  const before = JSON.parse(text) as { readonly nodes: readonly { readonly id: string }[] };

  test("is read, brought up to the present format, and written the same way twice", () => {
    const read = readStrategyText(text);
    expect(read).toMatchObject({ ok: true, value: { schemaVersion: STRATEGY_SCHEMA_VERSION } });
    if (!read.ok) return;
    expect(read.value.nodes.map(({ id }) => id)).toEqual(before.nodes.map(({ id }) => id));
    const written = writeStrategy(read.value);
    const again = readStrategyText(written);
    expect(again.ok && writeStrategy(again.value)).toBe(written);
    expect(again.ok && strategyContentHash(again.value)).toBe(strategyContentHash(read.value));
  });

  test("still compiles", () => {
    const read = readStrategyText(text);
    expect(read.ok && compileStrategy(read.value, marketPack("cn")).ok).toBe(true);
  });
});
