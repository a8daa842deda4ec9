import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileStrategy } from "#engine/compile/compile";
import { readStrategyText } from "#engine/graph/read";
import type { AsyncExecutor, Outcome, SyncExecutor } from "#engine/model/execution";
import { canonicalHash } from "#engine/model/json";
import { PROGRAM_FORMAT, PROGRAM_FORMATS, type Program } from "#engine/model/program";
import type { StrategyDoc } from "#engine/model/strategy";
import { definitionOf } from "#engine/nodes/index";
import { marketPack, shippedStrategies } from "#engine/packs/index";
import { linkCompiled } from "#engine/run/compiled";
import { linkGenerated } from "#engine/run/generated/executor";
import { linkReference } from "#engine/run/reference";
import { lines } from "#engine/run/testing/both-executors";
import { type GoldenCase, type GoldenHistory, recordHistories, type StimuliOf, subjectOf } from "./history";

/*
 * Programs and histories, a folder per Program format. A published Program is never recompiled, so it must replay for ever: a
 * golden file that differs means that running accounts would behave differently. Folders of older formats are never written
 * again; the present one may be recorded anew (GOLDEN_RECORD=1) only together with an ADR, or while no strategy has been
 * published with the format.
 */
const folderOf = (format: number): string => new URL(`./v${format}/`, import.meta.url).pathname;
const FOLDER = folderOf(PROGRAM_FORMAT);
const RECORD = process.env.GOLDEN_RECORD === "1";

const shipped = shippedStrategies("cn").map(({ key, text }) => ({ key, doc: documentOf(text) }));

function documentOf(text: string): StrategyDoc {
  const read = readStrategyText(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

function compiled(doc: StrategyDoc): Program {
  const program = compileStrategy(doc, marketPack("cn"));
  if (!program.ok) throw new Error(JSON.stringify(program.error));
  return program.value;
}

function stimuliOf(doc: StrategyDoc): StimuliOf {
  return (nodeId) => {
    const node = doc.nodes.find(({ id }) => id === nodeId);
    const definition = node === undefined ? undefined : definitionOf(node.type);
    return definition?.simulate(definition.schema.parse(node?.data)) ?? [];
  };
}

/** A golden file: the Program in the first line, then a history a line. */
function goldenOf(key: string, format: number = PROGRAM_FORMAT): GoldenCase {
  const [program = "", ...histories] = readFileSync(`${folderOf(format)}${key}.jsonl`, "utf8")
    .trimEnd()
    .split("\n");
  return { program: JSON.parse(program), histories: histories.map((line) => JSON.parse(line)) };
}

async function replay(executor: SyncExecutor | AsyncExecutor, history: GoldenHistory): Promise<readonly Outcome[]> {
  const subject = subjectOf(history.partyId);
  const outcomes = [await executor.start({ subject, ...history.start })];
  for (const { event, facts, nowMs } of history.events) {
    // Through JSON, as a database would keep it between two events.
    const state = JSON.parse(JSON.stringify(outcomes.at(-1)?.state));
    outcomes.push(await executor.send(state, event, { subject, facts, nowMs }));
  }
  return outcomes;
}

if (RECORD) {
  mkdirSync(FOLDER, { recursive: true });
  for (const { key, doc } of shipped) {
    const program = compiled(doc);
    const recordedLines = [program, ...recordHistories(program, linkCompiled(program), stimuliOf(doc))];
    writeFileSync(`${FOLDER}${key}.jsonl`, recordedLines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
}

describe("shipped strategies", () => {
  test.each(shipped)("$key compiles to its golden Program, byte for byte", ({ key, doc }) => {
    expect(existsSync(`${FOLDER}${key}.jsonl`)).toBe(true);
    expect(JSON.stringify(compiled(doc))).toBe(JSON.stringify(goldenOf(key).program));
  });
});

const recorded = PROGRAM_FORMATS.flatMap((format) =>
  readdirSync(folderOf(format)).map((file) => ({ format, key: file.replace(/\.jsonl$/, "") })),
);

test("every format that runs has golden files", () => {
  for (const format of PROGRAM_FORMATS) expect(recorded.some((known) => known.format === format)).toBe(true);
});

describe.each(recorded)("Program $key of format $format", ({ key, format }) => {
  const { program, histories } = goldenOf(key, format);

  test("is whole: its hash is the hash of the rest", () => {
    const { hash, ...body } = program;
    expect(canonicalHash(body)).toBe(hash);
    expect(program.format).toBe(format);
  });

  test.each([
    ["reference", linkReference],
    ["compiled", linkCompiled],
    ["generated", (published: Program) => linkGenerated(published)],
  ] as const)("replays every recorded history on the %s executor", async (_name, link) => {
    const executor = link(program);
    for (const history of histories) {
      const outcomes = await replay(executor, history);
      expect(outcomes.flatMap(lines)).toEqual(history.lines);
      expect(canonicalHash(outcomes)).toBe(history.outcomes);
    }
  });
});

test("the recorded histories visit most steps and end in several ways", () => {
  const seen = recorded.flatMap(({ key, format }) =>
    goldenOf(key, format).histories.flatMap((history) => history.lines),
  );
  for (const code of ["entered", "rule-holds", "requested", "outcome", "waiting", "elapsed", "exit"]) {
    expect(seen.some((line) => line.includes(`.${code}`))).toBe(true);
  }
});
