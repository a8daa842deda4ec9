import type { PolicyReason } from "../model/policy";

/** A reason of the sender itself rather than of a rule of the pack. */
export function senderReason(code: string, params: PolicyReason["params"] = {}): PolicyReason {
  return { rule: code, code, params };
}
