import type { Database } from "#db";
import { readClock } from "#db/queries/clock";
import { type LocalDate, localDate } from "#engine/model/time";
import { LENDER_TIME_ZONE } from "./lender";

/** What time it is for the engine: real, or the demo's. Everything a screen calls "today" is reckoned from this. */
export async function engineNowMs(database: Database): Promise<number> {
  return (await readClock(database.sql)).nowMs;
}

/** Today's date in the lender's calendar, on the engine's clock. */
export async function engineToday(database: Database): Promise<LocalDate> {
  return localDate(LENDER_TIME_ZONE, await engineNowMs(database));
}
