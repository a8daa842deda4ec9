import { locateIssues } from "#engine/graph/read";
import { readJson } from "#engine/graph/read-json";
import type { Issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import { inLocale } from "#engine/model/locale";
import type { RulePack } from "#engine/model/market-pack";
import type { Result } from "#engine/model/result";
import { formatInstant, isLocalDate, parseInstant } from "#engine/model/time";
import { shippedRuleCases, shippedRulePacks } from "#engine/packs/rule-cases";
import { layeredPack, readRulePack } from "#engine/policy/link";
import { policyReasonText } from "#engine/policy/reason-text";
import { type RuleCaseFile, type RuleCaseResult, readRuleCases, runRuleCases } from "#engine/policy/rule-cases";
import { type Command, type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import { readText } from "../files";
import type { Speaker } from "../language";
import { tableLines } from "../table-lines";

/** Rule packs and their cases are written by hand; larger files are something else. */
const FILE_LIMITS = { bytes: 4_000_000, depth: 20 };

/**
 * `due rules <pack|pack.json> [--cases <file>] [--as-of <date>]`: asks the gate every case of a rule pack and holds the answer
 * against what is expected; exit 1 when one does not agree. `--as-of` asks all of them by the law of another day.
 */
export const rules: Command = {
  usage: "usage.rules",
  options: { cases: { type: "string" }, "as-of": { type: "string" } },
  takes: 1,
  run: async (input) => {
    const [name = ""] = input.positionals;
    const { words } = input;
    const asOf = dateFlag(input);
    const rulePack = packNamed(name);
    const file = casesFor(input, rulePack.pack);
    const results = runRuleCases(file, { rulePack, ...(asOf === undefined ? {} : { asOf }) });
    const failed = results.filter(({ passed }) => !passed).length;
    const total = results.length;
    const verdict =
      failed === 0 ? words.say("rules.all-passed", { total }) : words.say("rules.some-failed", { total, failed });
    const { pack, version, title } = rulePack;
    return {
      exit: failed === 0 ? 0 : 1,
      json: {
        pack,
        version,
        asOf: asOf ?? null,
        ok: failed === 0,
        total,
        failed,
        cases: results.map((result) => caseJson(result, rulePack, words)),
      },
      lines: [
        words.say("rules.heading", {
          pack,
          version,
          title: inLocale(title, words.locale),
          rules: rulePack.rules.length,
        }),
        ...caseLines(results, words),
        verdict,
      ],
    };
  },
};

function dateFlag(input: CommandInput): string | undefined {
  const found = flagText(input, "as-of");
  if (found === undefined || isLocalDate(found)) return found;
  throw new UsageError("rules.not-a-date", "rules.not-a-date", { option: "--as-of", found: found.slice(0, 40) });
}

/** A pack that ships, or one from a file, which may stand upon those that ship. */
function packNamed(name: string): RulePack {
  const shipped = shippedRulePacks();
  const own = name.endsWith(".json") ? readFile(name, readRulePack) : undefined;
  const pack = own?.pack ?? name;
  if (own === undefined && !Object.hasOwn(shipped, name)) {
    const known = Object.keys(shipped).join(", ");
    throw new UsageError("rules.pack-unknown", "rules.pack-unknown", { pack: name.slice(0, 64), known });
  }
  const layered = layeredPack(own === undefined ? shipped : { ...shipped, [pack]: own }, pack);
  if (layered === null) throw new UsageError("rules.base-missing", "rules.base-missing", { pack });
  return layered;
}

function casesFor(input: CommandInput, pack: string): RuleCaseFile {
  const path = flagText(input, "cases");
  const file =
    path === undefined ? shippedRuleCases().find((known) => known.pack === pack) : readFile(path, readRuleCases);
  if (file === undefined) throw new UsageError("rules.no-cases", "rules.no-cases", { pack });
  if (file.pack !== pack) throw new UsageError("rules.other-pack", "rules.other-pack", { pack, found: file.pack });
  return file;
}

/** Throws ProblemsError with line and column where the file is not what it should be. */
function readFile<TValue>(path: string, read: (value: JsonValue) => Result<TValue, readonly Issue[]>): TValue {
  const text = readText(path, FILE_LIMITS.bytes);
  const json = readJson(text, FILE_LIMITS);
  if (!json.ok) throw new ProblemsError(path, json.error);
  const found = read(json.value);
  if (!found.ok) throw new ProblemsError(path, locateIssues(text, found.error));
  return found.value;
}

function rulesOf({ reasons }: RuleCaseResult): readonly string[] {
  return [...new Set(reasons.map(({ rule }) => rule))];
}

function caseJson(result: RuleCaseResult, rulePack: RulePack, { locale }: Speaker): JsonValue {
  const { id, note, expect } = result.case;
  return {
    id,
    note: inLocale(note, locale),
    now: result.now,
    passed: result.passed,
    verdict: result.verdict.verdict,
    until: result.until,
    reasons: result.reasons.map((reason) => ({
      rule: reason.rule,
      code: reason.code,
      params: reason.params,
      message: policyReasonText(reason, rulePack, locale),
    })),
    expected: { verdict: expect.verdict, until: expect.until ?? null, rules: expect.rules ?? null },
  };
}

/** `2026-03-02 22:00` of an instant with offset. */
function shortTime(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}

function caseLines(results: readonly RuleCaseResult[], words: Speaker): readonly string[] {
  const heads = ["case", "now", "verdict", "until", "rules", "note"] as const;
  const rows = results.map((result) => [
    result.case.id,
    shortTime(result.now),
    words.say(`rules.verdict-${result.verdict.verdict}`),
    result.until === null ? "" : shortTime(result.until),
    rulesOf(result).join(" "),
    inLocale(result.case.note, words.locale),
  ]);
  const [head = "", ...lines] = tableLines([heads.map((column) => words.say(`rules.column-${column}`)), ...rows]);
  return [head, ...lines.flatMap((line, index) => [line, ...mismatch(results[index], words)])];
}

function mismatch(result: RuleCaseResult | undefined, words: Speaker): readonly string[] {
  if (result === undefined || result.passed) return [];
  const { verdict, until, rules: expected } = result.case.expect;
  const ms = until === undefined ? null : parseInstant(until);
  const params = {
    verdict: words.say(`rules.verdict-${verdict}`),
    until: ms === null ? "" : shortTime(formatInstant("UTC", ms)).concat("Z"),
    rules: expected?.join(" ") ?? "",
  };
  return [words.say("rules.mismatch", params)];
}
