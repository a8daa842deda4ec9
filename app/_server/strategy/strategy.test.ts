import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditOf } from "#db/queries/audit";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { writeStrategy } from "#engine";
import { shippedStrategies } from "#engine/packs/index";
import { DEMO_ACTOR } from "../actor";
import { makeStrategy } from "./create-strategy";
import { exportStrategy } from "./export-strategy";
import { findEverywhere } from "./find-in-strategies";
import { importStrategyText } from "./import-strategy";
import { listAllStrategies } from "./list-strategies";
import { previewPublish } from "./preview-publish";
import { publishStrategy } from "./publish-strategy";
import { reviewStrategyText } from "./review-import";
import { saveStrategyDraft } from "./save-draft";
import { strategyDetail, strategyVersion } from "./strategy-detail";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

const [shipped] = shippedStrategies("cn");
const text = shipped?.text ?? "";
const key = shipped?.key ?? "";
const draft = (version: number | null = null) => exportStrategy(house.database, { key, version });
const importing = (source: string, replace = false) =>
  importStrategyText(house.database, DEMO_ACTOR, { text: source, replace });

describe("a strategy file", () => {
  it("lands as a draft and comes out byte for byte as it went in", async () => {
    await importing(text);
    const first = await draft();
    expect(first.fileName).toBe(`${key}.draft.json`);
    await importing(first.text, true);
    expect((await draft()).text).toBe(first.text);
  });

  it("does not replace a draft of the same key unless told so", async () => {
    const before = await strategyDetail(house.database, key);
    await expect(importing(text)).rejects.toMatchObject({ kind: "conflict", code: "strategy.key-taken" });
    expect((await strategyDetail(house.database, key)).draftRevision).toBe(before.draftRevision);
  });

  it("that is broken is refused with the place, and nothing is written", async () => {
    const before = await listAllStrategies(house.database);
    const twice = '{\n  "key": "a",\n  "key": "b"\n}';
    await expect(importing(twice)).rejects.toMatchObject({
      kind: "invalid",
      issues: [expect.objectContaining({ code: "json.duplicate-key", line: 3 })],
    });
    expect(await listAllStrategies(house.database)).toEqual(before);
  });

  it("under another key becomes a strategy of its own", async () => {
    const { draft: doc } = await strategyDetail(house.database, key);
    await importing(writeStrategy({ ...doc, key: "a-copy" }));
    const [original, copy] = await Promise.all([
      strategyDetail(house.database, key),
      strategyDetail(house.database, "a-copy"),
    ]);
    expect(copy.id).not.toBe(original.id);
    expect(copy.draft.nodes).toEqual(original.draft.nodes);
  });
});

describe("a draft", () => {
  it("saved by somebody else in between is not overwritten, and the present revision is said", async () => {
    const { draft: doc, draftRevision } = await strategyDetail(house.database, key);
    const mine = { key, baseRevision: draftRevision, doc: { ...doc, description: { en: "mine" } } };
    const saved = await saveStrategyDraft(house.database, DEMO_ACTOR, mine);
    const theirs = { ...mine, doc: { ...doc, description: { en: "theirs" } } };
    await expect(saveStrategyDraft(house.database, DEMO_ACTOR, theirs)).rejects.toMatchObject({
      code: "strategy.draft-conflict",
      params: { revision: saved.revision },
    });
    expect((await strategyDetail(house.database, key)).draft.description).toEqual({ en: "mine" });
  });

  it("that is no strategy at all is refused before it reaches the database", async () => {
    const nonsense = { key, baseRevision: 0, doc: { nodes: "many" } };
    await expect(saveStrategyDraft(house.database, DEMO_ACTOR, nonsense)).rejects.toMatchObject({ kind: "invalid" });
  });
});

