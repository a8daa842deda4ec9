"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** A version as the address names it: its number, or the draft. */
export type Pick = "draft" | `${number}`;
export type Pair = { readonly before: Pick; readonly after: Pick };

function pickOf(text: string | null): Pick | null {
  if (text === "draft") return text;
  return text !== null && /^\d{1,9}$/.test(text) ? (text as Pick) : null;
}

/** The pair that is compared. It stands in the address alone, so that a colleague opens the same. */
export function usePair(): readonly [Pair | null, (pair: Pair | null) => void] {
  const params = useSearchParams();
  const [before, after] = [pickOf(params.get("before")), pickOf(params.get("after"))];
  const choose = useCallback((next: Pair | null) => {
    const wanted = new URLSearchParams(window.location.search);
    for (const name of ["before", "after"] as const) {
      if (next === null) wanted.delete(name);
      else wanted.set(name, next[name]);
    }
    window.history.replaceState(null, "", `?${wanted}`);
  }, []);
  return [before === null || after === null ? null : { before, after }, choose];
}
