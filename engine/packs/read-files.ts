import { z } from "zod";
import { InvariantError } from "../model/invariant";
import { LocalTextSchema } from "../model/locale";
import { MarketRegionSchema, type RulePack } from "../model/market-pack";
import type { ProgramCalendar } from "../model/program";
import { isLocalDate } from "../model/time";
import { readRulePack } from "../policy/link";

const LocalDateSchema = z.string().refine(isLocalDate, { error: "date" });
const CalendarFileSchema = z.strictObject({
  version: z.string(),
  name: z.string(),
  note: LocalTextSchema,
  /** The notices the days were announced by, and where we read them. */
  sources: z.array(z.strictObject({ year: z.int(), name: z.string(), readFrom: z.string() })).min(1),
  knownUntil: LocalDateSchema,
  holidays: z.array(LocalDateSchema).min(1),
  workdays: z.array(LocalDateSchema),
});

export function readCalendar(file: unknown): ProgramCalendar {
  const { name, holidays, workdays, knownUntil } = CalendarFileSchema.parse(file);
  return { name, holidays, workdays, knownUntil };
}

export const RegionsFileSchema = z.record(z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/), MarketRegionSchema);
export const AreaCodesFileSchema = z.record(z.string().regex(/^\d{3}$/), z.string().regex(/^US-[A-Z]{2}$/));

/** Rule packs that ship, by name, each with the market's calendar. One that cannot be read is our own mistake. */
export function readRulePacks(
  files: readonly unknown[],
  calendar: ProgramCalendar,
): { readonly [name: string]: RulePack } {
  return Object.fromEntries(
    files.map((file) => {
      const read = readRulePack(file);
      if (!read.ok) throw new InvariantError("packs.rules", { issues: read.error });
      return [read.value.pack, { ...read.value, calendar }];
    }),
  );
}
