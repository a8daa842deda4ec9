import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnyRule, RulePack } from "../model/market-pack";
import type { ContactRecord, Hold, PolicyVerdict, RecordedConsent } from "../model/policy";
import { DAY_MS, type EpochMs, HOUR_MS, localDate, localMinuteOfDay, localWeekday, MINUTE_MS } from "../model/time";
import { checkPolicy, DEFER_HORIZON_DAYS, type PolicyQuestion } from "./check";
import type { PolicyRule } from "./kinds";
import { A_CALL, aPack } from "./testing/questions";

/**
 * The gate against somebody who knows only the words of the rules: no look-back arithmetic, no openings, no agreement. He takes the
 * calendar apart minute by minute and counts.
 */

/** Zones with whole, half and quarter hours, and with clocks that move at odd times of the day. */
const ZONES = ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"];
const FROM_MS = Date.UTC(2026, 0, 5);
const HOLIDAYS = ["2026-03-09", "2026-03-30", "2026-05-01", "2026-10-26", "2026-11-02"];
/** Minutes between two looks of the oracle; every instant of the rules below lies on one. */
const STEP_MS = 15 * MINUTE_MS;
/** How far the oracle looks before it believes that nothing opens. */
const LOOK_MS = DEFER_HORIZON_DAYS * DAY_MS;