describe("a draft of an older build", () => {
  const old = "of-an-older-build";
  const store = (doc: unknown) => house.database.sql`
    update strategy set draft = ${JSON.stringify(doc)}::text::jsonb where key = ${old}`;

  it("is brought up to the present format when it is looked at, exported and published", async () => {
    await makeStrategy(house.database, DEMO_ACTOR, { key: old, name: { en: "Old" } });
    const { draft: doc } = await strategyDetail(house.database, old);
    const { strategies: _, tests: __, ...rest } = doc;
    const { variables: ___, fields: ____, ...settings } = doc.settings;
    await store({ ...rest, schemaVersion: 1, settings, tests: [{ anything: true }] });
    expect((await strategyDetail(house.database, old)).draft).toEqual(doc);
    expect((await exportStrategy(house.database, { key: old, version: null })).text).toBe(writeStrategy(doc));
    const published = await publishStrategy(house.database, DEMO_ACTOR, { key: old, revision: 1 });
    expect((await strategyVersion(house.database, published.versionId as `ver_${string}`)).doc).toEqual(doc);
  });

  it("that cannot be read is kept, listed, said with its problems, and comes out as it lies there", async () => {
    const broken = { schemaVersion: 99, nodes: "many" };
    await store(broken);
    await expect(strategyDetail(house.database, old)).rejects.toMatchObject({
      code: "strategy.draft-unreadable",
      issues: [expect.objectContaining({ code: "strategy.newer-version" })],
    });
    const line = (await listAllStrategies(house.database)).find((known) => known.key === old);
    expect(line).toMatchObject({ errors: 1, steps: 0, draftChanged: true, latestNumber: 1 });
    const publishing = publishStrategy(house.database, DEMO_ACTOR, { key: old, revision: 1 });
    await expect(publishing).rejects.toMatchObject({ code: "strategy.draft-unreadable" });
    expect(JSON.parse((await exportStrategy(house.database, { key: old, version: null })).text)).toEqual(broken);
  });

  it("is replaced by a file that can be read", async () => {
    await importing(text.replace(`"key": "${key}"`, `"key": "${old}"`), true);
    expect((await strategyDetail(house.database, old)).draft.nodes.length).toBeGreaterThan(2);
  });

  it("leaves a published version running that cannot be shown any more", async () => {
    const { versions } = await strategyDetail(house.database, old);
    const [version] = versions;
    await house.database.sql`update strategy_version set doc = '{"schemaVersion": 99}' where id = ${version?.id ?? ""}`;
    const showing = strategyVersion(house.database, version?.id ?? "ver_none");
    await expect(showing).rejects.toMatchObject({ code: "strategy.version-unreadable", params: { number: 1 } });
  });
});

