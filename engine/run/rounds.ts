import type { EnrollmentState } from "../model/execution";

/** Rounds counted so far without those of steps whose ids begin so; the same object when there are none. */
export function withoutRounds(
  loopCounts: EnrollmentState["loopCounts"],
  forgets: string | undefined,
): EnrollmentState["loopCounts"] {
  if (forgets === undefined || !Object.keys(loopCounts).some((id) => id.startsWith(forgets))) return loopCounts;
  return Object.fromEntries(Object.entries(loopCounts).filter(([id]) => !id.startsWith(forgets)));
}
