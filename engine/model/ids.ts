import { canonicalHash } from "./json";

export type PartyId = `party_${string}`;
export type AccountId = `acct_${string}`;
export type EnrollmentId = `enr_${string}`;
export type ContactPointId = `cp_${string}`;
export type StrategyId = `strat_${string}`;
export type StrategyVersionId = `ver_${string}`;
export type ImportBatchId = `batch_${string}`;
export type MappingId = `map_${string}`;
export type ActorId = `actor_${string}`;

const MAX_READABLE_KEY = 48;
const READABLE_KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * A stable id part from a lender's own key (account number, customer number): the same file imported twice, or simulated
 * and then imported, names the same account. Keys that are long or hold other characters are replaced by a hash.
 */
export function idPart(key: string): string {
  if (key.length <= MAX_READABLE_KEY && READABLE_KEY.test(key)) return key;
  return `h${canonicalHash(key).slice(0, 24)}`;
}

export const partyIdOf = (customerNo: string): PartyId => `party_${idPart(customerNo)}`;
export const accountIdOf = (accountNo: string): AccountId => `acct_${idPart(accountNo)}`;