const base = {
  title: { en: "Rule" },
  source: { kind: "law", name: "Law", counselCheck: true } as const,
  severity: "block" as const,
  channels: ["robot" as const],
  effectiveFrom: "2025-01-01",
};
const clock = fc
  .integer({ min: 0, max: 95 })
  .map(
    (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`,
  );
const weekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
const per = fc.constantFrom("party" as const, "contact-point" as const, "account" as const);
const metric = fc.constantFrom("attempted" as const, "connected" as const, "conversed" as const);

const windowRule = fc
  .array(
    fc.record({
      weekdays,
      from: clock,
      to: clock,
      on: fc.constantFrom("any" as const, "not-holidays" as const, "holidays" as const),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((windows): PolicyRule => ({ ...base, id: "x", kind: "window", windows, relaxedBy: "debtor-consent" }));
const capRule = fc
  .record({
    metric,
    per,
    window: fc.record({
      kind: fc.constantFrom("calendar-day" as const, "rolling-days" as const),
      days: fc.integer({ min: 1, max: 4 }),
    }),
    limit: fc.integer({ min: 1, max: 4 }),
  })
  .map((cap): PolicyRule => ({ ...base, id: "x", kind: "cap", ...cap }));
const gapRule = fc
  .record({ per, minutes: fc.integer({ min: 1, max: 20 }).map((quarters) => quarters * 15) })
  .map((gap): PolicyRule => ({ ...base, id: "x", kind: "minimum-gap", ...gap }));
const coolDownRule = fc.record({ metric, per, days: fc.integer({ min: 1, max: 4 }) }).map(
  ({ metric: reached, ...cool }): PolicyRule => ({
    ...base,
    id: "x",
    kind: "cool-down",
    after: { reached },
    ...cool,
  }),
);
const anyRule = fc.oneof(windowRule, capRule, gapRule, coolDownRule);
const rulePack = fc.array(anyRule, { minLength: 1, maxLength: 4 }).map((rules): RulePack => {
  const { calendar, ...pack } = aPack(...rules.map((rule, index) => ({ ...rule, id: `rule-${index}` })));
  return { ...pack, ...(calendar === undefined ? {} : { calendar: { ...calendar, holidays: HOLIDAYS } }) };
});

const question: fc.Arbitrary<PolicyQuestion> = fc
  .record({
    zones: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 2 }),
    nowMs: fc.integer({ min: 0, max: 330 * 96 }).map((step) => FROM_MS + step * STEP_MS),
    pack: rulePack,
    past: fc.array(
      fc.record({
        quartersAgo: fc.integer({ min: 0, max: 480 }),
        contactPointId: fc.constantFrom("cp_1", "cp_2", null),
        accountId: fc.constantFrom("acct_1", "acct_2"),
        reached: fc.integer({ min: 0, max: 2 }),
        by: fc.constantFrom("own" as const, "agency" as const),
        channel: fc.constantFrom("robot" as const, "sms" as const),
      }),
      { maxLength: 8 },
    ),
    holds: fc.array(
      fc.record({ inQuarters: fc.integer({ min: -20, max: 400 }), quarters: fc.integer({ min: 1, max: 160 }) }),
      { maxLength: 1 },
    ),
    consent: fc.option(
      fc.record({
        inQuarters: fc.integer({ min: -100, max: 200 }),
        quarters: fc.integer({ min: 1, max: 400 }),
        rule: fc.integer({ min: 0, max: 3 }),
        evidence: fc.constantFrom("rec-1", " "),
      }),
    ),
  })
  .map(({ zones, nowMs, pack, past, holds, consent }) => ({
    attempt: { ...A_CALL, timeZones: zones },
    history: past.map(
      ({ quartersAgo, reached, ...record }): ContactRecord => ({
        ...record,
        atMs: nowMs - quartersAgo * STEP_MS,
        connected: reached > 0,
        conversed: reached > 1,
        visit: null,
      }),
    ),
    holds: holds.map(({ inQuarters, quarters }): Hold => {
      const fromMs = nowMs + inQuarters * STEP_MS;
      return { kind: "manual", fromMs, untilMs: fromMs + quarters * STEP_MS };
    }),
    consents:
      consent === null
        ? []
        : [
            {
              rules: [`rule-${consent.rule}`],
              channels: ["robot"],
              fromMs: nowMs + consent.inQuarters * STEP_MS,
              untilMs: nowMs + (consent.inQuarters + consent.quarters) * STEP_MS,
              evidence: consent.evidence,
            } satisfies RecordedConsent,
          ],
    rulePack: pack,
    nowMs,
  }));

/* ---------- the oracle ---------- */

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const isHoliday = (date: string): boolean => HOLIDAYS.includes(date);

/** Whether a clock shows a minute of one of the windows: today's, or yesterday's where it runs over midnight. */
function isOpenBy(rule: PolicyRule & { kind: "window" }, zone: string, atMs: EpochMs): boolean {
  const minute = localMinuteOfDay(zone, atMs);
  const today = localDate(zone, atMs);
  const yesterday = localDate("UTC", Date.parse(`${today}T12:00:00Z`) - DAY_MS);
  const weekday = localWeekday(zone, atMs);
  return rule.windows.some(({ weekdays: days, from, to, on = "any" }) => {
    const begins = (date: string, day: number) =>
      days.includes(day) && (on === "any" || (on === "holidays") === isHoliday(date));
    const overnight = minutes(to) <= minutes(from);
    if (!overnight) return begins(today, weekday) && minute >= minutes(from) && minute < minutes(to);
    if (minute >= minutes(from) && begins(today, weekday)) return true;
    return minute < minutes(to) && begins(yesterday, weekday === 1 ? 7 : weekday - 1);
  });
}

function meant(rule: { per: string }, { attempt, history }: PolicyQuestion): readonly ContactRecord[] {
  return history.filter(({ channel, contactPointId, accountId }) => {
    if (channel !== "robot") return false;
    if (rule.per === "contact-point") return contactPointId === null || contactPointId === attempt.contactPoint?.id;
    return rule.per === "party" || accountId === attempt.accountId;
  });
}

const reached = (record: ContactRecord, what: string): boolean =>
  what === "attempted" || (what === "connected" ? record.connected : record.conversed);

/** Calendar days from one date to another, by counting noons. */
const daysFrom = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / DAY_MS);

function breaks(rule: PolicyRule, asked: PolicyQuestion, atMs: EpochMs): boolean {
  const zones = asked.attempt.timeZones;
  switch (rule.kind) {
    case "window":
      return zones.some((zone) => !isOpenBy(rule, zone, atMs));
    case "cap":
      return zones.some((zone) => {
        const counted = meant(rule, asked).filter((record) => {
          if (!reached(record, rule.metric) || !("days" in rule.window)) return false;
          const { kind, days } = rule.window;
          if (kind === "rolling-days") return atMs - record.atMs < days * DAY_MS;
          return daysFrom(localDate(zone, record.atMs), localDate(zone, atMs)) < days;
        });
        return counted.length >= rule.limit;
      });
    case "minimum-gap":
      return meant(rule, asked).some((record) => atMs - record.atMs < rule.minutes * MINUTE_MS);
    case "cool-down":
      return zones.some((zone) =>
        meant(rule, asked).some(
          (record) =>
            "reached" in rule.after &&
            reached(record, rule.after.reached) &&
            daysFrom(localDate(zone, record.atMs), localDate(zone, atMs)) < Number(rule.days),
        ),
      );
    default:
      throw new Error(rule.kind);
  }
}

function isAgreed(rule: PolicyRule, { consents = [] }: PolicyQuestion, atMs: EpochMs): boolean {
  if (rule.relaxedBy === undefined) return false;
  return consents.some(
    ({ rules, fromMs, untilMs, evidence }) =>
      rules.includes(rule.id) && evidence.trim() !== "" && fromMs <= atMs && atMs < untilMs,
  );
}

const isHeldAt = ({ holds }: PolicyQuestion, atMs: EpochMs): boolean =>
  holds.some(({ fromMs, untilMs }) => fromMs <= atMs && (untilMs === null || atMs < untilMs));

function broken(asked: PolicyQuestion, atMs: EpochMs): readonly string[] {
  return (asked.rulePack.rules as readonly PolicyRule[])
    .filter((rule) => breaks(rule, asked, atMs) && !isAgreed(rule, asked, atMs))
    .map(({ id }) => id);
}

/** What somebody says who tries every quarter of an hour. */
function oracle(asked: PolicyQuestion): { readonly verdict: string; readonly untilMs?: EpochMs } {
  if (isHeldAt(asked, asked.nowMs)) return { verdict: "deny" };
  if (broken(asked, asked.nowMs).length === 0) return { verdict: "allow" };
  for (let ms = asked.nowMs + STEP_MS; ms <= asked.nowMs + LOOK_MS; ms += STEP_MS) {
    if (!isHeldAt(asked, ms) && broken(asked, ms).length === 0) return { verdict: "defer", untilMs: ms };
  }
  return { verdict: "deny" };
}

const RANK = { allow: 0, defer: 1, deny: 2 } as const;
const rank = ({ verdict }: PolicyVerdict): number => RANK[verdict];

describe("the gate beside somebody who tries every quarter of an hour", () => {
  it("says the same, and the same first instant", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = checkPolicy(asked);
        seen.set(verdict.verdict, (seen.get(verdict.verdict) ?? 0) + 1);
        const said =
          verdict.verdict === "defer" ? { verdict: "defer", untilMs: verdict.untilMs } : { verdict: verdict.verdict };
        expect(said).toEqual(oracle(asked));
        const named = verdict.verdict === "allow" ? [] : verdict.reasons.map(({ rule }) => rule);
        expect(named).toEqual(expect.arrayContaining([...broken(asked, asked.nowMs)]));
      }),
      { numRuns: 700 },
    );
    expect([...seen.keys()].sort()).toEqual(["allow", "defer", "deny"]);
  });
});

describe("the strictest wins", () => {
  it("whatever rule is added: nothing that was refused or put off is allowed, and nothing comes sooner", () => {
    fc.assert(
      fc.property(question, anyRule, fc.constantFrom("block" as const, "warn" as const), (asked, added, severity) => {
        const before = checkPolicy(asked);
        const rule: AnyRule = { ...added, id: "added", severity };
        const after = checkPolicy({
          ...asked,
          rulePack: { ...asked.rulePack, rules: [...asked.rulePack.rules, rule] },
        });
        expect(rank(after)).toBeGreaterThanOrEqual(rank(before));
        if (before.verdict === "defer" && after.verdict === "defer") {
          expect(after.untilMs).toBeGreaterThanOrEqual(before.untilMs);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("whatever is agreed to: a rule that allows no agreement is as strict as before", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const rules = asked.rulePack.rules.map(({ relaxedBy: _, ...rule }) => rule as AnyRule);
        const pack = { ...asked.rulePack, rules };
        const everything: RecordedConsent = {
          rules: rules.map(({ id }) => id),
          channels: ["robot"],
          fromMs: asked.nowMs - HOUR_MS,
          untilMs: asked.nowMs + 100 * DAY_MS,
          evidence: "rec-1",
        };
        expect(checkPolicy({ ...asked, rulePack: pack, consents: [everything] })).toEqual(
          checkPolicy({ ...asked, rulePack: pack, consents: [] }),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("and an agreement without evidence, or longer than a year, agrees to nothing", () => {
    fc.assert(
      fc.property(question, fc.boolean(), (asked, unproven) => {
        const consent: RecordedConsent = {
          rules: asked.rulePack.rules.map(({ id }) => id),
          channels: ["robot"],
          fromMs: asked.nowMs - HOUR_MS,
          untilMs: asked.nowMs + (unproven ? 100 : 367) * DAY_MS,
          evidence: unproven ? "  " : "rec-1",
        };
        expect(checkPolicy({ ...asked, consents: [consent] })).toEqual(checkPolicy({ ...asked, consents: [] }));
      }),
      { numRuns: 200 },
    );
  });
});
