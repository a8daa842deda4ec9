import type { Actor } from "#engine";
import { PERMISSIONS } from "#engine/model/actor";

/**
 * Who asks. Until identity lands everybody is this visible demo actor with every role (design D16); callers already take an
 * actor, so that nothing else has to change then.
 */
export const DEMO_ACTOR: Actor = { id: "actor_demo", name: "Demo", demo: true, permissions: PERMISSIONS };

/** The actor of a web request. */
export function actorOf(_request: Request | null): Actor {
  return DEMO_ACTOR;
}
