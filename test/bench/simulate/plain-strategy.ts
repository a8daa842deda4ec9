import { compileStrategy } from "#engine/compile/compile";
import { InvariantError } from "#engine/model/invariant";
import type { Program } from "#engine/model/program";
import { marketPack } from "#engine/packs/index";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "#engine/run/testing/drawn-strategy";

/** One step of the strategy that the bench also has as a loop written by hand: each leads to the next, whatever came of it. */
export type PlainStep =
  | { readonly kind: "sms"; readonly contentId: string; readonly hours: number }
  | { readonly kind: "call"; readonly contentId: string; readonly hours: number }
  | { readonly kind: "wait"; readonly minutes: number };

const DAY = 24 * 60;

/** Three months of messages, calls and waits for money, the usual mix of an early stage. */
export const PLAIN_STEPS: readonly PlainStep[] = [
  { kind: "sms", contentId: "sms.m1.soft", hours: 24 },
  { kind: "wait", minutes: 2 * DAY },
  { kind: "call", contentId: "robot.m1.standard", hours: 48 },
  { kind: "wait", minutes: 4 * DAY },
  { kind: "sms", contentId: "sms.m1.reminder", hours: 24 },
  { kind: "wait", minutes: 5 * DAY },
  { kind: "call", contentId: "robot.m1.firm", hours: 48 },
  { kind: "wait", minutes: 6 * DAY },
  { kind: "call", contentId: "robot.m1.firm", hours: 48 },
  { kind: "wait", minutes: 10 * DAY },
  { kind: "sms", contentId: "sms.m1.late", hours: 48 },
  { kind: "wait", minutes: 10 * DAY },
  { kind: "call", contentId: "robot.m1.firm", hours: 48 },
  { kind: "wait", minutes: 15 * DAY },
  { kind: "sms", contentId: "sms.m1.reminder", hours: 48 },
  { kind: "wait", minutes: 20 * DAY },
];

/** Handles a call may leave by. */
const CALL_HANDLES = ["promised", "spoke", "refused", "care", "wrong-party", "exhausted", "expired", "blocked"];

function drawn(step: PlainStep, next: string): DrawnStep {
  const all = (handles: readonly string[]) => Object.fromEntries(handles.map((handle) => [handle, next]));
  switch (step.kind) {
    case "sms":
      return {
        type: "sms",
        data: { contentId: step.contentId, waitForDelivery: false, giveUpHours: step.hours },
        to: all(["sent"]),
      };
    case "call":
      return {
        type: "robot",
        data: { contentId: step.contentId, giveUpHours: step.hours, maxAttempts: 1 },
        to: all(CALL_HANDLES),
      };
    default:
      return {
        type: "wait",
        data: { mode: "event", events: ["payment.posted"], deadlineMinutes: step.minutes },
        to: all(["happened", "elapsed"]),
      };
  }
}

/** The steps as a Program. */
export function plainProgram(): Program {
  const idAt = (place: number): string => (place < PLAIN_STEPS.length ? `step-${place}` : "done");
  const steps: { [id: string]: DrawnStep } = {
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: idAt(0) } },
    done: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
  };
  PLAIN_STEPS.forEach((step, place) => {
    steps[idAt(place)] = drawn(step, idAt(place + 1));
  });
  const compiled = compileStrategy(drawnStrategy(steps), marketPack("cn"));
  if (!compiled.ok) throw new InvariantError("bench.strategy-broken", { code: compiled.error[0]?.code ?? "" });
  return compiled.value;
}
