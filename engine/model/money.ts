import { z } from "zod";

/** ISO 4217 codes a portfolio may be kept in; all of them have two decimal places. */
export const CURRENCIES = ["CNY", "USD", "GBP", "EUR", "TWD", "HKD"] as const;
export type Currency = (typeof CURRENCIES)[number];
export const CurrencySchema = z.enum(CURRENCIES);

/** Integer minor units (fen, cents, pence) and a currency. Never a float, never without its currency. */
export type Money = { readonly minor: number; readonly currency: Currency };
