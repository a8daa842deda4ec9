import type { ContactMood } from "../../model/contact-mood";
import type { Channel } from "../../model/content";
import { draw } from "../../model/draw";
import { InvariantError } from "../../model/invariant";
import type { Account } from "../../model/party";
import { type EpochMs, localMinuteOfDay, minutesOf, type TimeZone } from "../../model/time";
import { daysPastDue } from "../../portfolio/facts";
import type { AssumptionSet, Segment } from "../assumptions/set";

/** A simulated person's account, and the world they live in. */
export type Debtor = {
  readonly account: Account;
  readonly seed: number;
  readonly timeZone: TimeZone;
  readonly assumptions: AssumptionSet;
};

/**
 * The latent segment of a person, as far as this account shows it: drawn once from the mix of the band the account stood in at
 * its data date. The same draw for every account of the person; nobody and no rule can read it.
 */
export function segmentOf({ account, seed, assumptions }: Debtor): Segment {
  const { segments } = assumptions;
  const band = bandAt(assumptions, daysPastDue(account, account.dataDate));
  let left = draw(seed, account.partyId, "segment");
  for (const segment of segments) {
    left -= segment.mix[band] ?? 0;
    if (left < 0) return segment;
  }
  const last = segments.at(-1);
  if (last === undefined) throw new InvariantError("simulate.segments-empty");
  return last;
}

/** Position of the band of days past due. */
export function bandAt({ repayment }: AssumptionSet, dpd: number): number {
  const { bands } = repayment;
  for (let index = 0; index < bands.length; index += 1) {
    const upTo = bands[index]?.upToDpd;
    if (upTo === null || (upTo !== undefined && dpd <= upTo)) return index;
  }
  throw new InvariantError("simulate.band-missing", { dpd });
}

/**
 * How this person takes a contact now: their segment, how often they were contacted in the last seven days (every channel and
 * account together), and the hour of the day.
 */
export function moodOf(
  debtor: Debtor,
  segment: Segment,
  { contacts7d, atMs, channel }: { readonly contacts7d: number; readonly atMs: EpochMs; readonly channel: Channel },
): ContactMood {
  const { fatigue, hours } = debtor.assumptions.contact;
  const hour = PAPER.has(channel) ? 1 : hourFactor(hours, localMinuteOfDay(debtor.timeZone, atMs));
  return {
    reached: segment.reached * hour * fatigue.reached ** contacts7d,
    rightParty: segment.rightParty,
    promised: segment.promised,
    complaint: segment.complaint * fatigue.complaint ** contacts7d,
    optOut: segment.optOut * fatigue.optOut ** contacts7d,
  };
}

/** Lies in the letter box until somebody comes. */
const PAPER: ReadonlySet<Channel> = new Set<Channel>(["letter"]);

function hourFactor(hours: AssumptionSet["contact"]["hours"], minute: number): number {
  for (const { until, reached } of hours) if (minute < minutesOf(until)) return reached;
  return 1;
}
