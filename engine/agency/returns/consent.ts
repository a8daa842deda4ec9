import { z } from "zod";
import { CHANNELS } from "../../model/content";
import { CONSENT_DAYS_MAX } from "../../model/policy";
import { DAY_MS } from "../../model/time";
import { BASE_COLUMNS, BaseRowSchema, defineReturn, InstantCellSchema, refused } from "./define";

/** Rules one consent may relax. */
const RULES_MAX = 20;
const list = (text: string): readonly string[] => text.split(/[ ;]+/).filter((part) => part !== "");
const RowSchema = BaseRowSchema.extend({
  rules: z.string().transform(list).pipe(z.array(z.string()).min(1).max(RULES_MAX)),
  channels: z
    .string()
    .transform(list)
    .pipe(z.array(z.enum(CHANNELS)).min(1).max(CHANNELS.length)),
  from: InstantCellSchema,
  until: InstantCellSchema,
  evidence: z.string().min(1).max(300),
});

/** What a debtor agreed to while with the agency. Without evidence or with no end within a year it would relax nothing, so it is refused. */
export const consent = defineReturn({
  columns: { required: [...BASE_COLUMNS, "rules", "channels", "from", "until", "evidence"], optional: [] },
  row: RowSchema,
  judge: ({ rules, channels, from: fromMs, until: untilMs, evidence }, { placement, rules: known }) => {
    if (rules.some((rule) => !known.has(rule))) return refused("agency.rule-unknown", "rules");
    if (untilMs <= fromMs || untilMs - fromMs > CONSENT_DAYS_MAX * DAY_MS)
      return refused("agency.consent-length", "until");
    return {
      change: { kind: "consent", partyId: placement.partyId, consent: { rules, channels, fromMs, untilMs, evidence } },
      issues: [],
    };
  },
});
