/**
 * Why an enrollment ended. Closed list (semantics.md, "exit"); the author may add a label of their own.
 * `not-eligible` and `eligibility-unknown` mean that the entry rule did not let the account in.
 */
export const EXIT_REASONS = [
  "cured",
  "completed",
  "escalated",
  "handed-to-people",
  "handed-to-agency",
  "handed-to-legal",
  "no-further-treatment",
  "closed",
  "sold",
  "written-off",
  "stopped",
  "horizon",
  "not-eligible",
  "eligibility-unknown",
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** Reasons an author may put on an exit step. The others are given by the engine. */
export const AUTHOR_EXIT_REASONS = [
  "completed",
  "escalated",
  "handed-to-people",
  "handed-to-agency",
  "handed-to-legal",
  "no-further-treatment",
] as const satisfies readonly ExitReason[];
export type AuthorExitReason = (typeof AUTHOR_EXIT_REASONS)[number];
