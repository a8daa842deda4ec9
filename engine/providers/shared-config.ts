import { z } from "zod";
import { CurrencySchema } from "../model/money";

/** What every provider's configuration may say beside its own. Limits hold for each worker. */
export const sharedShape = {
  /** Sends nothing any more; what it still reports is heard. */
  retired: z.boolean().default(false),
  /** Currency of the lender's books; prices in another are left out. */
  currency: CurrencySchema.default("CNY"),
  maxPerSecond: z.number().positive().max(10_000).exactOptional(),
  maxConcurrent: z.int().min(1).max(10_000).exactOptional(),
  /** Most that may be spent in one clock hour, whole minor units. */
  costPerHour: z.int().min(0).max(100_000_000_000).exactOptional(),
};
