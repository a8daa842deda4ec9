import { describe, expect, it } from "vitest";
import { channelOf } from "../channels";
import { compileStrategy } from "../compile/compile";
import { CHANNELS, type Channel, type Content } from "../model/content";
import type { MarketPack } from "../model/market-pack";
import type { ContactPoint } from "../model/party";
import { DAY_MS, HOUR_MS, instantAt, localDate, MINUTE_MS } from "../model/time";
import type { PublishedVersion } from "../ports/program-store";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "../run/testing/drawn-strategy";
import { aPhone, SHANGHAI } from "../testing/builders";
import { ANN, aLiveRun, MONDAY, says } from "../testing/live-run";
import type { Answer } from "../testing/live-shell";
import { STRICT_MARKET } from "../testing/live-story";
import { memoryStores } from "../testing/memory-stores";

/** The live shell over every channel: what leaves, where to, and what the people at the desks are given. */

const MARKET: MarketPack = {
  ...STRICT_MARKET,
  contents: Object.fromEntries(
    CHANNELS.map((channel) => {
      const content: Content = {
        id: `${channel}.x`,
        channel,
        title: { en: channel },
        text: { "zh-CN": `您好{{customer_name}},这是${channel}。` },
        ...(channelOf(channel).subjectMax === null ? {} : { subject: { "zh-CN": "{{customer_name}}的账单" } }),
        version: 1,
        stages: [],
        tone: "friendly",
      };
      return [content.id, content];
    }),
  ),
};

function versionOf(steps: { readonly [id: string]: DrawnStep }): PublishedVersion {
  const compiled = compileStrategy(drawnStrategy(steps), MARKET);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return { versionId: "ver_channels-1", strategyId: "strat_channels", program: compiled.value };
}

const START: DrawnStep = { type: "start", data: { when: PAST_DUE }, to: { enter: "first" } };
const DONE: DrawnStep = { type: "exit", data: { reason: "completed" }, to: {} };
const PEOPLE: DrawnStep = { type: "exit", data: { reason: "handed-to-people" }, to: {} };
const DESK = { queue: "外访华东", priority: 2, dueHours: 8 };

function step(type: Channel, data: object, to: { readonly [handle: string]: string }): DrawnStep {
  return { type, data: { contentId: `${type}.x`, ...data }, to };
}
const delivered = (next: string, ...others: readonly string[]) => ({
  delivered: next,
  ...Object.fromEntries(["failed", "expired", "blocked", ...others].map((handle) => [handle, "people"])),
});
/** Whatever comes of talking to somebody but a promise goes to people. */
const talked = (next: string, ...others: readonly string[]) => ({
  promised: next,
  ...Object.fromEntries(
    ["spoke", "refused", "care", "wrong-party", "exhausted", "expired", "blocked", ...others].map((handle) => [
      handle,
      "people",
    ]),
  ),
});

const ALL = versionOf({
  start: START,
  first: step("email", { waitForDelivery: true }, delivered("push", "refused")),
  push: step("push", { waitForDelivery: true }, delivered("agent")),
  agent: step("agent", { ...DESK, maxAttempts: 1 }, talked("letter", "callback")),
  letter: step("letter", { waitForDelivery: true }, delivered("visit", "other-person", "refused")),
  visit: step("visit", { ...DESK, people: 3 }, talked("done", "callback")),
  done: DONE,
  people: PEOPLE,
});

const POINTS: readonly ContactPoint[] = (["email", "app", "address"] as const).map((kind, index) =>
  aPhone(ANN.partyId, { id: `cp_${kind}`, kind, address: `sim:200000000${index}` }),
);
const HOPED_FOR: { readonly [channel in Channel]?: string } = {
  email: "OPN",
  push: "DLV",
  agent: "PTP",
  letter: "SGN",
  visit: "PPP",
};
const asHoped: Answer = ({ channel }) => ({ outcome: HOPED_FOR[channel] ?? "NA", delayMs: MINUTE_MS });

async function annEverywhere(change: Parameters<typeof aLiveRun>[0] = {}) {
  const stores = memoryStores();
  await stores.given.accounts([], POINTS);
  const run = await aLiveRun({ stores, pack: MARKET, version: ALL, answer: asHoped, ...change });
  await run.enroll(ANN);
  return run;
}

describe("every channel", () => {
  it("goes to its own kind of contact point, with a subject where it shows one and a desk where people do it", async () => {
    const { shell, at } = await annEverywhere();
    await shell.runUntil(MONDAY + 6 * HOUR_MS, 10 * MINUTE_MS);
    const subject = "测试客户的账单";
    const due = (sentAtMs: number) => ({ queue: "外访华东", priority: 2, dueAtMs: sentAtMs + 8 * HOUR_MS });
    const said = shell.sent.map(({ channel, to, subject: above, text, desk }) => [channel, to.kind, above, text, desk]);
    expect(said).toEqual([
      ["email", "email", subject, "您好测试客户,这是email。", undefined],
      ["push", "app", subject, "您好测试客户,这是push。", undefined],
      ["agent", "phone", null, "您好测试客户,这是agent。", due(shell.sent[2]?.nowMs ?? 0)],
      ["letter", "address", subject, "您好测试客户,这是letter。", undefined],
      ["visit", "address", null, "您好测试客户,这是visit。", { ...due(shell.sent[4]?.nowMs ?? 0), people: 3 }],
    ]);
    expect(await at()).toMatchObject({ status: "exited", exit: { reason: "completed" } });
    expect(shell.alarms).toEqual([]);
  });

  it("is refused where the person never agreed to it: a letter does not stand in for a visit", async () => {
    const stores = memoryStores();
    const [mailbox, app, address] = POINTS;
    if (mailbox === undefined || app === undefined || address === undefined) throw new Error("points");
    await stores.given.accounts([], [mailbox, app, { ...address, consent: { letter: "granted" } }]);
    const run = await aLiveRun({ stores, pack: MARKET, version: ALL, answer: asHoped });
    await run.enroll(ANN);
    await run.shell.runUntil(MONDAY + 6 * HOUR_MS, 10 * MINUTE_MS);
    expect((await run.story()).at(-2)).toBe("visit: blocked floor.consent");
    expect(run.shell.sent.map(({ channel }) => channel)).toEqual(["email", "push", "agent", "letter"]);
  });
});

