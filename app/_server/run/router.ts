import { z } from "zod";
import { CLOCK_RATIO_MAX, readClock } from "#db/queries/clock";
import { accountsAtStep } from "#db/queries/enrollment";
import { ruleHits } from "#db/queries/rule-hits";
import { ReleaseChoicesSchema } from "#engine/model/hold-release";
import { MigrationPlanSchema } from "#engine/model/migration-plan";
import { HOLD_KINDS } from "#engine/model/policy";
import { NodeIdSchema } from "#engine/model/strategy";
import { procedure, router } from "../trpc";
import { accountHistory } from "./account-history";
import { placeHold, releaseHold } from "./control-holds";
import { changeClock, pauseRun } from "./control-run";
import { explainRecorded } from "./explain-decision";
import { endMove, movesOf, placeMove, previewMove } from "./move-accounts";
import { previewRelease } from "./preview-release";
import { runOverview } from "./run-overview";
import { enrollNext, makeLive, startRun } from "./start-run";

const VersionIdSchema = z.templateLiteral(["ver_", z.string().max(120)]);
const StrategyIdSchema = z.templateLiteral(["strat_", z.string().max(120)]);
const AccountIdSchema = z.templateLiteral(["acct_", z.string().max(120)]);
const EnrollmentIdSchema = z.templateLiteral(["enr_", z.string().max(200)]);
const HoldIdSchema = z.string().max(300);
/** The longest horizon a strategy may have: no hold needs to say more than that. */
const HOLD_DAYS_MAX = 1500;
const REASON_MAX = 500;
const PAGE_MAX = 200;
const ORDINAL_MAX = 1_000_000;
const ENROLL_IDS_MAX = 10_000;

const MoveSchema = z.object({ fromVersionId: VersionIdSchema, toVersionId: VersionIdSchema });

const ClockSchema = z.discriminatedUnion("mode", [
  z.object({ mode: z.literal("real") }),
  z.object({ mode: z.literal("demo"), ratio: z.number().min(0).max(CLOCK_RATIO_MAX) }),
]);

/** Running a published strategy on accounts and watching it. */
export const runRouter = router({
  /** Makes the version live and enrolls the whole portfolio. For a progress bar: `makeLive`, then `enrollNext` until `after` is null. */
  start: procedure("run.control")
    .input(z.object({ versionId: VersionIdSchema }))
    .mutation(({ ctx, input }) => startRun(ctx.database, ctx.actor, input.versionId)),
  makeLive: procedure("run.control")
    .input(z.object({ versionId: VersionIdSchema }))
    .mutation(({ ctx, input }) => makeLive(ctx.database, ctx.actor, input.versionId)),
  enrollNext: procedure("run.control")
    .input(
      z.object({
        versionId: VersionIdSchema,
        after: AccountIdSchema.nullable().default(null),
        accountIds: z.array(AccountIdSchema).max(ENROLL_IDS_MAX).nullable().default(null),
      }),
    )
    .mutation(({ ctx, input }) => enrollNext(ctx.database, ctx.actor, input)),
  pause: procedure("run.control")
    .input(z.object({ strategyId: StrategyIdSchema, paused: z.boolean() }))
    .mutation(({ ctx, input }) => pauseRun(ctx.database, ctx.actor, input)),
  overview: procedure("run.read")
    .input(z.object({ versionId: VersionIdSchema }))
    .query(({ ctx, input }) => runOverview(ctx.database, input.versionId)),
  ruleHits: procedure("run.read")
    .input(z.object({ versionId: VersionIdSchema, nodeId: NodeIdSchema }))
    .query(({ ctx, input }) => ruleHits(ctx.database.sql, input)),
  accountsAtStep: procedure("run.read")
    .input(
      z.object({
        versionId: VersionIdSchema,
        nodeId: NodeIdSchema,
        which: z.enum(["waiting", "faulted"]).default("waiting"),
        after: AccountIdSchema.nullable().default(null),
        limit: z.int().min(1).max(PAGE_MAX).default(50),
      }),
    )
    .query(({ ctx, input }) => accountsAtStep(ctx.database.sql, input)),
  accountHistory: procedure("run.read")
    .input(z.object({ accountId: AccountIdSchema }))
    .query(({ ctx, input }) => accountHistory(ctx.database, input.accountId)),
  explain: procedure("run.read")
    .input(z.object({ enrollmentId: EnrollmentIdSchema, ordinal: z.int().min(0).max(ORDINAL_MAX) }))
    .query(({ ctx, input }) => explainRecorded(ctx.database, input)),
  releaseHold: procedure("run.control")
    .input(z.object({ holdId: HoldIdSchema, choices: ReleaseChoicesSchema.default({}) }))
    .mutation(({ ctx, input }) => releaseHold(ctx.database, ctx.actor, input)),
  releasePreview: procedure("run.read")
    .input(z.object({ holdId: HoldIdSchema }))
    .query(({ ctx, input }) => previewRelease(ctx.database, input.holdId)),
  placeHold: procedure("run.control")
    .input(
      z.object({
        accountId: AccountIdSchema,
        kind: z.enum(HOLD_KINDS),
        forDays: z.int().min(1).max(HOLD_DAYS_MAX).nullable().default(null),
        reason: z.string().trim().min(1).max(REASON_MAX),
        evidence: z.string().trim().min(1).max(REASON_MAX).nullable().default(null),
      }),
    )
    .mutation(({ ctx, input }) => placeHold(ctx.database, ctx.actor, input)),
  previewMove: procedure("run.read")
    .input(MoveSchema)
    .query(({ ctx, input }) => previewMove(ctx.database, input)),
  placeMove: procedure("run.control")
    .input(MoveSchema.extend({ plan: MigrationPlanSchema, reason: z.string().trim().min(1).max(REASON_MAX) }))
    .mutation(({ ctx, input }) => placeMove(ctx.database, ctx.actor, input)),
  endMove: procedure("run.control")
    .input(z.object({ id: z.int().min(1) }))
    .mutation(({ ctx, input }) => endMove(ctx.database, ctx.actor, input.id)),
  moves: procedure("run.read")
    .input(z.object({ strategyId: StrategyIdSchema }))
    .query(({ ctx, input }) => movesOf(ctx.database, input.strategyId)),
  clock: procedure("run.read").query(({ ctx }) => readClock(ctx.database.sql)),
  setClock: procedure("clock.control")
    .input(ClockSchema)
    .mutation(({ ctx, input }) => changeClock(ctx.database, ctx.actor, input)),
});
