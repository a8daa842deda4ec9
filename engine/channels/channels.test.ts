import { describe, expect, it } from "vitest";
import { CHANNELS, type Channel } from "../model/content";
import { draw } from "../model/draw";
import { nodeDefinitions } from "../nodes";
import { channelOf } from ".";
import { channelContract } from "./channel-contract";
import { respond, responseAssumptions } from "./respond";
import { simulatedChannel } from "./simulated";
import { smsParts } from "./sms/parts";

describe.each(CHANNELS)("channel %s", (channel) => {
  const { outcomes, unitCost, title, textMax, subjectMax, means, byPeople } = channelOf(channel);

  it("explains every outcome in both languages and orders its facts: who conversed was connected, who was connected was attempted", () => {
    for (const [code, outcome] of Object.entries(outcomes)) {
      expect(outcome.label["zh-CN"], code).toBeTruthy();
      expect(outcome.label.en, code).toBeTruthy();
      if (outcome.conversed) expect(outcome.connected, code).toBe(true);
      if (outcome.connected) expect(outcome.attempted, code).toBe(true);
      if (outcome.rightParty) expect(outcome.conversed, code).toBe(true);
    }
    expect(title["zh-CN"] && title.en).toBeTruthy();
    expect(unitCost.minor >= 0 && textMax > 0 && (subjectMax ?? 1) > 0).toBe(true);
  });

  it("lets people talk where it is a call or a visit, and nowhere else", () => {
    const talks = Object.values(outcomes).some((outcome) => outcome.conversed);
    expect(talks).toBe(means !== "message");
    if (byPeople) expect(means).not.toBe("message");
  });

  it("knows every answer a step of this channel waits for", () => {
    const steps = nodeDefinitions.filter(({ form }) => form.some((field) => field.channel === channel));
    const answers = steps
      .flatMap((definition) => definition.examples.flatMap((example) => definition.simulate(example)))
      .flatMap((stimulus) => (stimulus.event === "contact.result" ? stimulus.outcomes : []));
    expect(answers.length).toBeGreaterThan(0);
    expect([...new Set(answers)].filter((code) => !Object.hasOwn(outcomes, code))).toEqual([]);
  });
});

describe.each(["robot", "agent"] as const)("what a call by %s means to the law", (channel) => {
  const { outcomes } = channelOf(channel);
  const coded = (choose: (code: string) => boolean) => Object.keys(outcomes).filter(choose).sort();

  it("counts as connected only where somebody or something picked up", () => {
    expect(coded((code) => outcomes[code]?.connected === false)).toEqual([
      "BLK",
      "BUSY",
      "INV",
      "NA",
      "OFF",
      "OOS",
      "REJ",
    ]);
  });

  it("counts no conversation with machines, silence and other people", () => {
    const silent = coded((code) => outcomes[code]?.connected === true && outcomes[code]?.conversed === false);
    expect(silent).toEqual(["HUP", "SIL", "TP", "TPR", "VM", "WN"]);
  });

  it("freezes the party where the domain demands it, and nowhere else", () => {
    const holds = Object.fromEntries(
      Object.entries(outcomes).flatMap(([code, { hold }]) => (hold === null ? [] : [[code, hold]])),
    );
    expect(holds).toEqual({
      BKR: "bankruptcy",
      CMP: "complaint",
      DEC: "deceased",
      DNC: "cease-request",
      DSP: "dispute",
      FRD: "fraud",
      ILL: "hardship",
      LIT: "represented",
      MIN: "manual",
      THR: "hardship",
      TPR: "cease-request",
      UNA: "hardship",
      WN: "wrong-number",
    });
  });
});

describe("what else may come back", () => {
  it("hands over from a robot to a person, and from a person to nobody", () => {
    expect(channelOf("robot").outcomes.TRF?.conversed).toBe(true);
    expect(Object.hasOwn(channelOf("agent").outcomes, "TRF")).toBe(false);
    const { TRF: _, ...robot } = channelOf("robot").outcomes;
    expect(channelOf("agent").outcomes).toEqual(robot);
  });

  it("freezes whoever marks an email as unwanted, and nobody for a bounced one", () => {
    const { outcomes } = channelOf("email");
    expect(outcomes.CPL?.hold).toBe("cease-request");
    expect(Object.keys(outcomes).filter((code) => outcomes[code]?.hold !== null)).toEqual(["CPL"]);
  });

  it("says of a visit whether somebody was met, in words that fit a door and not a telephone", () => {
    const { outcomes } = channelOf("visit");
    const met = Object.keys(outcomes).filter((code) => outcomes[code]?.connected === false);
    expect(met.sort()).toEqual(["INV", "MOV", "NA"]);
    for (const [code, { label }] of Object.entries(outcomes)) {
      expect(`${label["zh-CN"]} ${label.en}`, code).not.toMatch(/接通|拨|号码|接听|call|number|answered/i);
    }
  });
});

