/**
 * How a simulated person differs from the average one at this contact: factors on the shares of the channel's model. 1 = as the
 * average; a share stays at most 1 whatever the factor.
 */
export type ContactMood = {
  /** Answers at all. */
  readonly reached: number;
  /** Is the one who is meant, where somebody answers. */
  readonly rightParty: number;
  /** Promises, where the right one answers. */
  readonly promised: number;
  /** Complains, and asks not to be contacted again: weights among the other answers. */
  readonly complaint: number;
  readonly optOut: number;
};
