import { draw } from "../model/draw";
import type { DeskPort } from "../ports/desk";
import type { ExternalPort } from "../ports/external";
import { answerDecision, type SimulatedAnswers } from "./answer-decision";
import { answerTask } from "./answer-task";

/** Desks that exist in a simulation only. The same key is worked the same way, so handing a task over twice is harmless. */
export function simulatedDesk(seed: number): DeskPort {
  const id = "simulated-desk";
  return {
    id,
    simulated: true,
    take: async ({ key, partyId, task, details, nowMs, notAfterMs, simulation }) => {
      const end = answerTask({
        ...{ task, details, nowMs, notAfterMs, ...simulation },
        draw: (kind) => draw(seed, partyId, `${kind}:${key}`),
      });
      const ref = `sim-desk-${key}`;
      if (end === null) return { kind: "accepted", ref, costMinor: 0, announced: [], payments: [] };
      const { outcome, values, atMs, costMinor, payments } = end;
      const named = payments.map((payment, index) => ({ ...payment, id: `${key}:${index}` }));
      return {
        kind: "accepted",
        ref,
        costMinor,
        announced: [{ eventId: ref, outcome, values, atMs }],
        payments: named,
      };
    },
  };
}

/** Another system in a simulation: it answers what the integration is declared to answer about people who do not exist. */
export function simulatedExternal(
  seed: number,
  integrations: { readonly [name: string]: SimulatedAnswers },
): ExternalPort {
  return {
    id: "simulated-external",
    simulated: true,
    decide: async ({ key, integration }) => {
      const answers = Object.hasOwn(integrations, integration) ? integrations[integration] : undefined;
      const { outcome, values, delayMs, costMinor } = answerDecision(answers, (kind) => draw(seed, key, kind));
      return { kind: "answered", outcome, values, delayMs, costMinor };
    },
  };
}
