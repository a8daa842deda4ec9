import type { Content } from "../../model/content";
import { type Field, FieldSchema } from "../../model/facts";
import type { MarketPack } from "../../model/market-pack";

function field(key: string, type: Field["type"], more: Partial<Field> = {}): Field {
  return FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules: true, ...more });
}

function content(id: string, channel: Content["channel"]): Content {
  return {
    id,
    channel,
    title: { en: id },
    text: { en: "{{name}}, please call us back." },
    version: 1,
    stages: [],
    tone: "friendly",
  };
}

const STATUSES = ["open", "paid", "closed", "sold", "written-off"].map((value) => ({ value, label: { en: value } }));
const PROMISES = ["none", "open", "kept", "partial", "broken", "cancelled"].map((value) => ({
  value,
  label: { en: value },
}));
const STAGES = ["M0", "M1", "M2", "M3"].map((value) => ({ value, label: { en: value } }));

/** A market with one fact of every type and one text per channel: enough to draw any strategy with, small enough to read. */
export const SMALL_MARKET: MarketPack = {
  market: "cn",
  version: "test",
  fields: Object.fromEntries(
    [
      field("dpd", "integer", { origin: "derived" }),
      field("overdue", "money"),
      field("score", "number"),
      field("rate", "percent"),
      field("due_date", "date"),
      field("stage", "enum", { values: STAGES }),
      field("region", "text"),
      field("staff", "boolean"),
      field("account_status", "enum", { values: STATUSES }),
      field("payday", "integer"),
      field("promise_status", "enum", { values: PROMISES }),
      field("promise_due_date", "date"),
      field("promise_paid_share", "percent"),
      // A name every object inherits: must never be read from the prototype.
      field("constructor", "text"),
    ].map((known) => [known.key, known]),
  ),
  contents: {
    "sms.reminder": content("sms.reminder", "sms"),
    "robot.reminder": content("robot.reminder", "robot"),
    "sms.unused": content("sms.unused", "sms"),
  },
  lexicons: {
    basic: {
      name: "basic",
      version: "1",
      title: { en: "Basic" },
      entries: [{ category: "A", severity: "fatal", words: { "zh-CN": ["威胁"], en: ["threat"] } }],
    },
  },
  rulePacks: {
    "cn-default": {
      pack: "cn-default",
      version: "1",
      jurisdiction: "CN",
      title: { en: "Default" },
      rules: [
        {
          id: "hold",
          kind: "hold",
          title: { en: "Hold" },
          severity: "block",
          channels: ["sms", "robot"],
          source: { kind: "house-policy", name: "House", counselCheck: false },
          effectiveFrom: "2026-01-01",
        },
      ],
    },
  },
};
