import { z } from "zod";
import { LOCALES } from "#engine/model/locale";
import { CurrencySchema } from "#engine/model/money";
import { StrategyKeySchema } from "#engine/model/strategy";
import { PRESETS } from "#engine/simulate/assumptions/presets";
import { SIMULATION_LIMITS } from "#engine/simulate/input";
import { procedure, router } from "../trpc";
import { latestResults } from "./latest-results";
import { simulationJobs, startSimulation } from "./simulate-version";

const JobInput = z.object({ jobId: z.uuid() });
/** A run keeps every core busy, and after so many an interval hardly narrows any more. */
const SEEDS_MAX = 20;
const SEED_MAX = 2 ** 31 - 1 - SEEDS_MAX;

/** Trying a strategy on accounts before anyone is contacted. */
export const simulationRouter = router({
  start: procedure("simulation.run")
    .input(
      z.object({
        key: StrategyKeySchema,
        what: z.enum(["draft", "published"]),
        portfolio: z.object({ synthetic: z.boolean(), currency: CurrencySchema }),
        days: z.int().min(1).max(SIMULATION_LIMITS.days),
        seed: z.int().min(0).max(SEED_MAX),
        locale: z.enum(LOCALES),
        preset: z.enum(PRESETS).default("base"),
        seeds: z.int().min(1).max(SEEDS_MAX).default(1),
        against: z.enum(["draft", "published"]).nullable().default(null),
      }),
    )
    .mutation(async ({ ctx, input }) => ({ jobId: await startSimulation(ctx.database, ctx.actor, input) })),
  job: procedure("simulation.run")
    .input(JobInput)
    .query(({ input }) => simulationJobs().view(input.jobId)),
  cancel: procedure("simulation.run")
    .input(JobInput)
    .mutation(({ input }) => simulationJobs().cancel(input.jobId)),
  latest: procedure("strategy.read")
    .input(z.object({ key: StrategyKeySchema.nullable() }))
    .query(({ ctx, input }) => latestResults(ctx.database, input.key)),
});
