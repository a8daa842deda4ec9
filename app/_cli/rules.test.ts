import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommandLine } from "./command-line";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "duecourse-rules-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content, null, 2));
  return path;
}

async function rules(...argv: readonly string[]) {
  const said = await runCommandLine(["rules", ...argv, "--json"]);
  return { exit: said.exit, json: JSON.parse(said.stdout) };
}

const shipped = (file: string) => JSON.parse(readFileSync(join("engine/packs", file), "utf8"));

/** What a lender may add to the law for itself: nobody is called before ten. */
const HOUSE = {
  pack: "acme-house",
  version: "1",
  jurisdiction: "CN",
  title: { en: "Acme" },
  extends: ["cn-default"],
  rules: [
    {
      id: "acme.hours",
      kind: "window",
      title: { en: "Not before ten" },
      severity: "block",
      source: { kind: "house-policy", name: "Acme", counselCheck: false },
      effectiveFrom: "2026-01-01",
      windows: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: "10:00", to: "23:00" }],
    },
  ],
};
const caseAt = (id: string, now: string, expected: object) => ({ id, note: { en: id }, now, expect: expected });

describe("due rules", () => {
  test.each(["cn-default", "us-reg-f", "us-states", "uk-conc"])("%s agrees with its cases", async (pack) => {
    const { exit, json } = await rules(pack);
    expect([exit, json.ok, json.failed]).toEqual([0, true, 0]);
    expect(json.cases.length).toBe(json.total);
  });

  test("prints a table in the reader's language", async () => {
    const chinese = await runCommandLine(["rules", "cn-default", "--lang", "zh"]);
    expect(chinese.stdout).toMatch(/hours-2200 +2026-03-02 22:00 +推迟 +2026-03-03 08:00 +cn\.window/);
    const english = await runCommandLine(["rules", "cn-default", "--lang", "en"]);
    expect(english.stdout).toMatch(/hours-2200 +2026-03-02 22:00 +defer +2026-03-03 08:00 +cn\.window +At ten/);
    expect(english.stdout).not.toMatch(/[{}]/);
  });

  test("fails when a case does not agree, and names it", async () => {
    const file = shipped("cn/rule-cases.json");
    file.cases[3].expect.until = "2026-03-03T09:00:00+08:00";
    const cases = fileOf("wrong.json", file);
    const { exit, json } = await rules("cn-default", "--cases", cases);
    expect([exit, json.failed]).toEqual([1, 1]);
    expect(json.cases.filter((one: { passed: boolean }) => !one.passed).map((one: { id: string }) => one.id)).toEqual([
      "hours-2200",
    ]);
    const said = await runCommandLine(["rules", "cn-default", "--cases", cases, "--lang", "en"]);
    expect(said.exit).toBe(1);
    expect(said.stdout).toContain("mismatch: expected defer");
  });

  test("asks by the law of another day", async () => {
    const { json } = await rules("us-reg-f", "--as-of", "2020-01-01");
    const [hours] = json.cases.filter((one: { id: string }) => one.id === "hours-2100");
    expect([hours.verdict, hours.passed]).toEqual(["allow", false]);
  });

  test("lets a house add to the law and never take from it", async () => {
    const cases = fileOf("house-cases.json", {
      pack: "acme-house",
      base: { zones: ["Asia/Shanghai"] },
      cases: [
        caseAt("before-ten", "2026-03-02T09:00:00+08:00", { verdict: "defer", until: "2026-03-02T10:00:00+08:00" }),
        caseAt("after-ten-at-night", "2026-03-02T22:30:00+08:00", { verdict: "defer", rules: ["cn.window"] }),
      ],
    });
    const { exit, json } = await rules(fileOf("house.json", HOUSE), "--cases", cases);
    expect([exit, json.ok]).toEqual([0, true]);
  });

  test.each(["en", "zh-CN"])("runs the example of the guide (%s)", async (locale) => {
    const [, example] = /```json\n([\s\S]+?)```/.exec(readFileSync(`docs/guide/rules.${locale}.md`, "utf8")) ?? [];
    const cases = fileOf(`guide-${locale}.json`, JSON.parse(example ?? ""));
    expect((await rules(fileOf("house.json", HOUSE), "--cases", cases)).json.ok).toBe(true);
  });

  test("refuses a pack that bears a rule of the law anew, one upon nothing, and one that cannot be read", async () => {
    const again = { ...HOUSE, rules: [{ ...HOUSE.rules[0], id: "cn.window" }] };
    expect((await rules(fileOf("again.json", again))).json.error.code).toBe("rules.base-missing");
    expect((await rules(fileOf("alone.json", { ...HOUSE, extends: ["gone"] }))).json.error.code).toBe(
      "rules.base-missing",
    );
    const broken = {
      ...HOUSE,
      rules: [{ ...HOUSE.rules[0], windows: [{ weekdays: [9], from: "10:00", to: "25:00" }] }],
    };
    const { exit, json } = await rules(fileOf("broken.json", broken));
    expect(exit).toBe(1);
    expect(
      json.issues.map(({ code, path, line }: { code: string; path: string; line: number }) => [code, path, line > 1]),
    ).toEqual([
      ["rules.malformed", "rules[0].windows[0].weekdays[0]", true],
      ["rules.malformed", "rules[0].windows[0].to", true],
    ]);
    expect((await rules("no-such-pack")).json.error.code).toBe("rules.pack-unknown");
    expect((await rules("cn-default", "--as-of", "soon")).json.error.code).toBe("rules.not-a-date");
  });
});
