import type { AgencyStanding } from "./policy";

/** An agency accounts may be given to. */
export type Agency = {
  /** Short name in files and folders. */
  readonly code: string;
  /** As strategies call it. */
  readonly name: string;
  readonly standing: AgencyStanding;
};
