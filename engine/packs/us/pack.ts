import type { MarketPack } from "../../model/market-pack";
import { AreaCodesFileSchema, RegionsFileSchema, readCalendar, readRulePacks } from "../read-files";
import areaCodes from "./area-codes.json";
import calendar from "./calendar.json";
import regions from "./regions.json";
import rules from "./rules.json";
import states from "./states.json";

/** United States: rules of Regulation F and of two states, days and places. No fields, texts or strategies yet. */
export function readUnitedStatesPack(): MarketPack {
  const known = readCalendar(calendar);
  return {
    market: "us",
    version: "2026.1",
    fields: {},
    contents: {},
    lexicons: {},
    rulePacks: readRulePacks([rules, states], known),
    calendar: known,
    regions: RegionsFileSchema.parse(regions),
    areaCodes: AreaCodesFileSchema.parse(areaCodes),
  };
}
