import { EXIT_REASONS, type ExitReason } from "../model/exit-reason";
import { InvariantError } from "../model/invariant";

/** An exit reason from a Program's text. Throws InvariantError on one that the closed list does not have. */
export function exitReasonOf(text: string): ExitReason {
  const reason = EXIT_REASONS.find((known) => known === text);
  if (reason === undefined) throw new InvariantError("program.exit-reason", { reason: text });
  return reason;
}
