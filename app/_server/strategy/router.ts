import { z } from "zod";
import { ImportMappingSchema } from "#engine/graph/import/apply-mapping";
import type { StrategyVersionId } from "#engine/model/ids";
import { LOCALES, LocalTextSchema } from "#engine/model/locale";
import { STRATEGY_LIMITS, StrategyKeySchema } from "#engine/model/strategy";
import { procedure, router } from "../trpc";
import { makeStrategy } from "./create-strategy";
import { findEverywhere } from "./find-in-strategies";
import { importStrategyText } from "./import-strategy";
import { listAllStrategies } from "./list-strategies";
import { previewPublish } from "./preview-publish";
import { publishStrategy } from "./publish-strategy";
import { reviewStrategyText } from "./review-import";
import { saveStrategyDraft } from "./save-draft";
import { strategyDetail, strategyVersion } from "./strategy-detail";

const KeyInput = z.object({ key: StrategyKeySchema });
/** Nobody searches for more than a sentence. */
const SEARCH_LENGTH_MAX = 100;
const TextInput = z.object({ text: z.string().max(STRATEGY_LIMITS.fileBytes) });
const VersionIdSchema = z
  .string()
  .max(120)
  .regex(/^ver_/)
  .transform((id) => id as StrategyVersionId);

/** Drawing and publishing strategies. */
export const strategyRouter = router({
  list: procedure("strategy.read").query(({ ctx }) => listAllStrategies(ctx.database)),
  find: procedure("strategy.read")
    .input(z.object({ search: z.string().min(1).max(SEARCH_LENGTH_MAX), locale: z.enum(LOCALES) }))
    .query(({ ctx, input }) => findEverywhere(ctx.database, input)),
  byKey: procedure("strategy.read")
    .input(KeyInput)
    .query(({ ctx, input }) => strategyDetail(ctx.database, input.key)),
  version: procedure("strategy.read")
    .input(z.object({ versionId: VersionIdSchema }))
    .query(({ ctx, input }) => strategyVersion(ctx.database, input.versionId)),
  create: procedure("strategy.edit")
    .input(KeyInput.extend({ name: LocalTextSchema }))
    .mutation(({ ctx, input }) => makeStrategy(ctx.database, ctx.actor, input)),
  reviewImport: procedure("strategy.edit")
    .input(TextInput)
    .mutation(({ ctx, input }) => reviewStrategyText(ctx.database, input.text)),
  importText: procedure("strategy.edit")
    .input(TextInput.extend({ replace: z.boolean(), mapping: ImportMappingSchema.default([]) }))
    .mutation(({ ctx, input }) => importStrategyText(ctx.database, ctx.actor, input)),
  saveDraft: procedure("strategy.edit")
    .input(KeyInput.extend({ baseRevision: z.int().min(0), doc: z.unknown() }))
    .mutation(({ ctx, input }) => saveStrategyDraft(ctx.database, ctx.actor, input)),
  previewPublish: procedure("strategy.read")
    .input(KeyInput)
    .query(({ ctx, input }) => previewPublish(ctx.database, input.key)),
  publish: procedure("strategy.publish")
    .input(KeyInput.extend({ revision: z.int().min(0) }))
    .mutation(({ ctx, input }) => publishStrategy(ctx.database, ctx.actor, input)),
});
