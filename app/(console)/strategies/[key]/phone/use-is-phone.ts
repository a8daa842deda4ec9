"use client";

import { useSyncExternalStore } from "react";

/** Narrower than this there is no room to draw: the strategy is read, not edited. Tailwind's `sm`. */
const PHONE = "(max-width: 639px)";

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(PHONE);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** Whether the screen is a phone's. Not known on the server, where it is taken for a large one. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(PHONE).matches,
    () => false,
  );
}
