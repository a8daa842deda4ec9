import { channelOf } from "../channels";
import type { Channel } from "../model/content";
import type { ContactTerms } from "../model/execution";
import type { ContactPoint } from "../model/party";
import type { PastContact } from "./past-contacts";

export type PointQuestion = {
  readonly points: readonly ContactPoint[];
  readonly channel: Channel;
  readonly terms: ContactTerms;
  /** Visit of the step (`visitKey`) whose attempt this is. */
  readonly visit: string;
  readonly history: readonly PastContact[];
};

/**
 * Where this attempt goes. Usually the first valid point; a step that goes on to the next one takes, of the points that are valid
 * and agreed to, the one this visit has used least: every attempt the next in order, and round again. Where there is none the
 * gate is shown what there is, so that its refusal names the real reason.
 */
export function contactPointFor({ points, channel, terms, visit, history }: PointQuestion): ContactPoint | null {
  const kind = channelOf(channel).contactPoint;
  const next = terms.contactPoints === "next" ? leastUsed({ points, channel, visit, history }) : null;
  if (next !== null) return next;
  let first: ContactPoint | null = null;
  for (const point of points) {
    if (point.kind !== kind) continue;
    if (first === null || comesBefore(point, first)) first = point;
  }
  return first;
}

/** Valid points come before the others, then by rank; the id decides between equals, so that every shell finds the same one. */
function comesBefore(one: ContactPoint, other: ContactPoint): boolean {
  if ((one.status === "valid") !== (other.status === "valid")) return one.status === "valid";
  if (one.rank !== other.rank) return one.rank < other.rank;
  return one.id < other.id;
}

function leastUsed({ points, channel, visit, history }: Omit<PointQuestion, "terms">): ContactPoint | null {
  const kind = channelOf(channel).contactPoint;
  let least: { readonly point: ContactPoint; readonly used: number } | null = null;
  for (const point of points) {
    if (point.kind !== kind || point.status !== "valid" || point.consent[channel] !== "granted") continue;
    const used = history.filter((past) => past.visit === visit && past.contactPointId === point.id).length;
    const sooner = least === null || used < least.used || (used === least.used && comesBefore(point, least.point));
    if (sooner) least = { point, used };
  }
  return least?.point ?? null;
}
