import { z } from "zod";

const ShareSchema = z.number().min(0).max(1).default(0);
const sum = (shares: readonly number[]): number => shares.reduce((total, share) => total + share, 0);

/**
 * Shares of contacts on which a simulated provider misbehaves, each in [0, 1]. Of the first five one contact meets at most one, of
 * the last three likewise.
 */
export const SimulatedFaultsSchema = z
  .strictObject({
    /** Takes nothing and says "later". */
    busy: ShareSchema,
    /** Takes nothing and says how long to wait (429). */
    throttled: ShareSchema,
    /** Answers 500: nobody knows whether it took the contact. */
    serverError: ShareSchema,
    /** Took the contact and never said so. */
    timeoutAccepted: ShareSchema,
    /** Answers something that cannot be read. */
    garbage: ShareSchema,
    /** Tells its result twice. */
    duplicate: ShareSchema,
    /** Tells its result three days late. */
    late: ShareSchema,
    /** Tells its result before it has answered. */
    early: ShareSchema,
  })
  .refine(
    ({ busy, throttled, serverError, timeoutAccepted, garbage, duplicate, late, early }) =>
      sum([busy, throttled, serverError, timeoutAccepted, garbage]) <= 1 && sum([duplicate, late, early]) <= 1,
  );
export type SimulatedFaults = Partial<z.output<typeof SimulatedFaultsSchema>>;