describe("billed message parts", () => {
  it.each([
    ["", "gsm7", 1],
    ["a".repeat(160), "gsm7", 1],
    ["a".repeat(161), "gsm7", 2],
    ["a".repeat(306), "gsm7", 2],
    ["a".repeat(307), "gsm7", 3],
    ["€".repeat(80), "gsm7", 1],
    ["€".repeat(81), "gsm7", 2],
    // The euro sign takes two places, and the last place of a part cannot hold half of it.
    [`${"a".repeat(152)}€${"a".repeat(152)}`, "gsm7", 3],
    ["好".repeat(70), "ucs2", 1],
    ["好".repeat(71), "ucs2", 2],
    ["好".repeat(134), "ucs2", 2],
    ["好".repeat(135), "ucs2", 3],
    // An emoji takes two places and is never split.
    [`${"好".repeat(66)}👋${"好".repeat(66)}`, "ucs2", 3],
  ] as const)("%#", (text, encoding, parts) => {
    expect(smsParts(text)).toEqual({ encoding, parts });
  });
});

const PEOPLE = 20_000;

/** Shares of the outcomes over many people with one seed. */
function shares(channel: Channel, dpd: number, attempt = 1): { readonly [code: string]: number } {
  const counts: { [code: string]: number } = {};
  for (let person = 0; person < PEOPLE; person += 1) {
    const { outcome } = respond({ channel, dpd, attempt, draw: (kind) => draw(7, `party_${person}`, kind) });
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).map(([code, count]) => [code, count / PEOPLE]));
}

function shareOf(
  channel: Channel,
  found: { readonly [code: string]: number },
  fact: "connected" | "rightParty",
): number {
  const { outcomes } = channelOf(channel);
  return Object.entries(found).reduce((sum, [code, share]) => sum + (outcomes[code]?.[fact] ? share : 0), 0);
}

