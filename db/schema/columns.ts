import { bigint, timestamp } from "drizzle-orm/pg-core";

/**
 * An instant. Kept to the millisecond, because the core reckons in whole epoch milliseconds and both must compare equal;
 * rows hold `Date`, queries hand out `…Ms` numbers.
 */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/** An amount in minor units of the currency beside it. Safe as a JavaScript number up to 90 trillion yuan. */
export const minorUnits = (name: string) => bigint(name, { mode: "number" });
