import type { KnownAgency } from "../model/policy";

/**
 * The register of agencies: who they are and what is known of their licence, listing, violations, contract, evaluation and training.
 * A member that is missing is not known, and a rule that needs it says what that means.
 */
export interface AgencyRegister {
  /** Every agency of the register, at most a few hundred; asked once for all placements that leave together. */
  known(): Promise<readonly KnownAgency[]>;
}
