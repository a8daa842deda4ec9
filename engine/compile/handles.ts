import { passesGate, type RuleSet, type StepSpec } from "../model/program";

/** Every handle a step can be left by, sorted. All must be wired, so that no account stands before a way that ends in nothing. */
export function handlesTaken(spec: StepSpec, ruleSets: { readonly [id: string]: RuleSet }): readonly string[] {
  return [...new Set(takenBy(spec, ruleSets))].sort();
}

const isHandle = (handle: string | null | undefined): handle is string => handle !== null && handle !== undefined;

function takenBy(spec: StepSpec, ruleSets: { readonly [id: string]: RuleSet }): readonly string[] {
  switch (spec.kind) {
    case "entry":
      return [spec.enter];
    case "decide":
      return [...(ruleSets[spec.ruleSet]?.order ?? []).map((rule) => rule.outcome), spec.otherwise, spec.unknown];
    case "collect":
      return [spec.some, spec.none, spec.unknown];
    case "score":
      return [...spec.bands.map((band) => band.handle), spec.unknown];
    case "split":
      return spec.arms.map((arm) => arm.handle);
    case "set":
    case "act":
      return [spec.next];
    case "repeat":
      return [spec.again, spec.done, spec.unknown].filter(isHandle);
    case "request":
      return spec.goOn === null ? answersOf(spec) : [spec.goOn];
    case "wait":
      return [spec.elapsed, spec.happened, spec.unknown, spec.watch?.holds].filter(isHandle);
    case "exit":
      return [];
    default:
      throw spec satisfies never;
  }
}

function answersOf(spec: Extract<StepSpec, { readonly kind: "request" }>): readonly string[] {
  return [
    ...Object.values(spec.outcomes),
    spec.exhausted,
    spec.expired,
    ...(passesGate(spec.request) ? [spec.blocked] : []),
    ...(spec.watch === undefined ? [] : [spec.watch.holds]),
  ];
}
