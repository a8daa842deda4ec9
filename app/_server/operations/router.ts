import { z } from "zod";
import { readClock } from "#db/queries/clock";
import { decideReversals, openReversals } from "#db/queries/cure-reversal";
import { decideDeadLetters, listDeadLetters } from "#db/queries/dead-letter";
import { readEngineBacklog } from "#db/queries/engine-backlog";
import { liftRecovery, readRecovery } from "#db/queries/recovery";
import { listStops } from "#db/queries/stop";
import { listUnknownRequests, reconcileRequest } from "#db/queries/unknown-request";
import { DEAD_LETTER_KINDS, DEAD_LETTER_STATES } from "#engine/model/dead-letter";
import { STOP_KINDS, StopScopeSchema } from "#engine/model/stop";
import { orRefuse } from "../errors";
import { procedure, router } from "../trpc";
import { placeNow, resumeNow } from "./control-stops";
import { readProviderHealth } from "./provider-health";
import { REVERSALS_SHOWN_MAX, startAgain } from "./start-again";

const AccountIdSchema = z.templateLiteral(["acct_", z.string().max(120)]);
const ReasonSchema = z.string().trim().min(1).max(500);
const DEAD_LETTERS_SHOWN_MAX = 500;
const REQUEST_KEY_MAX = 400;
/** Rows of a list that waits for people; what is beyond shows when these are done. */
const UNKNOWN_SHOWN_MAX = 50;
/** Dead letters one call decides about; more is another call. */
const DEAD_LETTERS_DECIDED_MAX = 5000;

/** What operators do with a running engine: see how far behind it is, pause, resume, stop, look after what it cannot process. */
export const operationsRouter = router({
  backlog: procedure("run.read").query(async ({ ctx }) => {
    const { sql } = ctx.database;
    const { nowMs } = await readClock(sql);
    return readEngineBacklog(sql, nowMs);
  }),
  providers: procedure("run.read").query(({ ctx }) => readProviderHealth(ctx.database.sql)),
  unknownRequests: procedure("run.read").query(({ ctx }) => listUnknownRequests(ctx.database.sql, UNKNOWN_SHOWN_MAX)),
  reconcile: procedure("run.control")
    .input(z.object({ key: z.string().max(REQUEST_KEY_MAX), left: z.boolean(), evidence: ReasonSchema }))
    .mutation(async ({ ctx, input }) => {
      orRefuse(await reconcileRequest(ctx.database, { ...input, actorId: ctx.actor.id }), {
        "request.not-unknown": "conflict",
      });
    }),
  recovery: procedure("run.read").query(({ ctx }) => readRecovery(ctx.database.sql)),
  liftRecovery: procedure("run.control")
    .input(z.object({ reason: ReasonSchema, anyway: z.boolean().default(false) }))
    .mutation(async ({ ctx, input }) => {
      orRefuse(await liftRecovery(ctx.database, { ...input, actorId: ctx.actor.id }), {
        "recovery.none": "conflict",
        "recovery.unfinished": "conflict",
      });
    }),
  reversals: procedure("run.read").query(({ ctx }) => openReversals(ctx.database.sql, REVERSALS_SHOWN_MAX)),
  startAgain: procedure("run.control")
    .input(z.object({ accountId: AccountIdSchema.nullable(), reason: ReasonSchema }))
    .mutation(({ ctx, input }) => startAgain(ctx.database, ctx.actor, input)),
  leaveReversal: procedure("run.control")
    .input(z.object({ accountId: AccountIdSchema, reason: ReasonSchema }))
    .mutation(({ ctx, input }) => decideReversals(ctx.database, { ...input, decision: "left", actorId: ctx.actor.id })),
  stops: procedure("run.read").query(({ ctx }) => listStops(ctx.database.sql)),
  placeStop: procedure("run.control")
    .input(z.object({ about: StopScopeSchema, kind: z.enum(STOP_KINDS), reason: ReasonSchema }))
    .mutation(({ ctx, input }) => placeNow(ctx.database, ctx.actor, input)),
  resume: procedure("run.control")
    .input(z.object({ about: StopScopeSchema, reason: ReasonSchema }))
    .mutation(({ ctx, input }) => resumeNow(ctx.database, ctx.actor, input)),
  deadLetters: procedure("run.read")
    .input(
      z.object({
        state: z.enum(DEAD_LETTER_STATES).default("open"),
        limit: z.int().min(1).max(DEAD_LETTERS_SHOWN_MAX).default(100),
      }),
    )
    .query(({ ctx, input }) => listDeadLetters(ctx.database.sql, input)),
  decideDeadLetters: procedure("run.control")
    .input(
      z.object({
        action: z.enum(["retry", "skip"]),
        kind: z.enum(DEAD_LETTER_KINDS).nullable().default(null),
        subject: z.string().max(400).nullable().default(null),
        code: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(DEAD_LETTERS_DECIDED_MAX).default(DEAD_LETTERS_DECIDED_MAX),
      }),
    )
    .mutation(({ ctx, input }) => decideDeadLetters(ctx.database, { ...input, actorId: ctx.actor.id })),
});
