import type { Locale } from "../model/locale";
import type { MarketPack } from "../model/market-pack";

/** Language a market's people are written to in. A language of the person's own is not among the fields yet. */
const MARKET_LOCALES = { cn: "zh-CN", us: "en", uk: "en", eu: "en" } as const satisfies {
  readonly [market in MarketPack["market"]]: Locale;
};

export function localeOf(market: MarketPack["market"]): Locale {
  return MARKET_LOCALES[market];
}
