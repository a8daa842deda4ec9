import type { Stop } from "../model/stop";
import type { Lease } from "../ports/outbox";
import type { RuntimeDeps } from "./deps";

/** Part of a lease within which a send may still begin; the rest is for the provider's answer and for writing it down. */
const LEASE_SHARE = 0.5;
/** A pause holds after two seconds at the latest: what was seen longer ago than this says nothing about now. */
const SEEN_FOR_MS = 1500;

/** What a sender knows at the last moment before something leaves. */
export type LastLook = {
  readonly stops: readonly Stop[];
  /** The lease is far from over. */
  readonly isInTime: () => boolean;
  /** It is in time, and what it saw is young enough to act on: nobody put this process to sleep meanwhile. */
  readonly isFresh: () => boolean;
  /** The same look, once more: judges of texts take their time, and a process may be put to sleep at any line. */
  readonly again: () => Promise<LastLook>;
};

export type RunningLease = Lease & {
  /** When it began, by the worker's own monotonic clock. */
  readonly fromMs: number;
};

/** What a look is taken with: the stops as they stand, and the worker's own clock. */
type Looking = Pick<RuntimeDeps, "monotonicMs"> & { readonly stops: Pick<RuntimeDeps["stops"], "inForce"> };

export async function lookOnce(deps: Looking, lease: RunningLease): Promise<LastLook> {
  const atMs = deps.monotonicMs();
  const stops = await deps.stops.inForce();
  const isInTime = () => deps.monotonicMs() - lease.fromMs <= lease.lastsMs * LEASE_SHARE;
  return {
    stops,
    isInTime,
    isFresh: () => isInTime() && deps.monotonicMs() - atMs <= SEEN_FOR_MS,
    again: () => lookOnce(deps, lease),
  };
}
