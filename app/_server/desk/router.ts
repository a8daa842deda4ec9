import { z } from "zod";
import { readClock } from "#db/queries/clock";
import { claimWork, listOpenWork, releaseWork } from "#db/queries/desk";
import { isLocalTime } from "#engine/model/time";
import { orRefuse } from "../errors";
import { procedure, router } from "../trpc";
import { finishWork } from "./finish-work";
import { lookAtWork } from "./look-at-work";

/** Rows of the list: what is beyond shows when these are done. */
const SHOWN_MAX = 100;
const KeySchema = z.string().max(400);
const NOTE_MAX = 500;
const AMOUNT_MINOR_MAX = 100_000_000_000;

/** Work that waits for people: what is open, taking it up, ending it. */
export const deskRouter = router({
  open: procedure("run.read").query(async ({ ctx }) => {
    const { sql } = ctx.database;
    const { nowMs, realNowMs } = await readClock(sql);
    const { lines, total } = await listOpenWork(sql, { nowMs, limit: SHOWN_MAX });
    return { lines, total, nowMs, realNowMs, me: ctx.actor.id };
  }),
  look: procedure("desk.work")
    .input(z.object({ key: KeySchema }))
    .query(({ ctx, input }) => lookAtWork(ctx.database, input.key)),
  claim: procedure("desk.work")
    .input(z.object({ key: KeySchema }))
    .mutation(async ({ ctx, input }) => {
      const { nowMs } = await readClock(ctx.database.sql);
      orRefuse(await claimWork(ctx.database, { key: input.key, actorId: ctx.actor.id, nowMs }), {
        "desk.not-open": "not-found",
        "desk.taken": "conflict",
      });
    }),
  release: procedure("desk.work")
    .input(z.object({ key: KeySchema }))
    .mutation(({ ctx, input }) => releaseWork(ctx.database, { key: input.key, actorId: ctx.actor.id })),
  finish: procedure("desk.work")
    .input(
      z.object({
        key: KeySchema,
        outcome: z.string().min(1).max(40),
        promise: z
          .object({ amountMinor: z.int().min(1).max(AMOUNT_MINOR_MAX), dueDate: z.iso.date() })
          .nullable()
          .default(null),
        callback: z
          .object({ date: z.iso.date(), time: z.string().refine(isLocalTime) })
          .nullable()
          .default(null),
        note: z.string().trim().max(NOTE_MAX).nullable().default(null),
      }),
    )
    .mutation(({ ctx, input }) => finishWork(ctx.database, ctx.actor, input)),
});
