import type { RuleSet, StepSpec } from "../model/program";

/** Every handle a step can be left by, sorted. All must be wired, so that no account stands before a way that ends in nothing. */
export function handlesTaken(spec: StepSpec, ruleSets: { readonly [id: string]: RuleSet }): readonly string[] {
  return [...new Set(takenBy(spec, ruleSets))].sort();
}

function takenBy(spec: StepSpec, ruleSets: { readonly [id: string]: RuleSet }): readonly string[] {
  switch (spec.kind) {
    case "entry":
      return [spec.enter];
    case "decide":
      return [...(ruleSets[spec.ruleSet]?.order ?? []).map((rule) => rule.outcome), spec.otherwise, spec.unknown];
    case "split":
      return spec.arms.map((arm) => arm.handle);
    case "request":
      if (spec.goOn !== null) return [spec.goOn];
      return [
        ...Object.values(spec.outcomes),
        spec.exhausted,
        spec.expired,
        // Only a contact passes the policy gate, so only a contact can be denied.
        ...(spec.request.kind === "contact" ? [spec.blocked] : []),
      ];
    case "wait":
      return [spec.elapsed, spec.happened, spec.unknown].filter((handle) => handle !== null);
    case "exit":
      return [];
    default:
      throw spec satisfies never;
  }
}
