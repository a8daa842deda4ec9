import type { Database } from "#db";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { runtimeOn } from "./worker-runtime";

const runtimes = new WeakMap<Database, RuntimeDeps>();

/** The live shell of the web process, kept so that a Program is linked once. It enrolls; turns are the worker's. */
export function runtimeFor(database: Database): RuntimeDeps {
  const known = runtimes.get(database);
  if (known !== undefined) return known;
  const made = runtimeOn(database, { alarm: () => undefined });
  runtimes.set(database, made);
  return made;
}
