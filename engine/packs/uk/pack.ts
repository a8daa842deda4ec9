import type { MarketPack } from "../../model/market-pack";
import { RegionsFileSchema, readCalendar, readRulePacks } from "../read-files";
import calendar from "./calendar.json";
import regions from "./regions.json";
import rules from "./rules.json";

/** United Kingdom: rules of CONC 7, days and nations. No fields, texts or strategies yet. */
export function readUnitedKingdomPack(): MarketPack {
  const known = readCalendar(calendar);
  return {
    market: "uk",
    version: "2026.1",
    fields: {},
    contents: {},
    lexicons: {},
    rulePacks: readRulePacks([rules], known),
    calendar: known,
    regions: RegionsFileSchema.parse(regions),
  };
}
