import { type Decision, drawnPlace, type FactValue, type StrategyDoc } from "#engine";
import { stepName } from "../canvas/drawing";
import { useWords } from "../store/context";
import type { Walking } from "./use-walk";

/** What the host says in its own words. */
export type WalkWords = {
  readonly decision: (decision: Decision) => string;
  /** An answer the world gives, by its code. */
  readonly outcome: (code: string) => string;
  /** A value of a fact, with its unit. */
  readonly value: (fact: string, value: FactValue) => string;
  /** An instant in the strategy's zone. */
  readonly instant: (ms: number) => string;
  readonly ruleName: (stepId: string, rule: string) => string | null;
};

export type WalkParts = { readonly doc: StrategyDoc; readonly words: WalkWords; readonly walking: Walking };

/** Name of a step of the Program, as it is drawn; one inside another after that one's. */
export function useStepTitle(doc: StrategyDoc): (stepId: string) => string {
  const words = useWords();
  return (stepId) => {
    const place = drawnPlace(doc, stepId);
    return place === null ? stepId : [...place.around, place.node].map((node) => stepName(node, words)).join(" · ");
  };
}
