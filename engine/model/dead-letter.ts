/** What can turn out to be impossible to process. */
export const DEAD_LETTER_KINDS = ["enrollment", "inbox", "intent"] as const;
export type DeadLetterKind = (typeof DEAD_LETTER_KINDS)[number];

/** `open` waits for a person; `retried` was given another try; `skipped` was given up. It opens again when it fails again. */
export const DEAD_LETTER_STATES = ["open", "retried", "skipped"] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];
