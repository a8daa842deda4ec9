import type { Channel } from "../model/content";
import type { EpochMs } from "../model/time";

/** Somebody wrote back. It names no contact of ours, only who wrote. What they wrote is not kept: it is theirs, and free text. */
export type PersonReply = {
  /** The same for the same message, however often the provider brings it. */
  readonly replyId: string;
  readonly channel: Channel;
  /** Whom it is from, as contact points have it: `+8613800138000`. */
  readonly from: string;
  /** They want no more on this channel. */
  readonly isOptOut: boolean;
  readonly atMs: EpochMs;
};

export interface ReplyStore {
  /**
   * Tells the strategies under way that reached this address last that an answer came, and on an opt-out sets the consent of every
   * contact point with the address to `refused` for the channel, with an audit row each; no later file gives it back. Returns how
   * many of the replies came from an address we know.
   */
  put(integration: string, replies: readonly PersonReply[]): Promise<number>;
}
