"use client";

import { useCallback, useState } from "react";

/** A version as the address names it: its number, or the draft. */
export type Pick = "draft" | `${number}`;
export type Pair = { readonly before: Pick; readonly after: Pick };

const NAMES = ["before", "after"] as const;

function pickOf(text: string | null): Pick | null {
  if (text === "draft") return text;
  return text !== null && /^\d{1,9}$/.test(text) ? (text as Pick) : null;
}

function pairInAddress(): Pair | null {
  if (typeof window === "undefined") return null;
  const params = new URLSearchParams(window.location.search);
  const [before, after] = NAMES.map((name) => pickOf(params.get(name)));
  return before == null || after == null ? null : { before, after };
}

/** The pair that is compared, kept in the address so that a colleague opens the same. */
export function usePair(): readonly [Pair | null, (pair: Pair | null) => void] {
  const [pair, setPair] = useState<Pair | null>(pairInAddress);
  const choose = useCallback((next: Pair | null) => {
    setPair(next);
    const params = new URLSearchParams(window.location.search);
    for (const name of NAMES) {
      if (next === null) params.delete(name);
      else params.set(name, next[name]);
    }
    window.history.replaceState(null, "", `?${params}`);
  }, []);
  return [pair, choose];
}
