import { z } from "zod";
import { recordConsent } from "#db/queries/consent";
import { listImports, listMappings } from "#db/queries/import";
import { CHANNELS } from "#engine";
import { toPlainJson } from "#engine/graph/plain-json";
import { ConditionSchema } from "#engine/model/condition";
import { STRATEGY_LIMITS, StrategySettingsSchema } from "#engine/model/strategy";
import { instantAt, isLocalTime, isTimeZone, minutesOf } from "#engine/model/time";
import { orRefuse } from "../errors";
import { LENDER_TIME_ZONE } from "../lender";
import { procedure, router } from "../trpc";
import { accountDetail } from "./account-detail";
import { askPortfolio } from "./ask-portfolio";
import { importAccounts, importJobs } from "./import-accounts";
import { ImportRequestSchema } from "./import-options";
import { inspectUpload } from "./inspect-upload";
import { accountPage } from "./list-accounts";
import { keepMapping } from "./save-mapping";
import { textValues } from "./text-values";

const IMPORTS_SHOWN = 20;
const TEXT_MAX = 120;
const EVIDENCE_MAX = 300;
const PAGE_SIZE_MAX = 200;
const PAGE_MAX = 100_000;

const text = z.string().max(TEXT_MAX).default("");
const ListInput = z.object({
  search: text,
  bucket: text,
  product: text,
  origin: text,
  strategy: text,
  step: text,
  standing: text,
  page: z.int().min(0).max(PAGE_MAX).default(0),
  pageSize: z.int().min(1).max(PAGE_SIZE_MAX).default(50),
});
const AccountIdSchema = z.templateLiteral(["acct_", z.string().max(TEXT_MAX)]);
const ImportInput = ImportRequestSchema.extend({
  fileName: z.string().min(1).max(255),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A condition and as much of its strategy as says what its facts are. */
const AskInput = z.object({
  // A nesting no schema should walk is refused before one does.
  condition: z
    .unknown()
    .refine((value) => toPlainJson(value, STRATEGY_LIMITS.jsonDepth).ok)
    .pipe(ConditionSchema),
  settings: StrategySettingsSchema.pick({
    market: true,
    currency: true,
    timeZone: true,
    fields: true,
    variables: true,
  }).refine(({ timeZone }) => isTimeZone(timeZone)),
});

/** Accounts: bringing them in and looking at them. */
export const portfolioRouter = router({
  accounts: procedure("portfolio.read")
    .input(ListInput)
    .query(({ ctx, input }) => accountPage(ctx.database, input)),
  account: procedure("portfolio.read")
    .input(z.object({ accountId: AccountIdSchema }))
    .query(({ ctx, input }) => accountDetail(ctx.database, input.accountId)),
  ask: procedure("portfolio.read")
    .input(AskInput)
    .query(({ ctx, input, signal }) => askPortfolio(ctx.database, input, { signal })),
  textValues: procedure("portfolio.read")
    .input(z.object({ accountId: AccountIdSchema, settings: AskInput.shape.settings }))
    .query(({ ctx, input }) => textValues(ctx.database, input)),
  recordConsent: procedure("run.control")
    .input(
      z.object({
        contactPointId: z.templateLiteral(["cp_", z.string().max(TEXT_MAX)]),
        channel: z.enum(CHANNELS),
        given: z.boolean(),
        /** By the lender's clock. */
        date: z.iso.date(),
        time: z.string().refine(isLocalTime),
        evidence: z.string().trim().min(1).max(EVIDENCE_MAX),
      }),
    )
    .mutation(async ({ ctx, input: { date, time, ...said } }) => {
      const atMs = instantAt(LENDER_TIME_ZONE, date, minutesOf(time));
      return orRefuse(await recordConsent(ctx.database, { ...said, atMs, actorId: ctx.actor.id }), {
        "consent.unknown-point": "not-found",
      });
    }),
  inspectUpload: procedure("portfolio.import")
    .input(ImportRequestSchema)
    .query(({ ctx, input }) => inspectUpload(ctx.database, input)),
  importAccounts: procedure("portfolio.import")
    .input(ImportInput)
    .mutation(({ ctx, input }) => ({ jobId: importAccounts(ctx.database, ctx.actor, input) })),
  importJob: procedure("portfolio.import")
    .input(z.object({ jobId: z.uuid() }))
    .query(({ input }) => importJobs().view(input.jobId)),
  imports: procedure("portfolio.read").query(({ ctx }) => listImports(ctx.database.sql, IMPORTS_SHOWN)),
  mappings: procedure("portfolio.read").query(({ ctx }) => listMappings(ctx.database.sql)),
  saveMapping: procedure("portfolio.import")
    .input(z.object({ name: z.string().trim().min(1).max(TEXT_MAX), mapping: z.unknown() }))
    .mutation(({ ctx, input }) => keepMapping(ctx.database, ctx.actor, input)),
});
