import type { MarketPack } from "#engine";

/** Market this installation works in. One for now; the pack names rules, words and fields. */
export const LENDER_MARKET = "cn" satisfies MarketPack["market"];

/** Zone of the lender's calendar, where no strategy says otherwise: days past due on lists and on the home page. */
export const LENDER_TIME_ZONE = "Asia/Shanghai";
