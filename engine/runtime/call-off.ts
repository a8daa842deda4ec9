import { senderReason } from "../contact/reasons";
import { withinDeadline } from "../ports/before-abort";
import type { EngineTime } from "../ports/engine-clock";
import type { Recall, RecallAnswer, RecallOutcome } from "../ports/recalls";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";

/** Longest a provider may take to say whether it could cancel. */
const CANCEL_DEADLINE_MS = 10_000;
/** Times a provider that says nothing is asked: over about fifteen minutes, and then the contact has left or will. */
export const RECALL_TRIES_MAX = 5;

/**
 * Asks providers to cancel contacts they have accepted and nobody wants any more: the person is held, the step was left, the channel
 * is stopped. What they say is written down; only "cancelled" means that the person is not contacted. Returns how many were settled.
 */
export async function callOffUnwanted(deps: RuntimeDeps, { nowMs }: EngineTime): Promise<number> {
  const { recalls } = deps;
  if (recalls === undefined) return 0;
  const wanted = await recalls.due({ nowMs, limit: RUNTIME_LIMITS.recallsBatch });
  const told = { nowMs, reason: senderReason("dispatch.recalled") };
  let settled = 0;
  for (let start = 0; start < wanted.length; start += RUNTIME_LIMITS.sendsAtOnce) {
    const some = wanted.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
    settled += await recalls.answered(await Promise.all(some.map((one) => outcomeOf(deps, one))), told);
  }
  return settled;
}

async function outcomeOf(deps: RuntimeDeps, recall: Recall): Promise<RecallOutcome> {
  const { key, unclear } = recall;
  const answer = await ask(deps, recall);
  return { key, answer: answer === null && unclear + 1 >= RECALL_TRIES_MAX ? "no-answer" : answer };
}

/** Null = it did not say. Another provider than the one that took it knows nothing of its key. */
async function ask(deps: RuntimeDeps, { key, channel, provider }: Recall): Promise<RecallAnswer | null> {
  const port = deps.channelPort(channel, false);
  if (port === null || port.id !== provider || !port.capabilities.cancel || port.cancel === undefined) {
    return "not-offered";
  }
  const { cancel } = port;
  try {
    return await withinDeadline((context) => cancel(key, context), CANCEL_DEADLINE_MS, null);
  } catch {
    deps.alarm("channel-threw", { key, provider });
    return null;
  }
}
