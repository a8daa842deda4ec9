import { compileStrategy } from "#engine/compile/compile";
import { InvariantError } from "#engine/model/invariant";
import type { PublishedVersion } from "#engine/ports/program-store";
import { drawnStrategy, PAST_DUE } from "#engine/run/testing/drawn-strategy";
import { STRICT_MARKET } from "#engine/testing/live-story";

/** Every account of a run is in it. */
export const CHAOS_VERSION = "ver_chaos-1";

/**
 * A text, then calls, up to three of them; whoever answered gets three days; a payment ends it in any step. Texts go to a provider
 * that can be asked, calls to one that knows its keys again or to one that does neither.
 */
export function chaosVersion(): PublishedVersion {
  const doc = drawnStrategy({
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: "text" } },
    text: {
      type: "sms",
      data: { contentId: "sms.reminder", waitForDelivery: false, giveUpHours: 24 },
      to: { sent: "call" },
    },
    call: {
      type: "robot",
      data: { contentId: "robot.reminder", giveUpHours: 48, maxAttempts: 3, gapMinutes: { NA: 60 } },
      to: {
        ...{ promised: "patience", spoke: "patience", exhausted: "patience" },
        ...{ refused: "people", care: "people", "wrong-party": "people", expired: "people", blocked: "people" },
      },
    },
    patience: {
      type: "wait",
      data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 3 * 24 * 60 },
      to: { elapsed: "people", happened: "thanks" },
    },
    thanks: { type: "exit", data: { reason: "completed" }, to: {} },
    people: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
  });
  const compiled = compileStrategy(doc, STRICT_MARKET);
  if (!compiled.ok) throw new InvariantError("chaos.compile");
  return { versionId: CHAOS_VERSION, strategyId: "strat_chaos", program: compiled.value };
}