describe("simulated answers", () => {
  it("are labelled as an assumption in both languages", () => {
    expect(responseAssumptions.source).toBe("assumption");
    expect(responseAssumptions.note["zh-CN"] && responseAssumptions.note.en).toBeTruthy();
  });

  it("name only outcomes their channel knows, and every weight can be reached", () => {
    for (const channel of CHANNELS) {
      const model = responseAssumptions.channels[channel];
      const weights =
        model.model === "delivery"
          ? { ...model.arrived, ...model.undelivered }
          : { ...model.unreached, ...model.otherParty, ...model.promise, ...model.noPromise };
      expect(Object.keys(weights).sort()).toEqual(Object.keys(channelOf(channel).outcomes).sort());
      if (model.model === "delivery") {
        expect(Object.keys(model.seconds).sort()).toEqual(Object.keys(weights).sort());
      }
      const ends = model.bands.map((band) => band.upToDpd ?? Number.POSITIVE_INFINITY);
      expect(ends).toEqual([...ends].sort((left, right) => left - right));
      expect(ends.at(-1)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it("are what a channel's facts say: whom a conversation missed was not spoken to, whoever promised was", () => {
    for (const channel of CHANNELS) {
      const model = responseAssumptions.channels[channel];
      if (model.model !== "conversation") continue;
      const { outcomes } = channelOf(channel);
      const facts = (weights: { readonly [code: string]: number }, fact: "connected" | "conversed") =>
        new Set(Object.keys(weights).map((code) => outcomes[code]?.[fact]));
      expect(facts(model.unreached, "connected")).toEqual(new Set([false]));
      expect(facts(model.otherParty, "connected")).toEqual(new Set([true]));
      expect(facts(model.otherParty, "conversed")).toEqual(new Set([false]));
      expect(facts({ ...model.promise, ...model.noPromise }, "conversed")).toEqual(new Set([true]));
    }
  });

  it.each([
    [-3, 0.45],
    [12, 0.35],
    [45, 0.25],
    [75, 0.18],
    [120, 0.12],
    [400, 0.08],
  ])("reach as many as assumed at %i days past due", (dpd, expected) => {
    expect(shareOf("robot", shares("robot", dpd), "connected")).toBeCloseTo(expected, 1);
  });

  it("promise as often as assumed in M1", () => {
    const found = shares("robot", 12);
    const promised = (found.PTP ?? 0) + (found.PPP ?? 0);
    expect(promised).toBeCloseTo(0.35 * 0.65 * 0.45, 2);
  });

  it("reach fewer with each redial", () => {
    const reached = [1, 3, 6].map((attempt) => shareOf("robot", shares("robot", 12, attempt), "connected"));
    expect(reached).toEqual([...reached].sort((left, right) => right - left));
    expect(new Set(reached).size).toBe(3);
  });

  it.each(["sms", "email", "push", "letter"] as const)("deliver fewer by %s the later the stage", (channel) => {
    const model = responseAssumptions.channels[channel];
    if (model.model !== "delivery") throw new Error("a message is delivered or not");
    const failed = (dpd: number) => {
      const found = shares(channel, dpd);
      return Object.keys(model.undelivered).reduce((sum, code) => sum + (found[code] ?? 0), 0);
    };
    expect(failed(10)).toBeLessThan(failed(200));
  });

  it("reach more by agents than by robots, and most at the door", () => {
    const reached = (channel: Channel) => shareOf(channel, shares(channel, 75), "connected");
    expect(reached("agent")).toBeCloseTo(0.28, 1);
    expect(reached("robot")).toBeLessThan(reached("agent"));
    expect(reached("agent")).toBeLessThan(reached("visit"));
  });

  it("charge a seat by the minute, a letter and a visit whatever comes of them, a notice nothing", () => {
    const costs = (channel: Channel) => {
      const { outcomes, costMinor } = channelOf(channel);
      return [...new Set(Object.values(outcomes).map((outcome) => costMinor({ outcome, text: "x" })))].sort();
    };
    expect(costs("agent")).toEqual([100, 200, 500]);
    expect([costs("letter"), costs("visit"), costs("email"), costs("push")]).toEqual([[800], [20_000], [1], [0]]);
  });

  it("charge calls that were picked up and messages by their parts, and take a second at least", () => {
    for (let person = 0; person < 500; person += 1) {
      const draws = (kind: string) => draw(3, `party_${person}`, kind);
      const call = respond({ channel: "robot", dpd: 10, attempt: 1, draw: draws });
      expect(call.costMinor).toBe(channelOf("robot").outcomes[call.outcome]?.connected === true ? 25 : 0);
      expect(call.delayMs).toBeGreaterThanOrEqual(1000);
      expect(call.delayMs % 1000).toBe(0);
      const message = respond({ channel: "sms", dpd: 10, attempt: 1, draw: draws, text: "好".repeat(71) });
      expect(message.costMinor).toBe(10);
    }
  });

  it("stay within the table at the very edges of chance", () => {
    for (const edge of [0, 0.5, 1 - Number.EPSILON]) {
      for (const channel of CHANNELS) {
        const { outcome } = respond({ channel, dpd: 0, attempt: 1, draw: () => edge });
        expect(Object.keys(channelOf(channel).outcomes)).toContain(outcome);
      }
    }
  });
});

describe.each(CHANNELS.map((channel) => simulatedChannel(channel, { seed: 42 })))("provider $id", (port) => {
  it.each(channelContract.map((one) => [one.name, one.broken] as const))("%s", async (_, broken) => {
    expect(await broken(port)).toEqual([]);
  });
});

describe("the provider contract", () => {
  it("finds a provider that takes real numbers, forgets what it said, or throws", async () => {
    const good = simulatedChannel("sms", { seed: 1 });
    const event = (count: number) => ({ eventId: `event-${count}`, key: "enr_contract:1:1", outcome: "DLV", atMs: 0 });
    let sent = 0;
    const careless = {
      ...good,
      send: async () => {
        sent += 1;
        return { kind: "accepted" as const, ref: "r", costMinor: 0.5, announced: [event(sent)] };
      },
    };
    const thrower = { ...good, send: async () => Promise.reject(new Error("down")) };
    const broken = await Promise.all(channelContract.map(async (one) => (await one.broken(careless)).length > 0));
    expect(broken.filter(Boolean).length).toBeGreaterThanOrEqual(5);
    expect(await channelContract[0]?.broken(thrower)).toEqual(["threw Error: down"]);
  });
});
