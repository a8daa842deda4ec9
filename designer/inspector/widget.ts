import type { FormField, IssueSeverity, JsonValue } from "#engine";
import type { StepView } from "../commands/step-view";

/** A problem at a field; `path` is what follows the field's own path (`[0].when`). */
export type FieldProblem = {
  readonly path: string;
  readonly severity: IssueSeverity;
  readonly text: string;
  /** The other place it speaks of, where it speaks of two. */
  readonly also?: string;
};

export type WidgetProps = {
  readonly id: string;
  readonly field: FormField;
  readonly view: StepView;
  readonly label: string;
  readonly value: JsonValue | undefined;
  readonly problems: readonly FieldProblem[];
  readonly readOnly: boolean;
  /** Stores a value; false when the step's schema does not take it, and then nothing is changed. Typing is one gesture. */
  readonly onValue: (value: JsonValue | undefined, gesture?: "typing") => boolean;
};

/** Problems of one item of a list, with the item's index taken off their paths. */
export function problemsAt(problems: readonly FieldProblem[], prefix: string): readonly FieldProblem[] {
  return problems
    .filter(
      (problem) =>
        problem.path === prefix || problem.path.startsWith(`${prefix}.`) || problem.path.startsWith(`${prefix}[`),
    )
    .map((problem) => ({ ...problem, path: problem.path.slice(prefix.length) }));
}
