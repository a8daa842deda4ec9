import type { MarketPack } from "../model/market-pack";
import { readChinaPack } from "./cn/pack";
import { chinaStrategies } from "./cn/strategies";
import { readUnitedKingdomPack } from "./uk/pack";
import { readUnitedStatesPack } from "./us/pack";

/** Markets that ship rules; content ships for China alone. A new one is a folder and a line in the two tables below. */
export const SHIPPED_MARKETS = ["cn", "us", "uk"] as const;
type ShippedMarket = (typeof SHIPPED_MARKETS)[number];

const READ_PACK: { readonly [market in ShippedMarket]: () => MarketPack } = {
  cn: readChinaPack,
  us: readUnitedStatesPack,
  uk: readUnitedKingdomPack,
};
const STRATEGIES: { readonly [market in ShippedMarket]: readonly { readonly key: string }[] } = {
  cn: chinaStrategies,
  us: [],
  uk: [],
};

const packs = new Map<ShippedMarket, MarketPack>();

/** What a market ships, read and checked when it is first asked for. */
export function marketPack(market: ShippedMarket): MarketPack {
  const known = packs.get(market);
  if (known !== undefined) return known;
  const read = READ_PACK[market]();
  packs.set(market, read);
  return read;
}

/** Strategies a market ships, as the text of their files: they are read by the same door as anyone's file. */
export function shippedStrategies(market: ShippedMarket): readonly { readonly key: string; readonly text: string }[] {
  return STRATEGIES[market].map((document) => ({
    key: document.key,
    text: `${JSON.stringify(document, null, 2)}\n`,
  }));
}
