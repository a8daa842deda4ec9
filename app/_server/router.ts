import { agencyRouter } from "./agency/router";
import { deskRouter } from "./desk/router";
import { operationsRouter } from "./operations/router";
import { overviewRouter } from "./overview/router";
import { portfolioRouter } from "./portfolio/router";
import { qaRouter } from "./qa/router";
import { runRouter } from "./run/router";
import { simulationRouter } from "./simulation/router";
import { strategyRouter } from "./strategy/router";
import { router } from "./trpc";

/** Every procedure of the console, by slice. Slices do not know each other; what two of them need is below them. */
export const appRouter = router({
  agency: agencyRouter,
  desk: deskRouter,
  operations: operationsRouter,
  overview: overviewRouter,
  portfolio: portfolioRouter,
  qa: qaRouter,
  run: runRouter,
  simulation: simulationRouter,
  strategy: strategyRouter,
});
export type AppRouter = typeof appRouter;
