import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedChannel } from "../channels/simulated";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../model/time";
import type { ChannelAdapter, SendOutcome, SendRequest } from "../ports/channel";
import type { ChannelLimits } from "../ports/channel-standing";
import { aPhone } from "../testing/builders";
import { type Breaker, CLOSED, heard, knock, OPEN_AFTER_FAILURES, OPEN_MAX_MS, OPEN_MS } from "./breaker";
import { guardedChannel } from "./guarded-channel";
import { burstOf, fullBucket, takeToken } from "./token-bucket";

const ACCEPTED: SendOutcome = { kind: "accepted", ref: "r", costMinor: 5, announced: [] };
const UNKNOWN: SendOutcome = { kind: "unknown" };
const NO_LIMITS: ChannelLimits = {
  maxPerSecond: null,
  maxConcurrent: null,
  costPerHourMinor: null,
  currency: "CNY",
  breaks: true,
};

function aRequest(key = "k"): SendRequest {
  const to = aPhone("party_a");
  const simulation = { dpd: 1, attempt: 1 };
  return {
    ...{ key, partyId: "party_a", channel: "sms", to, subject: null, text: "您好", nowMs: 0, notAfterMs: HOUR_MS },
    ...{ resent: 0, simulation },
  };
}

/** A provider that answers as told, behind the brakes, at a time the test moves. */
function guarded(limits: Partial<ChannelLimits>, answer: () => SendOutcome | Promise<SendOutcome> = () => ACCEPTED) {
  let nowMs = 10 * HOUR_MS;
  let sent = 0;
  const adapter: ChannelAdapter = {
    ...simulatedChannel("sms", { seed: 1 }),
    estimate: () => 5,
    send: async () => {
      sent += 1;
      return answer();
    },
  };
  const channel = guardedChannel(adapter, { ...NO_LIMITS, ...limits }, () => nowMs);
  const send = () => channel.send(aRequest(), { signal: new AbortController().signal });
  return { channel, send, sent: () => sent, pass: (ms: number) => (nowMs += ms) };
}

describe("the rate", () => {
  it("lets through in any stretch of time no more than the rate and one burst", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        fc.array(fc.integer({ min: -50, max: 500 }), { minLength: 1, maxLength: 300 }),
        (perSecond, steps) => {
          let nowMs = 0;
          let bucket = fullBucket(perSecond, nowMs);
          let latest = 0;
          const passed: number[] = [];
          for (const step of steps) {
            nowMs = Math.max(0, nowMs + step);
            latest = Math.max(latest, nowMs);
            const taken = takeToken(bucket, perSecond, nowMs);
            bucket = taken.bucket;
            if (taken.waitMs === 0) passed.push(latest);
          }
          for (const [first, from] of passed.entries()) {
            for (let last = first; last < passed.length; last += 1) {
              const seconds = ((passed[last] ?? 0) - from) / SECOND_MS;
              expect(last - first + 1).toBeLessThanOrEqual(burstOf(perSecond) + seconds * perSecond + 1e-6);
            }
          }
        },
      ),
    );
  });

  it("gets nothing out of a clock that goes back and forth", () => {
    let bucket = fullBucket(1, 1000);
    const passed = Array.from({ length: 100 }, (_, index) => {
      const taken = takeToken(bucket, 1, index % 2 === 0 ? 1000 : 0);
      bucket = taken.bucket;
      return taken.waitMs === 0;
    });
    expect(passed.filter(Boolean)).toHaveLength(1);
  });

  it("has a place after the wait it named, and not before", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 50, noNaN: true }), (perSecond) => {
        let bucket = fullBucket(perSecond, 0);
        while (true) {
          const taken = takeToken(bucket, perSecond, 0);
          bucket = taken.bucket;
          if (taken.waitMs === 0) continue;
          expect(takeToken(bucket, perSecond, taken.waitMs).waitMs).toBe(0);
          if (taken.waitMs > 2) expect(takeToken(bucket, perSecond, taken.waitMs - 2).waitMs).toBeGreaterThan(0);
          return;
        }
      }),
    );
  });

  it("keeps back what is too much, with the time to wait, and hands on nothing of it", async () => {
    const { send, sent, pass, channel } = guarded({ maxPerSecond: 2 });
    const answers = [await send(), await send(), await send()];
    expect(answers[2]).toEqual({ kind: "rejected", code: "rate", retryable: true, retryAfterMs: 500, keptBack: true });
    expect(sent()).toBe(2);
    pass(500);
    expect((await send()).kind).toBe("accepted");
    expect(channel.standing()).toMatchObject({ accepted: 3, keptBack: { rate: 1 }, costMinor: 15 });
  });
});

