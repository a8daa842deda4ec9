import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionsOf, readJson } from "./read-json";

const LIMITS = { bytes: 1_000_000, depth: 64 };

function problemOf(text: string): { code: string; path: string; line: number | undefined; column: number | undefined } {
  const read = readJson(text, LIMITS);
  if (read.ok) throw new Error(`was read: ${text.slice(0, 80)}`);
  const [found] = read.error;
  if (found === undefined) throw new Error("refused without an issue");
  return { code: found.code, path: found.path, line: found.line, column: found.column };
}

describe("strict JSON", () => {
  test.each([
    ["a name used twice", '{"a": 1,\n "a": 2}', { code: "json.duplicate-key", path: "a", line: 2, column: 2 }],
    [
      "a name used twice, once escaped",
      '{"a":1,"\\u0061":2}',
      { code: "json.duplicate-key", path: "a", line: 1, column: 8 },
    ],
    [
      "a prototype",
      '{"x":{"__proto__":{"admin":true}}}',
      { code: "json.forbidden-key", path: "x.__proto__", line: 1, column: 7 },
    ],
    ["a constructor", '{"constructor":1}', { code: "json.forbidden-key", path: "constructor", line: 1, column: 2 }],
    ["a line comment", '{\n// note\n"a":1}', { code: "json.comment", path: "", line: 2, column: 1 }],
    ["a block comment", "[1, /* two */ 2]", { code: "json.comment", path: "[1]", line: 1, column: 5 }],
    ["NaN", '{"a": NaN}', { code: "json.number", path: "a", line: 1, column: 7 }],
    ["Infinity", '{"a": -Infinity}', { code: "json.number", path: "a", line: 1, column: 7 }],
    ["a number beyond a double", '{"a":[0, 1e999]}', { code: "json.number", path: "a[1]", line: 1, column: 10 }],
    [
      "an integer that would be rounded",
      "[9007199254740993]",
      { code: "json.number", path: "[0]", line: 1, column: 2 },
    ],
    ["a leading zero", "[012]", { code: "json.number", path: "[0]", line: 1, column: 2 }],
    ["a plus sign", "[+1]", { code: "json.unexpected", path: "[0]", line: 1, column: 2 }],
    ["a bare point", "[1.]", { code: "json.number", path: "[0]", line: 1, column: 2 }],
    ["hexadecimal", "[0x10]", { code: "json.number", path: "[0]", line: 1, column: 2 }],
    ["single quotes", "{'a':1}", { code: "json.unexpected", path: "", line: 1, column: 2 }],
    ["a trailing comma in a list", "[1,]", { code: "json.unexpected", path: "[1]", line: 1, column: 4 }],
    ["a trailing comma in an object", '{"a":1,}', { code: "json.unexpected", path: "", line: 1, column: 8 }],
    ["a missing comma", '{"a":1 "b":2}', { code: "json.unexpected", path: "", line: 1, column: 8 }],
    ["a missing colon", '{"a" 1}', { code: "json.unexpected", path: "", line: 1, column: 6 }],
    ["text after the end", '{"a":1}\n}', { code: "json.trailing-text", path: "", line: 2, column: 1 }],
    ["nothing at all", " \n", { code: "json.unfinished", path: "", line: 2, column: 1 }],
    ["a file that breaks off", '{"a": [1, 2', { code: "json.unfinished", path: "a", line: 1, column: 12 }],
    ["a string that breaks off", '{"a": "bc', { code: "json.unfinished", path: "a", line: 1, column: 7 }],
    ["an unknown escape", '["\\x41"]', { code: "json.escape", path: "[0]", line: 1, column: 3 }],
    ["a raw line feed in a string", '["a\nb"]', { code: "json.control-character", path: "[0]", line: 1, column: 4 }],
    ["half a character", '["\\ud83d"]', { code: "json.lone-surrogate", path: "[0]", line: 1, column: 2 }],
    ["a NUL character", '["a\\u0000"]', { code: "json.nul-character", path: "[0]", line: 1, column: 2 }],
    ["a name of the wrong language", "{true: undefined}", { code: "json.unexpected", path: "", line: 1, column: 2 }],
    ["undefined", '{"a": undefined}', { code: "json.unexpected", path: "a", line: 1, column: 7 }],
  ])("refuses %s and says where", (_, text, expected) => {
    expect(problemOf(text)).toEqual(expected);
  });

  test("leaves no trace of a refused prototype", () => {
    problemOf('{"__proto__":{"admin":true}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("refuses 10,000 nested lists and objects without touching the call stack", () => {
    expect(problemOf("[".repeat(10_000)).code).toBe("json.too-deep");
    expect(problemOf('{"a":'.repeat(10_000)).code).toBe("json.too-deep");
    expect(problemOf("[".repeat(1_000_000)).code).toBe("json.too-deep");
  });

  test("allows exactly the depth of the limit", () => {
    expect(readJson("[".repeat(64) + "]".repeat(64), LIMITS).ok).toBe(true);
    expect(problemOf("[".repeat(65) + "]".repeat(65)).code).toBe("json.too-deep");
  });

  test("refuses 60 MB before reading any of it", () => {
    const startedMs = performance.now();
    expect(problemOf(`{"a":"${"x".repeat(60_000_000)}"}`).code).toBe("json.too-large");
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  test("counts bytes and not characters", () => {
    const limits = { bytes: 14, depth: 64 };
    expect(readJson('["催收催"]', { ...limits, bytes: 13 }).ok).toBe(true);
    expect(readJson('["催收催收"]', limits).ok).toBe(false);
    // A character outside the basic plane has four bytes in UTF-8 and two units here.
    expect(readJson('["𠮷𠮷"]', { ...limits, bytes: 12 }).ok).toBe(true);
    expect(readJson('["𠮷𠮷"]', { ...limits, bytes: 11 }).ok).toBe(false);
  });

  test("takes a byte order mark in front", () => {
    expect(readJson('\ufeff{"a":1}', LIMITS)).toEqual({ ok: true, value: { a: 1 } });
  });

  test("reads whatever JSON.stringify writes as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = readJson(text, LIMITS);
        const codes = read.ok ? [] : read.error.map(({ code }) => code);
        // Four things JSON.parse lets pass are refused here on purpose.
        const strict = codes.some((code) =>
          ["json.number", "json.forbidden-key", "json.lone-surrogate", "json.nul-character"].includes(code),
        );
        if (!strict) expect(read).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test("agrees with JSON.parse on what is no JSON, up to being stricter", () => {
    const scraps = fc.array(
      fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', "1", "-", "e5", ".5", "null", " ", '"'),
      {
        maxLength: 14,
      },
    );
    fc.assert(
      fc.property(scraps, (parts) => {
        const text = parts.join("");
        const read = readJson(text, LIMITS);
        if (read.ok) expect(read.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });
});

test("finds where values stand, in lines and columns", () => {
  const text = '{\n  "nodes": [\n    {"id": "a", "odd name": 1}\n  ]\n}';
  const positions = positionsOf(text, new Set(["nodes", "nodes[0].id", 'nodes[0]["odd name"]', "gone"]));
  expect(Object.fromEntries(positions)).toEqual({
    nodes: { line: 2, column: 12 },
    "nodes[0].id": { line: 3, column: 12 },
    'nodes[0]["odd name"]': { line: 3, column: 29 },
  });
});
