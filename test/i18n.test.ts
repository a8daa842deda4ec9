import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** Every word in both languages, from the first commit (design D15). */

const ROOT = resolve(import.meta.dirname, "..");
const FOLDERS = ["app", "engine", "designer", "db"];

function filesUnder(folder: string, suffix: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path, suffix);
    return suffix.test(entry.name) ? [path] : [];
  });
}

/** Texts of a dictionary by dotted key. */
function textsOf(value: unknown, prefix = ""): Map<string, string> {
  if (typeof value === "string") return new Map([[prefix, value]]);
  const texts = new Map<string, string>();
  if (value === null || typeof value !== "object") return texts;
  for (const [key, member] of Object.entries(value)) {
    for (const [path, text] of textsOf(member, prefix === "" ? key : `${prefix}.${key}`)) texts.set(path, text);
  }
  return texts;
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? "").sort();
const read = (file: string): Map<string, string> => textsOf(JSON.parse(readFileSync(file, "utf8")));
const dictionaries = FOLDERS.flatMap((folder) => filesUnder(join(ROOT, folder), /^zh-CN\.json$/)).map((zh) => ({
  name: relative(ROOT, dirname(zh)),
  zh,
  en: join(dirname(zh), "en.json"),
}));

describe("the words", () => {
  it("finds the dictionaries", () => {
    expect(dictionaries.length).toBeGreaterThan(10);
  });

  it.each(dictionaries)("$name says everything in zh-CN and en", ({ zh, en }) => {
    const chinese = read(zh);
    const english = read(en);
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    const empty = [...chinese, ...english].filter(([, text]) => text.trim() === "").map(([key]) => key);
    expect(empty).toEqual([]);
  });

  it.each(dictionaries)("$name fills in the same values in both", ({ zh, en }) => {
    const english = read(en);
    const different = [...read(zh)].filter(
      ([key, text]) =>
        String([...new Set(placeholders(text))]) !== String([...new Set(placeholders(english.get(key) ?? ""))]),
    );
    expect(different.map(([key]) => key)).toEqual([]);
  });

  it.each(dictionaries)("$name has no Chinese left in its English", ({ en }) => {
    const left = [...read(en)].filter(
      ([key, text]) => /[\u4e00-\u9fff]/.test(text) && !/language|locale|zh/i.test(key),
    );
    expect(left).toEqual([]);
  });

  it("has a text for every issue code", () => {
    const known = new Set(dictionaries.flatMap(({ zh }) => [...read(zh).keys()]));
    const tails = [...known];
    const sources = FOLDERS.flatMap((folder) => filesUnder(join(ROOT, folder), /\.tsx?$/)).filter(
      (file) => !/\.test\.tsx?$/.test(file),
    );
    const codes = sources.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\bissue\(\s*["'`]([a-z][\w.-]+)["'`]/g)].map(
        (match) => [match[1] ?? "", relative(ROOT, file)] as const,
      ),
    );
    const silent = codes.filter(([code]) => {
      const problem = code.slice(code.indexOf(".") + 1);
      return !tails.some(
        (key) =>
          key === code || key.endsWith(`.${code}`) || key === `issues.${code}` || key.endsWith(`issues.${problem}`),
      );
    });
    expect(codes.length).toBeGreaterThan(30);
    expect(silent).toEqual([]);
  });

  it("leaves no sentence in the screens' code", () => {
    const screens = ["app", "designer"]
      .flatMap((folder) => filesUnder(join(ROOT, folder), /\.tsx$/))
      .filter((file) => !/\.test\.tsx$/.test(file));
    const found = screens.flatMap((file) => {
      const text = readFileSync(file, "utf8")
        .replace(/\/\*[\s\S]*?\*\//g, "")
        .replace(/^\s*\/\/.*$/gm, "");
      return /[\u4e00-\u9fff]/.test(text) ? [relative(ROOT, file)] : [];
    });
    expect(found).toEqual([]);
  });
});
