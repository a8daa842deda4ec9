import { readClock } from "#db/queries/clock";
import { readEngineBacklog } from "#db/queries/engine-backlog";
import { listUnknownRequests } from "#db/queries/unknown-request";
import { procedure, router } from "../trpc";

/** Rows of a list that waits for people; what is beyond shows when these are done. */
const LIST_MAX = 50;

/** Whoever keeps the engine running: how far behind it is, and what it cannot do without a person. */
export const operationsRouter = router({
  backlog: procedure("run.read").query(async ({ ctx }) => {
    const { sql } = ctx.database;
    const { nowMs } = await readClock(sql);
    return readEngineBacklog(sql, nowMs);
  }),
  unknownRequests: procedure("run.read").query(({ ctx }) => listUnknownRequests(ctx.database.sql, LIST_MAX)),
});
