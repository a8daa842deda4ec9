import { z } from "zod";
import { type Content, ContentSchema } from "../../model/content";
import { type Field, FieldSchema } from "../../model/facts";
import { InvariantError } from "../../model/invariant";
import { LocalTextSchema } from "../../model/locale";
import { LexiconSchema, type MarketPack, ScorecardSchema } from "../../model/market-pack";
import { RegionsFileSchema, readCalendar, readRulePacks } from "../read-files";
import calendar from "./calendar.json";
import contents from "./contents.json";
import fields from "./fields.json";
import regions from "./regions.json";
import rules from "./rules.json";
import scorecard from "./scorecard.json";
import words from "./words.json";

const VERSION = "2026.1";

const FieldsFileSchema = z.strictObject({ version: z.string(), fields: z.array(FieldSchema).min(1) });
const ContentsFileSchema = z.strictObject({
  version: z.string(),
  note: LocalTextSchema,
  contents: z.array(ContentSchema).min(1),
});

/** Members by their key; a key that stands twice is our own mistake. */
function byKey<TMember>(members: readonly TMember[], keyOf: (member: TMember) => string): { [key: string]: TMember } {
  const found: { [key: string]: TMember } = {};
  for (const member of members) {
    const key = keyOf(member);
    if (Object.hasOwn(found, key)) throw new InvariantError("packs.key-twice", { key });
    found[key] = member;
  }
  return found;
}

/** Mainland China: fields lenders' files have, the strictest union of the rules in force, texts, word list and scorecard. */
export function readChinaPack(): MarketPack {
  const known = readCalendar(calendar);
  const lexicon = LexiconSchema.parse(words);
  return {
    market: "cn",
    version: VERSION,
    fields: byKey<Field>(FieldsFileSchema.parse(fields).fields, (field) => field.key),
    contents: byKey<Content>(ContentsFileSchema.parse(contents).contents, (content) => content.id),
    lexicons: { [lexicon.name]: lexicon },
    rulePacks: readRulePacks([rules], known),
    scorecard: ScorecardSchema.parse(scorecard),
    calendar: known,
    regions: RegionsFileSchema.parse(regions),
  };
}