describe("what people are to do", () => {
  const calling = versionOf({
    start: START,
    first: step("agent", { ...DESK, giveUpHours: 24, maxAttempts: 1 }, talked("done", "callback")),
    done: DONE,
    people: PEOPLE,
  });

  it("expires by its deadline into its own way on when nobody does it, and does not count as answered later", async () => {
    const run = await aLiveRun({ pack: MARKET, version: calling, answer: says("PTP", 30 * HOUR_MS) });
    await run.enroll(ANN);
    await run.shell.runUntil(MONDAY + 31 * HOUR_MS, HOUR_MS);
    const story = await run.story();
    expect(story).toContain("first: expired");
    expect(await run.at()).toMatchObject({ status: "exited", exit: { reason: "handed-to-people" } });
    expect(story.filter((line) => line.includes("outcome PTP"))).toEqual([]);
  });

  it("uses up the cap on conversations for robots too: one person is spoken to once a day, whoever speaks", async () => {
    const program = versionOf({
      start: START,
      first: step("agent", { ...DESK, maxAttempts: 1 }, talked("robot", "callback")),
      robot: step("robot", {}, talked("done")),
      done: DONE,
      people: PEOPLE,
    });
    const strict = MARKET.rulePacks["cn-default"];
    if (strict === undefined) throw new Error("rules");
    const rules = strict.rules.map((rule) =>
      rule.kind === "cap" ? { ...rule, channels: ["robot" as const, "agent" as const] } : rule,
    );
    const pack = { ...MARKET, rulePacks: { "cn-default": { ...strict, rules } } };
    const run = await aLiveRun({ pack, version: program, answer: says("PTP") });
    await run.enroll(ANN);
    await run.shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect((await run.story()).filter((line) => line.includes("deferred"))).toEqual(["robot: deferred talks"]);
    expect(run.shell.sent.map(({ channel, nowMs }) => [channel, localDate(SHANGHAI, nowMs)])).toEqual([
      ["agent", "2026-03-02"],
      ["robot", "2026-03-03"],
    ]);
  });
});

describe("calls that go on to the next number, so many a day", () => {
  it("go round the person's numbers and wait for the next morning, as they do in the simulator", async () => {
    const data = { giveUpHours: 120, maxAttempts: 5, maxPerDay: 2, numbers: "next", gapMinutes: { NA: 60 } };
    const version = versionOf({ start: START, first: step("robot", data, talked("done")), done: DONE, people: PEOPLE });
    const stores = memoryStores();
    // Stored in another order than they are to be tried in.
    const others = [3, 2].map((rank) =>
      aPhone(ANN.partyId, { id: `cp_${10 - rank}`, rank, address: `sim:300000000${rank}` }),
    );
    await stores.given.accounts([], others);
    const run = await aLiveRun({ stores, pack: MARKET, version });
    await run.enroll(ANN);
    await run.shell.runUntil(MONDAY + 3 * DAY_MS, 10 * MINUTE_MS);
    const calls = run.shell.sent.map(({ to, nowMs }) => `${localDate(SHANGHAI, nowMs)} number ${to.rank}`);
    expect(calls).toEqual([
      "2026-03-02 number 1",
      "2026-03-02 number 2",
      "2026-03-03 number 3",
      "2026-03-03 number 1",
      "2026-03-04 number 2",
    ]);
    expect(run.shell.sent[2]?.nowMs).toBe(instantAt(SHANGHAI, "2026-03-03", 8 * 60));
    const story = await run.story();
    expect(story.filter((line) => line.endsWith("deferred step.max-per-day"))).toHaveLength(2);
    expect(story.at(-2)).toBe("first: exhausted NA");
  });

  it("never try a number again that turned out not to exist", async () => {
    const data = { giveUpHours: 120, maxAttempts: 3, gapMinutes: { INV: 30, NA: 60 } };
    const version = versionOf({ start: START, first: step("robot", data, talked("done")), done: DONE, people: PEOPLE });
    const stores = memoryStores();
    await stores.given.accounts([], [aPhone(ANN.partyId, { id: "cp_2", rank: 2, address: "sim:30000000002" })]);
    const answer: Answer = ({ to }) => ({ outcome: to.rank === 1 ? "INV" : "NA", delayMs: MINUTE_MS });
    const run = await aLiveRun({ stores, pack: MARKET, version, answer });
    await run.enroll(ANN);
    await run.shell.runUntil(MONDAY + 6 * HOUR_MS, 10 * MINUTE_MS);
    expect(run.shell.sent.map(({ to }) => to.rank)).toEqual([1, 2, 2]);
    expect((await stores.look.contactPoints()).map(({ status }) => status).sort()).toEqual(["invalid", "valid"]);
  });
});
