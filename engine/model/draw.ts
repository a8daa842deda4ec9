const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function mix(hash: number, text: string): number {
  let mixed = hash;
  for (let index = 0; index < text.length; index += 1) {
    mixed ^= text.charCodeAt(index);
    mixed = Math.imul(mixed, FNV_PRIME);
  }
  return mixed;
}

/**
 * One draw in [0, 1): the same for the same seed, party, event kind and ordinal, whatever ran before it or beside it (design D13).
 * FNV-1a with the 32-bit finaliser of MurmurHash3, so that neighbouring ordinals are unrelated. Not for assignment to arms
 * (that is hash v2 of `engine/experiment`) and not for secrets.
 */
export function draw(seed: number, partyId: string, kindAndOrdinal: string): number {
  let hash = mix(FNV_OFFSET ^ seed, partyId);
  hash = mix(Math.imul(hash ^ 0x7c, FNV_PRIME), kindAndOrdinal);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 4294967296;
}
