import { InvariantError } from "../model/invariant";
import type { MarketPack } from "../model/market-pack";
import { type RuleCaseFile, readRuleCases } from "../policy/rule-cases";
import { marketPack, SHIPPED_MARKETS } from ".";
import cn from "./cn/rule-cases.json";
import uk from "./uk/rule-cases.json";
import us from "./us/rule-cases.json";
import usStates from "./us/states-cases.json";

const FILES: readonly unknown[] = [cn, us, usStates, uk];

/** The cases every shipped rule pack is held to, one file per pack. They are not in `marketPack`: only tests and the bench ask them. */
export function shippedRuleCases(): readonly RuleCaseFile[] {
  return FILES.map((file) => {
    const read = readRuleCases(file);
    if (!read.ok) throw new InvariantError("packs.rule-cases", { issues: read.error });
    return read.value;
  });
}

/** Rule packs that ship, by name, over all markets. */
export function shippedRulePacks(): MarketPack["rulePacks"] {
  return Object.assign({}, ...SHIPPED_MARKETS.map((market) => marketPack(market).rulePacks));
}
