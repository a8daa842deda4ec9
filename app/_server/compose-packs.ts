import type { MarketPack } from "#engine";
import { marketPack } from "#engine/packs/index";

const packs = new Map<MarketPack["market"], MarketPack>();

/**
 * Rules, words, texts and fields of a market. Content ships for China alone: documents of the United States and the United Kingdom
 * are checked by their own rules and the Chinese words and fields, those of other markets by the Chinese pack whole.
 */
export function packOf(market: MarketPack["market"]): MarketPack {
  const known = packs.get(market);
  if (known !== undefined) return known;
  const made = madeFor(market);
  packs.set(market, made);
  return made;
}

function madeFor(market: MarketPack["market"]): MarketPack {
  const china = marketPack("cn");
  if (market === "cn" || market === "eu") return china;
  const { fields, contents, lexicons } = china;
  return { ...marketPack(market), fields, contents, lexicons };
}
