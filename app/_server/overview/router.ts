import { movementSince } from "#db/queries/overview";
import { listStrategies } from "#db/queries/strategy";
import { DAY_MS } from "#engine/model/time";
import { engineNowMs, engineToday } from "../clock";
import { procedure, router } from "../trpc";
import { attentionNow } from "./attention";
import { portfolioOverview } from "./portfolio-overview";
import { strategyStates } from "./strategy-states";

/** "Since yesterday" on the home page. */
const MOVEMENT_MS = DAY_MS;

/** What the home page asks. */
export const overviewRouter = router({
  portfolios: procedure("portfolio.read").query(async ({ ctx }) =>
    portfolioOverview(ctx.database, await engineToday(ctx.database)),
  ),
  movement: procedure("run.read").query(async ({ ctx }) =>
    movementSince(ctx.database, (await engineNowMs(ctx.database)) - MOVEMENT_MS),
  ),
  attention: procedure("run.read").query(async ({ ctx }) =>
    attentionNow(ctx.database, strategyStates(await listStrategies(ctx.database.sql))),
  ),
});
