import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RulePack } from "../model/market-pack";
import type { ContactAttempt, ContactRecord, Hold } from "../model/policy";
import { DAY_MS, type EpochMs, HOUR_MS, localDate, MINUTE_MS } from "../model/time";
import { marketPack } from "../packs";
import { checkPolicy, DEFER_HORIZON_DAYS, type PolicyQuestion } from "./check";
import type { PolicyRule } from "./kinds";
import { windowKind } from "./kinds/window";
import { A_CALL } from "./testing/questions";
import { hoursOf, isInHours } from "./windows";

/** Zones with whole, half and quarter hours, and with clocks that move at odd times of the day. */
const ZONES = [
  "Asia/Shanghai",
  "America/New_York",
  "Europe/London",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/Santiago",
];
/** After the last rule of the pack has come into force. */
const FROM_MS = Date.UTC(2026, 1, 1);
/** The visit of the step that asks. */
const VISIT = "enr_1:4";

const shippedPack = marketPack("cn").rulePacks["cn-default"];
if (shippedPack === undefined) throw new Error("cn-default is not shipped");
const cnDefault: RulePack = shippedPack;
const { source, title } = cnDefault.rules[0] as PolicyRule;
const base = { title, source, severity: "block" as const, channels: ["robot" as const], effectiveFrom: "2025-01-01" };

