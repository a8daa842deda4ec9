import { compileStrategy } from "#engine/compile/compile";
import { InvariantError } from "#engine/model/invariant";
import type { PublishedVersion } from "#engine/ports/program-store";
import { CURED_WHEN_PAID, drawnStrategy, PAST_DUE } from "#engine/run/testing/drawn-strategy";
import { STRICT_MARKET } from "#engine/testing/live-story";

/** Half of the accounts stand below it: those are written to. */
export const LARGE_MINOR = 500_000;

const WAIT = { type: "wait", data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 1440 } } as const;

/**
 * A wait ends: an exit rule, a branch over three rules, an SMS to half of the people, another wait. One due timer is one step
 * (semantics.md): two or three decisions, and half a request.
 */
export function benchVersion(): PublishedVersion {
  const doc = drawnStrategy(
    {
      start: { type: "start", data: { when: PAST_DUE }, to: { enter: "wait" } },
      wait: { ...WAIT, to: { elapsed: "look", happened: "sms" } },
      look: {
        type: "branch",
        data: {
          rules: [
            { id: "late", when: { fact: "dpd", operator: "greaterThan", value: 180 } },
            {
              id: "large",
              when: {
                all: [
                  { fact: "overdue", operator: "greaterThanInclusive", value: LARGE_MINOR },
                  { fact: "staff", operator: "equal", value: false },
                ],
              },
            },
            {
              id: "weak",
              when: {
                any: [
                  { fact: "score", operator: "lessThan", value: 900 },
                  { fact: "stage", operator: "in", value: ["M2", "M3"] },
                ],
              },
            },
          ],
        },
        to: { late: "done", large: "rest", weak: "sms", otherwise: "rest", unknown: "rest" },
      },
      sms: {
        type: "sms",
        data: { contentId: "sms.reminder", waitForDelivery: false, giveUpHours: 24 },
        to: { sent: "rest" },
      },
      rest: { ...WAIT, to: { elapsed: "done", happened: "done" } },
      done: { type: "exit", data: { reason: "completed" }, to: {} },
    },
    { exits: [CURED_WHEN_PAID] },
  );
  const compiled = compileStrategy(doc, STRICT_MARKET);
  if (!compiled.ok) throw new InvariantError("bench.strategy-broken", { issues: compiled.error.slice(0, 3) });
  return { versionId: "ver_bench-1", strategyId: "strat_bench", program: compiled.value };
}
