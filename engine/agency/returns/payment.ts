import { z } from "zod";
import { CurrencySchema } from "../../model/money";
import {
  BASE_COLUMNS,
  BaseRowSchema,
  defineReturn,
  InstantCellSchema,
  inTheFuture,
  refused,
  YesNoSchema,
} from "./define";

/** As many digits as the ledger takes. */
const AmountCellSchema = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);
const RowSchema = BaseRowSchema.extend({
  at: InstantCellSchema,
  amount_minor: AmountCellSchema,
  currency: CurrencySchema,
  /** `yes` takes back a payment that was reported before. */
  reversed: z.union([YesNoSchema, z.literal("").transform(() => false)]).default(false),
});

/** Money an agency took in; it goes into the ledger as any other payment does. */
export const payment = defineReturn({
  columns: { required: [...BASE_COLUMNS, "at", "amount_minor", "currency"], optional: ["reversed"] },
  row: RowSchema,
  judge: ({ at: atMs, amount_minor: amountMinor, currency, reversed }, { placement, nowMs }) => {
    if (currency !== placement.currency) return refused("agency.currency-differs", "currency");
    return (
      inTheFuture(atMs, nowMs) ?? { change: { kind: "payment", placement, atMs, amountMinor, reversed }, issues: [] }
    );
  },
});
