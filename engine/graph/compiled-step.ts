import { hasErrors } from "../model/issue";
import { innerStepId, type RequestSpec, type StepSpec } from "../model/program";
import type { CompiledStep } from "../nodes/define";
import { type LintView, lintContext, perStep, type StepView } from "./lint-view";

/** Rule sets are not looked at here; their ids only have to be there. */
const NO_RULE_SET = "rules";

/** What a step compiles to, for what only that can tell (times, channels); null while the step is not complete. */
export const compiledStep = perStep(compile);

function compile(view: LintView, { node, step }: StepView): CompiledStep | null {
  if (step === null) return null;
  const ownVariable = (name: string): string => innerStepId(node.id, name);
  const context = { ...lintContext(view, node.id), addRuleSet: () => NO_RULE_SET, ownVariable };
  if (hasErrors(step.definition.lint(step.data, context))) return null;
  return step.definition.compile(step.data, context);
}

/** The steps of executor kinds in a compiled step; those of an embedded strategy are that strategy's own. */
export function specsOf(compiled: CompiledStep): readonly StepSpec[] {
  if (compiled.kind === "embedded") return [];
  return compiled.kind === "compound" ? Object.values(compiled.parts).map(({ spec }) => spec) : [compiled];
}

type ContactRequest = Extract<RequestSpec, { readonly kind: "contact" }>;

/** The contacts a step asks for; none while it is not complete. */
export function contactsOf(view: LintView, stepView: StepView): readonly ContactRequest[] {
  const mayContact = stepView.answers.length > 0 || stepView.step?.definition.group === "contact";
  const compiled = mayContact ? compiledStep(view, stepView) : null;
  return (compiled === null ? [] : specsOf(compiled)).flatMap((spec) =>
    spec.kind === "request" && spec.request.kind === "contact" ? [spec.request] : [],
  );
}
