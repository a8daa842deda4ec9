"use client";

import { useEffect, useRef, useState } from "react";

/** The server is asked when the reader stops typing for this long. */
const SEARCH_DELAY_MS = 300;

/** Text of a search box that follows the address and reports what was typed a moment after the last key. */
export function useSearchText(
  current: string,
  onSearch: (text: string) => void,
): readonly [string, (text: string) => void] {
  const [typed, setTyped] = useState(current);
  const report = useRef(onSearch);
  useEffect(() => {
    report.current = onSearch;
  });
  useEffect(() => setTyped(current), [current]);
  useEffect(() => {
    if (typed === current) return;
    const timer = window.setTimeout(() => report.current(typed.trim()), SEARCH_DELAY_MS);
    return () => window.clearTimeout(timer);
  }, [typed, current]);
  return [typed, setTyped];
}
