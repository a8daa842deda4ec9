import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "#engine/model/program";
import type { StrategyDoc } from "#engine/model/strategy";
import { openTestDatabase, type TestDatabase } from "../testing";
import { auditOf } from "./audit";
import { placeStop } from "./stop";
import {
  createStrategy,
  listStrategies,
  publishVersion,
  saveDraft,
  setLiveVersion,
  strategyByKey,
  versionById,
} from "./strategy";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

const actorId = "actor_demo";

function draftOf(key: string, title = "首次逾期"): StrategyDoc {
  return {
    $schema: "https://duecourse.org/schemas/strategy-2.schema.json",
    schemaVersion: 2,
    id: `strat_${key}`,
    key,
    name: { "zh-CN": title },
    entry: { node: "start" },
    settings: {
      market: "cn",
      currency: "CNY",
      timeZone: "Asia/Shanghai",
      rulePack: "cn",
      horizonDays: 400,
      exits: [],
      variables: [],
      fields: [],
    },
    nodes: [{ id: "start", type: "start", version: 1, data: {} }],
    edges: [],
    contents: [],
    strategies: [],
    frames: [],
    notes: [],
    layout: { mode: "auto", positions: {} },
    tests: [],
  };
}

function programOf(doc: StrategyDoc): Program {
  return {
    format: 1,
    strategyKey: doc.key,
    contentHash: `content-${doc.name["zh-CN"]}`,
    settings: doc.settings,
    entry: "start",
    machine: {},
    ruleSets: {},
    steps: {},
    contents: {},
    limits: { stepsPerAdvance: 100, horizonMs: 1 },
    hash: `hash-${doc.name["zh-CN"]}`,
  };
}

async function created(key: string) {
  const doc = draftOf(key);
  const made = await createStrategy(house.database, { doc, actorId });
  if (!made.ok) throw new Error(made.error[0]?.code);
  return { doc, strategyId: made.value.id };
}

function publication(doc: StrategyDoc, strategyId: `strat_${string}`, draftRevision: number | null) {
  return { strategyId, draftRevision, doc, docText: JSON.stringify(doc), program: programOf(doc), actorId } as const;
}

test("a key is given once", async () => {
  await created("early");
  const again = await createStrategy(house.database, { doc: { ...draftOf("early"), id: "strat_other" }, actorId });
  expect(again).toMatchObject({ ok: false, error: [{ code: "strategy.key-taken", params: { key: "early" } }] });
});

test("of two people who save from the same revision the second hears of the conflict and nothing is lost", async () => {
  const { doc, strategyId } = await created("conflict");
  const save = (title: string) =>
    saveDraft(house.database, { strategyId, baseRevision: 1, doc: { ...doc, name: { "zh-CN": title } }, actorId });
  const results = await Promise.all([save("甲"), save("乙")]);
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  const refused = results.find((result) => !result.ok);
  expect(refused).toMatchObject({
    error: [{ code: "strategy.draft-conflict", params: { revision: 2, baseRevision: 1 } }],
  });
  const stored = await strategyByKey(house.database.sql, "conflict");
  expect(stored?.draftRevision).toBe(2);
  expect(stored?.draft).toMatchObject({ name: { "zh-CN": results[0]?.ok ? "甲" : "乙" } });
  expect(await auditOf(house.database.sql, strategyId, 10)).toHaveLength(2);
});

test("a draft cannot take over another strategy's key", async () => {
  const { strategyId } = await created("mine");
  const result = await saveDraft(house.database, { strategyId, baseRevision: 1, doc: draftOf("yours"), actorId });
  expect(result).toMatchObject({ ok: false, error: [{ code: "strategy.identity-changed" }] });
});

test("a NUL character in a draft is refused with a code", async () => {
  const { doc, strategyId } = await created("nul");
  const withNul = { ...doc, description: { en: "a\u0000b" } };
  const result = await saveDraft(house.database, { strategyId, baseRevision: 1, doc: withNul, actorId });
  expect(result).toMatchObject({ ok: false, error: [{ code: "strategy.nul-character" }] });
});

test("versions are numbered, kept byte for byte, and publishing the same again writes nothing", async () => {
  const { doc, strategyId } = await created("versions");
  const first = await publishVersion(house.database, publication(doc, strategyId, 1));
  const again = await publishVersion(house.database, publication(doc, strategyId, 1));
  const changed = { ...doc, name: { "zh-CN": "改" } };
  const second = await publishVersion(house.database, publication(changed, strategyId, null));
  expect([first, again, second]).toMatchObject([
    { value: { number: 1, created: true } },
    { value: { number: 1, created: false } },
    { value: { number: 2, created: true } },
  ]);
  const version = await versionById(house.database.sql, "ver_versions-1");
  expect(version?.docText).toBe(JSON.stringify(doc));
  expect(version?.program).toEqual(programOf(doc));
  const stored = await strategyByKey(house.database.sql, "versions");
  expect(stored?.versions.map((known) => known.number)).toEqual([2, 1]);
});

test("publishing from a draft that somebody has changed meanwhile is refused", async () => {
  const { doc, strategyId } = await created("moved");
  await saveDraft(house.database, { strategyId, baseRevision: 1, doc, actorId });
  const result = await publishVersion(house.database, publication(doc, strategyId, 1));
  expect(result).toMatchObject({ ok: false, error: [{ code: "strategy.draft-conflict" }] });
});

test("a version goes live only in its own strategy; pausing is remembered", async () => {
  const { doc, strategyId } = await created("live");
  const other = await created("bystander");
  await publishVersion(house.database, publication(doc, strategyId, 1));
  const wrong = await setLiveVersion(house.database, {
    strategyId: other.strategyId,
    versionId: "ver_live-1",
    actorId,
  });
  expect(wrong).toMatchObject({ ok: false, error: [{ code: "strategy.version-not-found" }] });
  await setLiveVersion(house.database, { strategyId, versionId: "ver_live-1", actorId });
  await placeStop(house.database, {
    scope: "strategy",
    subject: strategyId as `strat_${string}`,
    kind: "pause",
    reason: "",
    actorId,
  });
  const listed = (await listStrategies(house.database.sql)).find((known) => known.key === "live");
  expect(listed).toMatchObject({ liveVersionId: "ver_live-1", paused: true });
});