describe("the breaker", () => {
  it("opens after so many failures in a row, lets one trial through, and closes when it succeeds", async () => {
    let answer: SendOutcome = UNKNOWN;
    const { send, sent, pass, channel } = guarded({}, () => answer);
    for (let count = 0; count < OPEN_AFTER_FAILURES; count += 1) await send();
    expect(await send()).toEqual({
      ...{ kind: "rejected", code: "breaker-open", retryable: true },
      ...{ retryAfterMs: OPEN_MS, keptBack: true },
    });
    expect(channel.standing()).toMatchObject({ breaker: "open", waitMs: OPEN_MS, keptBack: { "breaker-open": 1 } });
    expect(sent()).toBe(OPEN_AFTER_FAILURES);
    pass(OPEN_MS);
    await send();
    expect(await send()).toMatchObject({ code: "breaker-open", retryAfterMs: 2 * OPEN_MS });
    pass(2 * OPEN_MS);
    answer = ACCEPTED;
    expect((await send()).kind).toBe("accepted");
    expect(channel.standing()).toMatchObject({
      breaker: "closed",
      waitMs: 0,
      unknown: OPEN_AFTER_FAILURES + 1,
      accepted: 1,
    });
  });

  it("lets only one trial through at a time", async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    let isDown = true;
    const trial = () => new Promise<SendOutcome>((resolve) => (answer = resolve));
    const { send, pass, sent } = guarded({}, () => (isDown ? UNKNOWN : trial()));
    for (let count = 0; count < OPEN_AFTER_FAILURES; count += 1) await send();
    isDown = false;
    pass(OPEN_MS);
    const tried = send();
    expect(await send()).toMatchObject({ code: "breaker-open" });
    expect(sent()).toBe(OPEN_AFTER_FAILURES + 1);
    answer(ACCEPTED);
    expect((await tried).kind).toBe("accepted");
  });

  it("does not open for people who cannot be reached: a refusal is an answer", async () => {
    const { send, sent } = guarded({}, () => ({ kind: "rejected", code: "invalid-number", retryable: false }));
    for (let count = 0; count < 3 * OPEN_AFTER_FAILURES; count += 1) await send();
    expect(sent()).toBe(3 * OPEN_AFTER_FAILURES);
  });

  it("never stays shut for longer than its bound after the last failure", () => {
    const stepArb = fc.record({ ms: fc.integer({ min: 0, max: MINUTE_MS }), fails: fc.boolean() });
    fc.assert(
      fc.property(fc.array(stepArb, { maxLength: 100 }), (steps) => {
        let breaker: Breaker = CLOSED;
        let nowMs = 0;
        for (const { ms, fails } of steps) {
          nowMs += ms;
          const answer = knock(breaker, nowMs);
          if (answer.passes) breaker = heard(answer.breaker, fails, nowMs);
          else expect(answer.waitMs).toBeLessThanOrEqual(OPEN_MAX_MS);
        }
        expect(knock(breaker, nowMs + OPEN_MAX_MS).passes).toBe(true);
      }),
    );
  });
});

