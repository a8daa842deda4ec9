import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal, type KnownResult, NORMAL_RESULTS, normalResultOf, resultRank } from "../model/contact-result";
import { CHANNELS, type Channel } from "../model/content";
import type { StatusEvent } from "../ports/channel";
import { channelOf } from ".";
import { foldResults, outcomeCodeOf } from "./results";

const NOW = Date.UTC(2026, 2, 2, 2);

function said(result: StatusEvent["result"], change: Partial<StatusEvent> = {}): StatusEvent {
  const event = { eventId: `${result}-1`, key: "k", ref: null, result, outcome: null, atMs: NOW, costMinor: null };
  return { ...event, values: {}, raw: null, ...change };
}

const eventArb: fc.Arbitrary<StatusEvent> = fc
  .record({
    result: fc.constantFrom(...NORMAL_RESULTS),
    outcome: fc.constantFrom(null, null, "PTP", "RPC", "NA", "NOPE"),
    atMs: fc.integer({ min: NOW - 100, max: NOW + 100 }),
    eventId: fc.integer({ min: 0, max: 30 }).map(String),
  })
  .map(({ result, ...change }) => said(result, change));
const channelArb = fc.constantFrom<Channel>(...CHANNELS);
const known = (channel: Channel, events: readonly StatusEvent[], before: KnownResult | null = null) =>
  foldResults(channel, before, { events, nowMs: NOW });

describe("what is known of a contact", () => {
  it("is the same in whatever order, how often and in how many batches its events come", () => {
    fc.assert(
      fc.property(
        channelArb,
        fc.array(eventArb, { minLength: 1, maxLength: 12 }).chain((events) =>
          fc.record({
            events: fc.constant(events),
            again: fc.shuffledSubarray([...events, ...events], {
              minLength: events.length * 2,
              maxLength: events.length * 2,
            }),
            cut: fc.integer({ min: 0, max: events.length * 2 }),
          }),
        ),
        (channel, { events, again, cut }) => {
          const whole = known(channel, events);
          const first = cut === 0 ? null : known(channel, again.slice(0, cut));
          expect(known(channel, again.slice(cut), first)).toEqual(whole);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("never weighs less after another event, and never un-ends", () => {
    fc.assert(
      fc.property(channelArb, fc.array(eventArb, { minLength: 1, maxLength: 20 }), (channel, events) => {
        let before: KnownResult | null = null;
        for (const event of events) {
          const after: KnownResult | null = known(channel, [event], before);
          if (after === null) throw new Error("something was said");
          if (before !== null) {
            expect(resultRank(channel, after.result)).toBeGreaterThanOrEqual(resultRank(channel, before.result));
            if (isTerminal(before.result)) expect(isTerminal(after.result)).toBe(true);
          }
          before = after;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("gives way to good news about a short message, and to a bounce about a mail", () => {
    const events = [said("failed_permanent", { atMs: NOW - 5 }), said("delivered")];
    expect(known("sms", events)?.result).toBe("delivered");
    expect(known("email", events)?.result).toBe("failed_permanent");
    expect(known("email", [...events, said("read")])?.result).toBe("read");
  });

  it("keeps what a call came to when the bare result comes after it", () => {
    const spoken = said("answered", { outcome: "PTP", eventId: "b" });
    expect(known("robot", [spoken, said("answered", { eventId: "a", atMs: NOW - 50 })])).toMatchObject({
      outcome: "PTP",
    });
  });

  it("takes an event of the future as of now", () => {
    expect(known("sms", [said("delivered", { atMs: NOW + 3_600_000 })])?.atMs).toBe(NOW);
  });
});

describe("a channel's code for it", () => {
  it("is null for everything that ends nothing, and for words nobody knows", () => {
    for (const channel of CHANNELS) {
      for (const result of ["unknown", "accepted", "sending"] as const) {
        expect(outcomeCodeOf(channel, { result, outcome: "DLV", atMs: NOW, eventId: "1" })).toBeNull();
      }
    }
    expect(normalResultOf("teleported")).toBe("unknown");
    expect(normalResultOf("constructor")).toBe("unknown");
  });

  it("stands in the channel's table, for every result", () => {
    for (const channel of CHANNELS) {
      const { outcomes, results } = channelOf(channel);
      for (const code of Object.values(results)) expect(Object.keys(outcomes), channel).toContain(code);
    }
  });

  it("covers every way a message can end", () => {
    for (const channel of ["sms", "email", "push", "letter"] as const) {
      const { results } = channelOf(channel);
      for (const result of ["failed_retryable", "failed_permanent", "expired", "delivered"] as const)
        expect(results[result], `${channel} ${result}`).toBeDefined();
    }
  });

  it.each([
    ["robot", "answered", "PTP", "PTP"],
    ["robot", "answered", null, "RPC"],
    ["robot", "answered", "NOPE", "RPC"],
    // A promise from somebody who did not pick up is no promise.
    ["robot", "no_answer", "PTP", "NA"],
    ["robot", "invalid_vacant", null, "INV"],
    ["robot", "cancelled", null, null],
    ["sms", "read", null, "DLV"],
    ["email", "complained", null, "CPL"],
    ["letter", "read", "SGO", "SGO"],
  ] as const)("%#: of %s %s with %s it is %s", (...[channel, result, outcome, code]) => {
    expect(outcomeCodeOf(channel, { result, outcome, atMs: NOW, eventId: "1" })).toBe(code);
  });
});
