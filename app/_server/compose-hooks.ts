import { callbackStore } from "#db/stores/callback-store";
import type { ChannelAdapter } from "#engine/ports/channel";
import { adapterOf } from "#engine/providers/channels-config";
import { readChannels } from "./channels";
import { callbackCounts, database } from "./compose";
import type { CallbackDoor } from "./hooks/receive-callback";
import { watchedCallbacks } from "./watched-callbacks";

/** Providers as this process knows them; read once, a change of the file wants a restart. */
let known: ReadonlyMap<string, ChannelAdapter> | null = null;

/** Where providers report what became of contacts. */
export function callbackDoor(): CallbackDoor {
  known ??= new Map(
    Object.entries(readChannels().providers).map(([name, config]) => [name, adapterOf(name, config)] as const),
  );
  const adapters = known;
  const callbacks = watchedCallbacks(callbackStore(database()), callbackCounts().came);
  return { adapterOf: (name) => adapters.get(name) ?? null, callbacks, now: Date.now };
}
