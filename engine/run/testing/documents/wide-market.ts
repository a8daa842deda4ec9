import { CHANNELS, type Channel, type Content } from "../../../model/content";
import type { MarketPack } from "../../../model/market-pack";
import { WORK_MARKET } from "../../../nodes/testing/work-story";

function content(id: string, channel: Channel): Content {
  const words = { title: { en: id }, subject: { en: id }, text: { en: "{{name}}, please call us back." } };
  return { id, channel, ...words, version: 1, stages: [], tone: "friendly" };
}

/** Everything a step of any type may name: two texts per channel, two word lists, working days, the facts of agreements and courts. */
export const WIDE_MARKET: MarketPack = {
  ...WORK_MARKET,
  contents: Object.fromEntries(
    CHANNELS.flatMap((channel) => [`${channel}.first`, `${channel}.second`].map((id) => [id, content(id, channel)])),
  ),
  lexicons: {
    ...WORK_MARKET.lexicons,
    strict: { name: "strict", version: "1", title: { en: "Strict" }, entries: [] },
  },
  calendar: {
    name: "test",
    holidays: ["2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17"],
    workdays: ["2026-01-04", "2026-02-14"],
    knownUntil: "2026-12-31",
  },
};

/** A text the drawn strategies carry themselves. */
export const OWN_CONTENT: Content = content("sms.own", "sms");
