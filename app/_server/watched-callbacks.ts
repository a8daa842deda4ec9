import type { CallbackStore } from "#engine/ports/callbacks";
import type { StatusEvent } from "#engine/ports/channel";

/** What came in from a provider: its events, and how many of them were known already. */
export type CallbackWatch = (came: { readonly events: readonly StatusEvent[]; readonly known: number }) => void;

/** The same store; whoever watches hears of everything that is put in. */
export function watchedCallbacks(store: CallbackStore, watch: CallbackWatch | undefined): CallbackStore {
  if (watch === undefined) return store;
  return {
    ...store,
    put: async (integration, events) => {
      const stored = await store.put(integration, events);
      watch({ events, known: events.length - stored });
      return stored;
    },
  };
}
