import type { MarketPack } from "#engine";
import { marketPack } from "#engine/packs/index";

/** Rules, words, texts and fields of a market. Only the Chinese pack ships so far; documents of other markets are checked by it. */
export function packOf(market: MarketPack["market"]): MarketPack {
  return marketPack(market === "cn" ? market : "cn");
}
