import { z } from "zod";
import { HOLD_KINDS, type Hold, type HoldKind } from "../../model/policy";
import type { EpochMs } from "../../model/time";
import { defineRuleKind, EXAMPLE_BASE, NEVER, type RulePart, ruleSchema } from "./define";

/** R5: while one of these holds is open nothing is done. */
const schema = ruleSchema("hold", {
  /** Kinds it stops for; every one when it is missing. */
  holds: z.array(z.enum(HOLD_KINDS)).min(1).optional(),
});

export function isHeld(hold: Hold, atMs: EpochMs): boolean {
  return hold.fromMs <= atMs && (hold.untilMs === null || atMs < hold.untilMs);
}

/** Earliest instant at or after `atMs` without a hold; those that begin later stand in the way of a later contact. */
function afterHolds(holds: readonly Hold[], atMs: EpochMs): EpochMs {
  let freeMs = atMs;
  for (const hold of [...holds].sort((left, right) => left.fromMs - right.fromMs)) {
    if (!isHeld(hold, freeMs)) continue;
    if (hold.untilMs === null) return NEVER;
    freeMs = hold.untilMs;
  }
  return freeMs;
}

/** Each kind of hold once, however many accounts of the party brought it. */
export function holdPart(severity: RulePart["severity"], kinds: ReadonlySet<HoldKind> | null): RulePart {
  const meant = (holds: readonly Hold[]): readonly Hold[] =>
    kinds === null ? holds : holds.filter(({ kind }) => kinds.has(kind));
  return {
    severity,
    standing: true,
    next: ({ holds }, atMs) => (holds.length === 0 ? atMs : afterHolds(meant(holds), atMs)),
    objections: ({ holds }, atMs) => {
      const open = new Set(
        meant(holds)
          .filter((hold) => isHeld(hold, atMs))
          .map(({ kind }) => kind),
      );
      return [...open].sort().map((hold) => ({ code: "policy.hold", params: { hold } }));
    },
  };
}

export const holdKind = defineRuleKind<z.output<typeof schema>>({
  kind: "hold",
  row: "R5",
  title: { "zh-CN": "停催", en: "Holds" },
  schema,
  texts: {
    "policy.hold": {
      "zh-CN": "{rule}：该客户因{hold}暂停联系",
      en: "{rule}: contact with this party is on hold ({hold})",
    },
  },
  link: (rule) => [holdPart(rule.severity, rule.holds === undefined ? null : new Set(rule.holds))],
  example: {
    ...EXAMPLE_BASE,
    id: "example.hold",
    title: { "zh-CN": "分期履行期间停催", en: "No collection while a plan is kept" },
    kind: "hold",
    holds: ["active-plan"],
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    holds: [{ kind: "active-plan", fromMs: 0, untilMs: Date.UTC(2026, 2, 1) }],
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    holds: [{ kind: "active-plan", fromMs: 0, untilMs: null }],
    code: "policy.hold",
  },
});
