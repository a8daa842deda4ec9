import { z } from "zod";
import { listAgencies, saveAgency } from "#db/queries/agency";
import { listBatches, listReturns } from "#db/queries/agency-lists";
import { AgencyCodeSchema } from "#engine/agency/manifest";
import { isLocalDate } from "#engine/model/time";
import { readChannels } from "../channels";
import { orRefuse } from "../errors";
import { procedure, router } from "../trpc";
import { exportToAgencies } from "./exchange";
import { outboxOf } from "./outbox";
import { applyUploadedReturn, previewUploadedReturn } from "./receive-return";

/** Rows of a list; older ones are in the audit. */
const SHOWN_MAX = 100;
const NAME_MAX = 64;

const DateSchema = z.string().refine(isLocalDate).exactOptional();
const AgencySchema = z.object({
  code: AgencyCodeSchema,
  name: z.string().trim().min(1).max(NAME_MAX),
  standing: z.object({
    licensed: z.boolean().exactOptional(),
    whitelisted: z.boolean().exactOptional(),
    violation: z.boolean().exactOptional(),
    contractUntil: DateSchema,
    evaluatedOn: DateSchema,
    trainedOn: DateSchema,
  }),
});
const UploadedSchema = z.object({ manifestId: z.uuid(), fileId: z.uuid() });

/** Agencies: who they are, what they were given, and what they send back. */
export const agencyRouter = router({
  agencies: procedure("run.read").query(({ ctx }) => listAgencies(ctx.database.sql)),
  saveAgency: procedure("run.control")
    .input(AgencySchema)
    .mutation(async ({ ctx, input }) => {
      orRefuse(await saveAgency(ctx.database, input, ctx.actor.id), { "agency.name-taken": "conflict" });
    }),
  batches: procedure("run.read").query(({ ctx }) => listBatches(ctx.database.sql, SHOWN_MAX)),
  returns: procedure("run.read").query(({ ctx }) => listReturns(ctx.database.sql, SHOWN_MAX)),
  export: procedure("run.control").mutation(async ({ ctx }) => {
    const outbox = orRefuse(outboxOf(readChannels()));
    return exportToAgencies(ctx.database, { outbox, actorId: ctx.actor.id });
  }),
  previewReturn: procedure("portfolio.import")
    .input(UploadedSchema)
    .query(({ ctx, input }) => previewUploadedReturn(ctx.database, input)),
  applyReturn: procedure("portfolio.import")
    .input(UploadedSchema.extend({ mode: z.enum(["whole", "partial"]) }))
    .mutation(({ ctx, input }) => applyUploadedReturn(ctx.database, ctx.actor, input)),
});
