import { localeOf } from "../contact/locale-of";
import type { ReadyIntent } from "../ports/outbox";
import type { RuntimeDeps } from "./deps";
import { factsAt } from "./facts-at";
import type { GateContext, Known } from "./gate";

/** What a request is decided by: its version, its pack and the facts of this moment. Null = its version is not to be had here. */
export async function gateContext(deps: RuntimeDeps, ready: ReadyIntent, known: Known): Promise<GateContext | null> {
  const version = await deps.versions.linked(ready.versionId);
  if (version === null) {
    deps.alarm("program-missing", { versionId: ready.versionId });
    return null;
  }
  const pack = deps.packOf(version.program.settings.market);
  return {
    version,
    pack,
    facts: factsAt(ready, { version, pack, nowMs: known.nowMs }),
    nowMs: known.nowMs,
    agencies: known.agencies,
    locale: localeOf(version.program.settings.market),
    channelPort: deps.channelPort,
    house: deps.house,
  };
}
