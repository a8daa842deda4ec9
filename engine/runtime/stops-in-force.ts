import type { Stop } from "../model/stop";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";

/** Stops as they stand, read again when the last look is too old; the first look is always a fresh one. */
export function stopsInForce({
  stops,
  monotonicMs,
}: Pick<RuntimeDeps, "stops" | "monotonicMs">): () => Promise<readonly Stop[]> {
  let last: { readonly found: readonly Stop[]; readonly atMs: number } | null = null;
  return async () => {
    if (last === null || monotonicMs() - last.atMs > RUNTIME_LIMITS.stopsGoodForMs) {
      const atMs = monotonicMs();
      last = { found: await stops.inForce(), atMs };
    }
    return last.found;
  };
}
