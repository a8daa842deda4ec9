import { describe, expect, it } from "vitest";
import { CALL_BACK_AT } from "../model/contact-result";
import { DAY_MS, formatInstant, HOUR_MS, MINUTE_MS } from "../model/time";
import { baseAssumptions } from "../simulate/assumptions/presets";
import { callBackAfter } from "../simulate/behaviour/settlements";
import type { SimulationInput } from "../simulate/input";
import type { ObservedContact } from "../simulate/party-state";
import { simulate, simulatePart } from "../simulate/simulate";
import { anAccount, aPhone, SHANGHAI } from "../testing/builders";
import { asking, enteringTo, handMadeProgram, LATE_ONES, LEAVE, TO_PEOPLE } from "../testing/hand-made-program";
import { ANN, aLiveRun, MONDAY } from "../testing/live-run";
import { STRICT_MARKET } from "../testing/live-story";

/** A robot calls; whoever asks to be called again is called again, at most five times. */
const program = handMadeProgram(STRICT_MARKET, {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("call"),
    call: asking(
      { kind: "contact", channel: "robot", contentId: "robot.reminder", partyRole: "self" },
      { CBK: "again", PTP: "done" },
      { otherwise: "people", days: 4 },
    ),
    again: {
      spec: { kind: "repeat", maxTimes: 5, again: "again", done: "done", whileRuleSet: null, unknown: null },
      handles: { again: "call", done: "people" },
    },
    done: LEAVE,
    people: TO_PEOPLE,
  },
});
const version = { versionId: "ver_call-back", strategyId: "strat_call-back", program } as const;
const asks = (atMs: number) => ({ [CALL_BACK_AT]: formatInstant(SHANGHAI, atMs) });

/** When Ann is called, hours after Monday morning, when she asks to be called again at `askedMs`. */
async function calledAt(askedMs: number | null): Promise<readonly number[]> {
  const values = askedMs === null ? {} : { values: asks(askedMs) };
  const { shell, enroll } = await aLiveRun({
    version,
    answer: ({ key }) => ({
      delayMs: MINUTE_MS,
      ...(key.includes(":2:") ? { outcome: "CBK", ...values } : { outcome: "PTP" }),
    }),
  });
  await enroll(ANN);
  await shell.runUntil(MONDAY + 4 * DAY_MS, HOUR_MS / 2);
  return shell.sent.map(({ nowMs }) => (nowMs - MONDAY) / HOUR_MS);
}

describe("somebody who asks to be called again, live", () => {
  it("is called at the time they named, and not before", async () => {
    expect(await calledAt(MONDAY + 28 * HOUR_MS)).toEqual([0, 28]);
  });

  it("is called when the hours of the law begin again, when the time they named is outside them", async () => {
    // One o'clock at night; the hours begin at eight.
    expect(await calledAt(MONDAY + 39 * HOUR_MS)).toEqual([0, 46]);
  });

  it("is called as soon as the step would when no time was named, or one that makes no sense", async () => {
    // This market allows one call a day.
    for (const askedMs of [null, MONDAY - DAY_MS, MONDAY + 400 * DAY_MS]) {
      expect(await calledAt(askedMs)).toEqual([0, 22]);
    }
  });
});

describe("somebody who asks to be called again, in a simulation", () => {
  const accounts = Array.from({ length: 600 }, (_, index) => anAccount(`S-${index}`));
  const input: SimulationInput = {
    ...{ program, pack: STRICT_MARKET, accounts, contactPoints: accounts.map(({ partyId }) => aPhone(partyId)) },
    ...{ from: "2026-03-02", days: 20, seed: 5, locale: "zh-CN" },
  };

  it("is never called before the time they named, by the same draw as live", () => {
    const contacts: ObservedContact[] = [];
    simulatePart(input, { onContact: (contact) => contacts.push(contact) });
    const named = contacts.flatMap((contact, index) => {
      const own = contacts.filter(({ account }) => account.id === contact.account.id);
      const next = contacts.slice(index + 1).find(({ account }) => account.id === contact.account.id);
      if (contact.outcome !== "CBK" || next === undefined) return [];
      const ordinal = own.indexOf(contact);
      const cause = { channel: "robot", outcome: "CBK", ordinal, atMs: contact.atMs } as const;
      const debtor = { account: contact.account, seed: 5, timeZone: SHANGHAI, assumptions: baseAssumptions };
      const askedMs = callBackAfter(debtor, cause) ?? 0;
      return [{ askedMs, calledMs: next.atMs }];
    });
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter(({ askedMs, calledMs }) => calledMs < askedMs)).toEqual([]);
    // Some within the hour they named; this market calls once a day, so most wait for the hours of the next.
    expect(named.some(({ askedMs, calledMs }) => calledMs < askedMs + HOUR_MS)).toBe(true);
  });

  it("comes to the same every time", () => {
    expect(simulate(input).traceHash).toBe(simulate(input).traceHash);
  });
});
