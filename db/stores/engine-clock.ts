import type { EngineClock } from "#engine/ports/engine-clock";
import type { Database } from "../client";
import { readClock } from "../queries/clock";

/** Engine time by the database's own clock, so that every worker agrees whatever its machine's clock says. */
export function engineClock(database: Database): EngineClock {
  return {
    async read() {
      const { nowMs, mode } = await readClock(database.sql);
      return { nowMs, isDemo: mode === "demo" };
    },
  };
}
