import type { EnrollmentId } from "./ids";

/**
 * Id of a hold that a strategy brought: by a step (`rest` is the ordinal of its decision), or by the answer to its contact
 * (`rest` is the visit). It says whose the hold is, because a strategy may end only what it brought itself.
 */
export function holdIdOf(enrollmentId: EnrollmentId, rest: string): string {
  return `${ownHoldsOf(enrollmentId)}${rest}`;
}

/** What the ids of all holds an enrollment brought begin with. */
export function ownHoldsOf(enrollmentId: EnrollmentId): string {
  return `hold_${enrollmentId}:`;
}
