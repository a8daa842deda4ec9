import { InvariantError } from "../model/invariant";

/** Parts an arm's weight is given in; weights of one experiment sum to it. One bucket of the hash is one part. */
export const WEIGHT_TOTAL = 10_000;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a, 32 bits, over UTF-16 code units: what GrowthBook's SDKs compute. Ids outside ASCII differ from byte-wise FNV. */
export function fnv1a32(text: string): number {
  return hashAfter(text, FNV_OFFSET);
}

/** The hash of a text that follows on what was hashed before: the hash of both together. */
export function hashAfter(text: string, before: number): number {
  let hash = before;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, FNV_PRIME);
  }
  return hash >>> 0;
}

/** Bucket 0..9999 of a unit: GrowthBook hash version 2, which hashes twice because one FNV pass is biased for short seeds. */
export function bucketOf(seed: string, unit: string): number {
  return bucketAfter(fnv1a32(seed), unit);
}

/** `bucketOf` with the hash of the seed, which is the same for every unit. */
export function bucketAfter(seedHash: number, unit: string): number {
  return fnv1a32(String(hashAfter(unit, seedHash))) % WEIGHT_TOTAL;
}

export type ExperimentUnit = {
  readonly experimentKey: string;
  /** A new phase is a new seed: everybody is drawn again, so that effects of the last phase do not carry over. */
  readonly phase: number;
  /** Weights in parts of 10,000, summing to it; at least one arm. */
  readonly arms: readonly { readonly arm: string; readonly weight: number }[];
  /** The person, not the loan: two loans in two arms would contaminate each other (design D12). */
  readonly partyId: string;
};

/** The arm of a party: pure, the same for ever within a phase. */
export function armOf({ experimentKey, phase, arms, partyId }: ExperimentUnit): string {
  return armAt(bucketOf(`${experimentKey}:${phase}`, partyId), arms);
}

/** The arm whose half-open range holds the bucket; ranges lie side by side in the order of the arms. Arms of weight 0 get nobody. */
export function armAt(bucket: number, arms: ExperimentUnit["arms"]): string {
  let upper = 0;
  for (const { arm, weight } of arms) {
    upper += weight;
    if (bucket < upper) return arm;
  }
  throw new InvariantError("experiment.weights", { bucket, sum: upper });
}
