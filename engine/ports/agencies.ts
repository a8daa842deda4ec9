import type { Agency } from "../model/agency";

/** The agencies the house works with, and how each stands before the law (R13). */
export interface Agencies {
  all(): Promise<readonly Agency[]>;
}
