import { z } from "zod";
import { decideReview, listReviews, reviewOf } from "#db/queries/conversation";
import { REVIEW_DECISIONS } from "#engine/model/conversation";
import { AppError, orRefuse } from "../errors";
import { procedure, router } from "../trpc";

/** Rows of the list: what is beyond shows when these are done. */
const SHOWN_MAX = 100;
const IdSchema = z.string().min(1).max(420);
const ReasonSchema = z.string().trim().min(1).max(500);

/** Conversations people look at after they were judged: what waits, what was said, and what a reviewer makes of it. */
export const qaRouter = router({
  reviews: procedure("qa.review").query(({ ctx }) => listReviews(ctx.database.sql, SHOWN_MAX)),
  review: procedure("qa.review")
    .input(z.object({ id: IdSchema }))
    .query(async ({ ctx, input }) => {
      const review = await reviewOf(ctx.database.sql, input.id);
      if (review === null) throw new AppError("not-found", "qa.review-over", { params: input });
      return review;
    }),
  decide: procedure("qa.review")
    .input(z.object({ id: IdSchema, decision: z.enum(REVIEW_DECISIONS), reason: ReasonSchema }))
    .mutation(async ({ ctx, input }) => {
      orRefuse(await decideReview(ctx.database, { ...input, actorId: ctx.actor.id }), { "qa.review-over": "conflict" });
    }),
});
