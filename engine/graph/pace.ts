import type { StrategyNode, SubStrategy } from "../model/strategy";
import type { Handle, Stimulus, StimulusEvent } from "../nodes/define";
import type { Step } from "./step-data";

/**
 * How fast an account may pass a step: at once; within seconds, as fast as answers come; or only after some time. Of a strategy that
 * is used as a step the fastest way through it counts.
 */
export type Pace = "instant" | "prompt" | "slow";
export type Paces = ReadonlyMap<string, Pace>;

/** Answers that may come within seconds: a loop of nothing else goes round as fast as they come. */
const PROMPT_ANSWERS: readonly StimulusEvent[] = ["contact.result", "contact.denied", "qa.verdict", "external.result"];

/** A step as it was read; `uses` is the strategy inside the document that it uses. */
type PacedStep = {
  readonly node: StrategyNode;
  readonly step: Step | null;
  readonly handles: readonly Handle[];
  readonly answers: readonly Stimulus[];
  readonly uses: string | null;
};

/** A step that cannot be read, and one that uses a strategy nobody knows, is reported for that and holds up everything. */
export function paceOf({ step, answers, uses }: PacedStep, paces: Paces): Pace {
  if (step === null) return "slow";
  if (uses !== null) return paces.get(uses) ?? "slow";
  if (answers.length === 0) return "instant";
  return answers.some(({ event }) => PROMPT_ANSWERS.includes(event)) ? "prompt" : "slow";
}

/** The paces of the strategies inside a document, those that others use first; strategies that use each other in a circle are slow. */
export function pacesOfStrategies(strategies: readonly SubStrategy[], steps: readonly (readonly PacedStep[])[]): Paces {
  const paces = new Map<string, Pace>();
  const waiting = new Map(strategies.map((strategy, index) => [strategy.key, { strategy, steps: steps[index] ?? [] }]));
  const ready = (own: readonly PacedStep[]): boolean => own.every(({ uses }) => uses === null || !waiting.has(uses));
  for (let found = true; found; ) {
    found = false;
    for (const [key, inside] of waiting) {
      if (!ready(inside.steps)) continue;
      waiting.delete(key);
      paces.set(key, paceThrough(inside.strategy, inside.steps, paces));
      found = true;
    }
  }
  return paces;
}

function paceThrough(strategy: SubStrategy, steps: readonly PacedStep[], paces: Paces): Pace {
  const stepPaces = new Map(steps.map((step) => [step.node.id, paceOf(step, paces)]));
  const exits = new Set(steps.filter(({ step }) => step?.definition.group === "exit").map(({ node }) => node.id));
  const reaches = (passable: readonly Pace[]): boolean => {
    const seen = new Set([strategy.entry.node]);
    for (const id of seen) {
      if (exits.has(id)) return true;
      const pace = stepPaces.get(id);
      if (pace === undefined || !passable.includes(pace)) continue;
      for (const to of successors.get(id) ?? []) seen.add(to);
    }
    return false;
  };
  const successors = new Map<string, string[]>();
  for (const { from, to } of strategy.edges) {
    const known = successors.get(from.node);
    if (known === undefined) successors.set(from.node, [to]);
    else known.push(to);
  }
  if (reaches(["instant"])) return "instant";
  return reaches(["instant", "prompt"]) ? "prompt" : "slow";
}
