import { senderReason } from "../contact/reasons";
import type { PolicyReason } from "../model/policy";
import type { Stop, StopKind, StopScope } from "../model/stop";

/** One reason per kind and scope, so that each language says what is paused in its own words. */
const REASONS: { readonly [kind in StopKind]: { readonly [scope in StopScope["scope"]]: PolicyReason } } = {
  pause: {
    everything: senderReason("dispatch.paused-everything"),
    strategy: senderReason("dispatch.paused-strategy"),
    version: senderReason("dispatch.paused-version"),
    channel: senderReason("dispatch.paused-channel"),
  },
  stop: {
    everything: senderReason("dispatch.stopped-everything"),
    strategy: senderReason("dispatch.stopped-strategy"),
    version: senderReason("dispatch.stopped-version"),
    channel: senderReason("dispatch.stopped-channel"),
  },
};

/** Why a request that a pause or stop covers does not leave. */
export function stoppedReason({ kind, scope }: Pick<Stop, "kind" | "scope">): PolicyReason {
  return REASONS[kind][scope];
}