describe("publishing", () => {
  it("makes a version with a hash, once, and leaves its audit row", async () => {
    const { id, draftRevision: revision } = await strategyDetail(house.database, key);
    const first = await publishStrategy(house.database, DEMO_ACTOR, { key, revision });
    const again = await publishStrategy(house.database, DEMO_ACTOR, { key, revision });
    expect(first).toMatchObject({ number: 1, unchanged: false, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(again).toEqual({ ...first, unchanged: true });
    const audited = await auditOf(house.database.sql, id, 10);
    expect(audited.filter((row) => row.action === "strategy.published")).toHaveLength(1);
  });

  it("keeps the published file whatever happens to the draft", async () => {
    const published = await draft(1);
    const { draft: doc, draftRevision: baseRevision } = await strategyDetail(house.database, key);
    const renamed = { key, baseRevision, doc: { ...doc, name: { en: "Renamed" } } };
    await saveStrategyDraft(house.database, DEMO_ACTOR, renamed);
    expect((await draft(1)).text).toBe(published.text);
    expect((await draft()).text).not.toBe(published.text);
  });

  it("says everything that is missing instead of publishing half a strategy", async () => {
    await makeStrategy(house.database, DEMO_ACTOR, { key: "unfinished", name: { en: "Unfinished" } });
    const { draft: doc } = await strategyDetail(house.database, "unfinished");
    const cut = { key: "unfinished", baseRevision: 1, doc: { ...doc, edges: [] } };
    const { revision } = await saveStrategyDraft(house.database, DEMO_ACTOR, cut);
    const refused = publishStrategy(house.database, DEMO_ACTOR, { key: "unfinished", revision });
    await expect(refused).rejects.toMatchObject({ kind: "invalid", code: "strategy.not-publishable" });
    await refused.catch((error) => expect(error.issues.length).toBeGreaterThan(0));
    expect((await strategyDetail(house.database, "unfinished")).versions).toEqual([]);
  });

  it("refuses other shares in a phase that was drawn before, and takes them in a new one", async () => {
    const { draft: shippedDoc } = await strategyDetail(house.database, key);
    const arms = (weight: number) => [
      { id: "champion", weight },
      { id: "challenger", weight: 10_000 - weight },
    ];
    const drawn = (phase: number, weight: number) => {
      const first = shippedDoc.edges[0];
      if (first === undefined) throw new Error("no edge");
      const split = {
        id: "draw",
        type: "split",
        version: 1,
        data: { experimentKey: "first-call", phase, arms: arms(weight) },
      };
      const edges = [
        { ...first, to: "draw" },
        ...arms(weight).map(({ id }) => ({ id: `to-${id}`, from: { node: "draw", handle: id }, to: first.to })),
        ...shippedDoc.edges.slice(1),
      ];
      return { ...shippedDoc, key: "with-split", nodes: [...shippedDoc.nodes, split], edges };
    };
    await importing(writeStrategy(drawn(1, 9000)));
    const publishing = async (phase: number, weight: number) => {
      const { draft: doc, draftRevision: baseRevision } = await strategyDetail(house.database, "with-split");
      const { nodes, edges } = drawn(phase, weight);
      const saved = { key: "with-split", baseRevision, doc: { ...doc, nodes, edges } };
      const { revision } = await saveStrategyDraft(house.database, DEMO_ACTOR, saved);
      return publishStrategy(house.database, DEMO_ACTOR, { key: "with-split", revision });
    };
    expect((await publishing(1, 9000)).number).toBe(1);
    await expect(publishing(1, 8000)).rejects.toMatchObject({
      code: "strategy.not-publishable",
      issues: [{ code: "experiment.phase-needed", nodeId: "draw", params: { phase: 1, version: 1, next: 2 } }],
    });
    expect((await publishing(2, 8000)).number).toBe(2);
    // Back in a phase that was once drawn, only as it was drawn then.
    await expect(publishing(1, 7000)).rejects.toMatchObject({ issues: [{ params: { version: 1, next: 3 } }] });
    expect((await publishing(1, 9000)).number).toBe(3);
  });

  it("refuses a draft that changed after the author looked at it", async () => {
    const { draftRevision } = await strategyDetail(house.database, key);
    const stale = publishStrategy(house.database, DEMO_ACTOR, { key, revision: draftRevision - 1 });
    await expect(stale).rejects.toMatchObject({ code: "strategy.draft-conflict" });
  });
});

describe("the list", () => {
  it("says which drafts differ from their newest version and which hold errors", async () => {
    const lines = new Map((await listAllStrategies(house.database)).map((line) => [line.key, line]));
    expect(lines.get(key)).toMatchObject({ latestNumber: 1, liveNumber: null, errors: 0, inFlight: 0 });
    expect(lines.get("unfinished")).toMatchObject({ latestNumber: null, draftChanged: true });
    expect(lines.get("unfinished")?.errors).toBeGreaterThan(0);
  });
});

describe("a strategy from another house", () => {
  const foreign = (): string => {
    const doc = JSON.parse(text);
    doc.key = "from-elsewhere";
    doc.id = "strat_elsewhere";
    doc.nodes.find(({ type }: { type: string }) => type === "sms").data.contentId = "sms.elsewhere";
    return JSON.stringify(doc, null, 2);
  };

  it("is looked at without leaving anything, and offers what is here in the place of what is not", async () => {
    const before = (await listAllStrategies(house.database)).length;
    const review = await reviewStrategyText(house.database, foreign());
    expect(review).toMatchObject({ exists: false, missing: [{ kind: "content", name: "sms.elsewhere" }] });
    expect(review.missing[0]?.candidates.length).toBeGreaterThan(1);
    expect(await listAllStrategies(house.database)).toHaveLength(before);
  });

  it("is taken in with what was chosen, and comes out byte for byte as it lies here", async () => {
    const { missing } = await reviewStrategyText(house.database, foreign());
    const to = missing[0]?.candidates[0]?.name ?? "";
    const mapping = [{ kind: "content" as const, name: "sms.elsewhere", to }];
    await importStrategyText(house.database, DEMO_ACTOR, { text: foreign(), replace: false, mapping });
    const taken = await exportStrategy(house.database, { key: "from-elsewhere", version: null });
    expect(taken.text).not.toContain("sms.elsewhere");
    await importing(taken.text, true);
    expect((await exportStrategy(house.database, { key: "from-elsewhere", version: null })).text).toBe(taken.text);
  });
});

describe("one search over all strategies", () => {
  it("finds a step in a draft by what it says", async () => {
    const { strategies } = await findEverywhere(house.database, { search: "duanxin", locale: "en" });
    const found = strategies.find((one) => one.key === "from-elsewhere");
    expect(found).toMatchObject({
      version: null,
      steps: expect.arrayContaining([expect.objectContaining({ type: "sms" })]),
    });
  });
});

describe("before publishing", () => {
  it("says who stands on steps that are gone, and moves nobody", async () => {
    const { versions, draft: doc, draftRevision } = await strategyDetail(house.database, key);
    const versionId = versions[0]?.id ?? "";
    const gone = doc.nodes.find(({ type }) => type === "sms")?.id ?? "";
    await standAt(versionId, gone);
    const without = {
      ...doc,
      nodes: doc.nodes.map((node) => (node.id === gone ? { ...node, id: "another" } : node)),
      edges: doc.edges.map((edge) => ({
        ...edge,
        from: { ...edge.from, node: edge.from.node === gone ? "another" : edge.from.node },
        to: edge.to === gone ? "another" : edge.to,
      })),
      frames: [],
      tests: [],
    };
    await saveStrategyDraft(house.database, DEMO_ACTOR, { key, baseRevision: draftRevision, doc: without });
    expect(await previewPublish(house.database, key)).toMatchObject([
      { number: 1, accounts: 1, onRemoved: 1, steps: [{ nodeId: gone, removed: true, accounts: 1 }] },
    ]);
  });
});

/** One account under way at a step of a version. */
async function standAt(versionId: string, nodeId: string): Promise<void> {
  await house.database
    .sql`insert into enrollment (id, version_id, party_id, account_id, status, node_id, step_seq, started_at, entered_at,
      attempt, pending, loop_counts, vars) values ('enr_1', ${versionId}, 'party_1', 'acc_1', 'active', ${nodeId}, 1, now(),
      now(), 1, false, '{}', '{}')`;
}
