import type { MarketPack } from "../model/market-pack";
import { readChinaPack } from "./cn/pack";
import { chinaStrategies } from "./cn/strategies";

/** Markets that ship content. A new one is a folder and a line in the two tables below. */
type ShippedMarket = "cn";

const READ_PACK: { readonly [market in ShippedMarket]: () => MarketPack } = { cn: readChinaPack };
const STRATEGIES: { readonly [market in ShippedMarket]: readonly { readonly key: string }[] } = { cn: chinaStrategies };

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
