"use client";

import { useTimeZone } from "next-intl";

/** Zone in which instants are shown: the lender's, the same for everybody who looks at one screen. */
export function useZone(): string {
  return useTimeZone() ?? "UTC";
}
