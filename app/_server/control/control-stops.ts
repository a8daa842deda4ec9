import type { Database } from "#db";
import { liftStop, placeStop } from "#db/queries/stop";
import type { Actor } from "#engine";
import type { StopKind, StopScope } from "#engine/model/stop";
import { orRefuse } from "../errors";

const REFUSED = {
  "stop.unknown": "not-found",
  "stop.already": "conflict",
  "stop.stopped": "conflict",
  "stop.lifting": "conflict",
  "stop.not-in-force": "conflict",
} as const;

export type StopCommand = { readonly about: StopScope; readonly reason: string };

/** Pauses or stops a strategy, a version, a channel or everything; every worker heeds it within two seconds. */
export async function placeNow(
  database: Database,
  actor: Actor,
  { about, reason, kind }: StopCommand & { readonly kind: StopKind },
): Promise<void> {
  orRefuse(await placeStop(database, { ...about, kind, reason, actorId: actor.id }), REFUSED);
}

/** Lifts it. After a pause every wait goes on with the time it had left. */
export async function resumeNow(database: Database, actor: Actor, { about, reason }: StopCommand): Promise<void> {
  orRefuse(await liftStop(database, { ...about, reason, actorId: actor.id }), REFUSED);
}