const clock = fc
  .integer({ min: 0, max: 95 })
  .map(
    (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`,
  );
const weekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });

const windowRule = fc
  .array(fc.record({ weekdays, from: clock, to: clock }), { minLength: 1, maxLength: 3 })
  .map((windows): PolicyRule => ({ ...base, id: "window", kind: "window", windows }));
const capRule = fc
  .record({
    metric: fc.constantFrom("attempted" as const, "connected" as const, "conversed" as const),
    per: fc.constantFrom("party" as const, "contact-point" as const),
    window: fc.record({
      kind: fc.constantFrom("calendar-day" as const, "rolling-days" as const),
      days: fc.integer({ min: 1, max: 4 }),
    }),
    limit: fc.integer({ min: 1, max: 4 }),
  })
  .map((cap): PolicyRule => ({ ...base, id: "cap", kind: "cap", ...cap }));
const gapRule = fc
  .record({
    per: fc.constantFrom("party" as const, "contact-point" as const),
    minutes: fc.integer({ min: 1, max: 300 }),
  })
  .map((gap): PolicyRule => ({ ...base, id: "gap", kind: "minimum-gap", ...gap }));

const rulePack = fc
  .array(fc.oneof(windowRule, capRule, gapRule), { minLength: 1, maxLength: 4 })
  .map((rules): RulePack => ({ ...cnDefault, rules: rules.map((rule, index) => ({ ...rule, id: `rule-${index}` })) }));

const instant = fc.integer({ min: 0, max: 365 * 24 * 60 }).map((minutes) => FROM_MS + minutes * MINUTE_MS);

const attemptIn = (timeZone: string): ContactAttempt => ({ ...A_CALL, timeZones: [timeZone] });

const question: fc.Arbitrary<PolicyQuestion> = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    nowMs: instant,
    rulePack,
    past: fc.array(
      fc.record({
        hoursAgo: fc.integer({ min: 0, max: 120 }),
        contactPointId: fc.constantFrom("cp_1", "cp_2"),
        connected: fc.boolean(),
        conversed: fc.boolean(),
        visit: fc.constantFrom(VISIT, "enr_1:9", null),
      }),
      { maxLength: 8 },
    ),
    maxPerDay: fc.option(fc.integer({ min: 1, max: 3 })),
    holds: fc.array(fc.record({ inHours: fc.integer({ min: 1, max: 100 }), hours: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 1,
    }),
  })
  .map(({ zone, nowMs, rulePack: pack, past, holds, maxPerDay }) => ({
    attempt: { ...attemptIn(zone), ...(maxPerDay === null ? {} : { ownCap: { visit: VISIT, maxPerDay } }) },
    history: past.map(
      ({ hoursAgo, ...record }): ContactRecord => ({
        ...record,
        channel: "robot",
        atMs: nowMs - hoursAgo * HOUR_MS,
      }),
    ),
    holds: holds.map(
      ({ inHours, hours }): Hold => ({
        kind: "manual",
        fromMs: nowMs + inHours * HOUR_MS,
        untilMs: nowMs + (inHours + hours) * HOUR_MS,
      }),
    ),
    rulePack: pack,
    nowMs,
  }));

describe("the gate, whatever the rules", () => {
  it("puts off to an instant that is itself allowed, and not a minute later than needed", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = checkPolicy(asked);
        if (verdict.verdict !== "defer") return;
        expect(verdict.untilMs).toBeGreaterThan(asked.nowMs);
        expect(checkPolicy({ ...asked, nowMs: verdict.untilMs }).verdict).toBe("allow");
        const justBefore = Math.max(asked.nowMs, verdict.untilMs - MINUTE_MS);
        expect(checkPolicy({ ...asked, nowMs: justBefore }).verdict).not.toBe("allow");
      }),
      { numRuns: 1500 },
    );
  });

  it("puts off to the very first allowed minute: asking minute by minute finds no earlier one", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = checkPolicy(asked);
        if (verdict.verdict === "allow") return;
        const untilMs = verdict.verdict === "defer" ? verdict.untilMs : asked.nowMs + DEFER_HORIZON_DAYS * DAY_MS;
        const lookUntilMs = Math.min(untilMs - 1, asked.nowMs + 2 * DAY_MS);
        for (let ms = asked.nowMs; ms <= lookUntilMs; ms += 7 * MINUTE_MS) {
          expect(checkPolicy({ ...asked, nowMs: ms }).verdict).not.toBe("allow");
        }
      }),
      { numRuns: 120 },
    );
  });

  it("never allows outside a window, and carries a reason whenever it does not allow", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = checkPolicy(asked);
        if (verdict.verdict !== "allow") {
          expect(verdict.reasons.length).toBeGreaterThan(0);
          return;
        }
        for (const rule of asked.rulePack.rules.filter(({ kind }) => kind === windowKind.kind)) {
          const hours = hoursOf(windowKind.schema.parse(rule).windows, () => "ordinary");
          for (const zone of asked.attempt.timeZones) expect(isInHours(hours, zone, asked.nowMs)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("answers the same question the same way and changes nothing it was given", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const before = JSON.stringify(asked);
        expect(checkPolicy(asked)).toEqual(checkPolicy(asked));
        expect(JSON.stringify(asked)).toBe(before);
      }),
      { numRuns: 200 },
    );
  });
});

/** Calls as fast as the gate lets them, for days: what an eager strategy would do to one person. */
function eagerCalls(startMs: EpochMs, days: number, answers: () => { connected: boolean; conversed: boolean }) {
  const history: ContactRecord[] = [];
  const attempt = attemptIn("Asia/Shanghai");
  for (let nowMs = startMs; nowMs < startMs + days * DAY_MS; nowMs += MINUTE_MS) {
    const verdict = checkPolicy({ attempt, history, holds: [], rulePack: cnDefault, nowMs });
    if (verdict.verdict === "allow") {
      history.push({ atMs: nowMs, channel: "robot", contactPointId: "cp_1", visit: null, ...answers() });
    }
  }
  return history;
}

function perDay(calls: readonly ContactRecord[]): readonly number[] {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const day = localDate("Asia/Shanghai", call.atMs);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe("cn-default, obeyed minute by minute", () => {
  it("never lets one person be called more than 6 times or talked to more than 3 times a day", () => {
    fc.assert(
      fc.property(instant, fc.infiniteStream(fc.integer({ min: 0, max: 2 })), (startMs, answers) => {
        const calls = eagerCalls(startMs, 3, () => {
          const answer = answers.next().value;
          return { connected: answer > 0, conversed: answer > 1 };
        });
        expect(Math.max(0, ...perDay(calls))).toBeLessThanOrEqual(6);
        expect(Math.max(0, ...perDay(calls.filter((call) => call.conversed)))).toBeLessThanOrEqual(3);
        expect(calls.length).toBeGreaterThan(0);
      }),
      { numRuns: 20 },
    );
  });
});