describe("a provider that asks to be left alone", () => {
  it("is, for as long as it said, whoever is next", async () => {
    const throttled: SendOutcome = { kind: "rejected", code: "throttled", retryable: true, retryAfterMs: 7000 };
    let answer: SendOutcome = throttled;
    const { send, sent, pass } = guarded({}, () => answer);
    expect(await send()).toEqual(throttled);
    answer = ACCEPTED;
    pass(6999);
    expect(await send()).toMatchObject({ code: "paused", retryAfterMs: 1 });
    pass(1);
    expect((await send()).kind).toBe("accepted");
    expect(sent()).toBe(2);
  });
});

describe("places and money", () => {
  it("lets no more be under way at once than there are places, also when a provider throws", async () => {
    const open: ((outcome: SendOutcome) => void)[] = [];
    const { send, channel } = guarded({ maxConcurrent: 2 }, () => new Promise((resolve) => open.push(resolve)));
    const two = [send(), send()];
    expect(await send()).toMatchObject({ code: "too-many" });
    for (const answer of open) answer(ACCEPTED);
    await Promise.all(two);
    expect(channel.standing().underWay).toBe(0);
    const broken = guarded({ maxConcurrent: 1 }, () => Promise.reject(new Error("down")));
    await expect(broken.send()).rejects.toThrow("down");
    expect(broken.channel.standing()).toMatchObject({ underWay: 0, unknown: 1 });
  });

  it("spends no more in an hour than it may, contacts under way included, and goes on in the next", async () => {
    const open: ((outcome: SendOutcome) => void)[] = [];
    const { send, pass, channel } = guarded(
      { costPerHourMinor: 12 },
      () => new Promise((resolve) => open.push(resolve)),
    );
    const two = [send(), send()];
    expect(await send()).toMatchObject({ code: "cost-limit", retryAfterMs: HOUR_MS });
    open[0]?.(ACCEPTED);
    open[1]?.({ kind: "rejected", code: "invalid-number", retryable: false });
    await Promise.all(two);
    expect(channel.standing()).toMatchObject({ costMinor: 5, costThisHourMinor: 5 });
    pass(HOUR_MS);
    const next = send();
    expect(channel.standing().costThisHourMinor).toBe(5);
    open[2]?.(ACCEPTED);
    expect((await next).kind).toBe("accepted");
  });
});

describe("how a provider stands", () => {
  it("says how long a contact would wait now, and touches none of the brakes by saying so", async () => {
    const { send, channel, pass } = guarded({ maxPerSecond: 2 });
    await send();
    await send();
    expect([channel.standing().waitMs, channel.standing().waitMs]).toEqual([500, 500]);
    pass(500);
    expect(channel.standing().waitMs).toBe(0);
    expect((await send()).kind).toBe("accepted");
  });

  it("shows the latency of the latest answers, and what this hour has cost until it is over", async () => {
    let world: ReturnType<typeof guarded> | null = null;
    let took = 10;
    world = guarded({}, () => {
      world?.pass(took);
      return ACCEPTED;
    });
    expect(world.channel.standing().latency).toBeNull();
    for (let count = 0; count < 19; count += 1) await world.send();
    took = 900;
    await world.send();
    expect(world.channel.standing().latency).toEqual({ medianMs: 10, p95Ms: 900 });
    expect(world.channel.standing().costThisHourMinor).toBe(100);
    world.pass(HOUR_MS);
    expect(world.channel.standing()).toMatchObject({ costThisHourMinor: 0, costMinor: 100 });
  });

  it("of a simulated one never breaks: its faults are wanted", async () => {
    const { send, channel } = guarded({ breaks: false }, () => UNKNOWN);
    for (let count = 0; count < 3 * OPEN_AFTER_FAILURES; count += 1) await send();
    expect(channel.standing()).toMatchObject({ breaker: "closed", unknown: 3 * OPEN_AFTER_FAILURES, waitMs: 0 });
  });
});
