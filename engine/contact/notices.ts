import { channelOf } from "../channels";
import type { NormalResult } from "../model/contact-result";
import type { Channel } from "../model/content";
import type { ContactRecord, NoticeRecord } from "../model/policy";
import type { PartyPast } from "./past-contacts";

/** Results after which nobody may say that the notice was received: it came back, was refused, or the address does not exist. */
const CAME_BACK: readonly NormalResult[] = ["failed_permanent", "rejected", "invalid_vacant", "expired"];

function cameBack(channel: Channel, outcome: string | null | undefined): boolean {
  const { results } = channelOf(channel);
  return outcome !== null && outcome !== undefined && CAME_BACK.some((result) => results[result] === outcome);
}

type Noticed = ContactRecord & { readonly notice: string };

/**
 * Notices the party was given: contacts whose text is one (`Content.notice`), by the day they left, and those recorded elsewhere. A
 * letter whose way is not over counts as sent; the rule's own wait is there for that.
 */
export function noticesIn({ history, notices = [] }: Pick<PartyPast, "history" | "notices">): readonly NoticeRecord[] {
  const given = history.filter((contact): contact is typeof contact & Noticed => contact.notice !== undefined);
  if (given.length === 0) return notices;
  return [
    ...notices,
    ...given.map(({ notice, atMs, channel, outcome }) => ({
      notice,
      sentMs: atMs,
      returned: cameBack(channel, outcome),
    })),
  ];
}
