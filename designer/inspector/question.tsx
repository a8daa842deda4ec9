"use client";

import {
  type ConditionLeaf,
  type Field,
  fieldOf,
  isRelativeDate,
  type Operator,
  operatorsFor,
  patternProblem,
  RELATIVE_DAYS_MAX,
  takesList,
} from "#engine";
import { Input, Select } from "../controls/inputs";
import { useFields, useText } from "../store/context";
import { asksWhetherKnown, firstQuestion, isPattern, withField, withOperator } from "./condition-model";
import { DaysInput } from "./days-input";
import { FactPicker } from "./fact-picker";
import { ScalarInput, ScalarList, YesNo } from "./scalar-input";

type LeafProps = {
  readonly leaf: ConditionLeaf;
  readonly readOnly: boolean;
  readonly onLeaf: (leaf: ConditionLeaf, gesture?: "typing") => boolean;
};

/** One question: a fact, how it is compared, and with what. Only operators and values that fit the fact are offered. */
export function Question({ leaf, readOnly, onLeaf }: LeafProps) {
  const text = useText();
  const fields = useFields();
  const field = fieldOf(fields, leaf.fact);
  return (
    <div className="dz-question-parts">
      <FactPicker
        label={text("condition.fact")}
        className="dz-question-fact"
        value={leaf.fact}
        invalid={field?.usableInRules !== true}
        readOnly={readOnly}
        onFact={(key) => {
          const next = fieldOf(fields, key);
          if (next !== undefined) onLeaf(field === undefined ? firstQuestion(next) : withField(leaf, field, next));
        }}
      />
      <OperatorSelect
        operator={leaf.operator}
        field={field}
        readOnly={readOnly}
        onOperator={(operator) => onLeaf(withOperator(leaf, operator, field))}
      />
      <OperandEditor leaf={leaf} field={field} readOnly={readOnly} onLeaf={onLeaf} />
    </div>
  );
}

/** How a fact may be compared, in the words of its type. */
export function OperatorSelect({
  operator,
  field,
  readOnly,
  onOperator,
}: {
  readonly operator: Operator;
  readonly field: Field | undefined;
  readonly readOnly: boolean;
  readonly onOperator: (operator: Operator) => void;
}) {
  const text = useText();
  const operators = field === undefined ? [operator] : operatorsFor(field.type);
  const listed = operators.includes(operator) ? operators : [operator, ...operators];
  const measured = operators.includes("greaterThan");
  const nameOf = (one: Operator): string =>
    measured && (one === "equal" || one === "notEqual") ? text(`operators.${one}-number`) : text(`operators.${one}`);
  return (
    <Select
      aria-label={text("condition.operator")}
      className="dz-question-operator"
      value={operator}
      disabled={readOnly}
      choices={listed.map((one) => ({ value: one, label: nameOf(one) }))}
      onValue={(next) => onOperator(next as Operator)}
    />
  );
}

/** What a fact is compared with: a value or several, a number of days, a pattern, or whether it is known at all. */
export function OperandEditor(props: LeafProps & { readonly field: Field | undefined }) {
  const { leaf, field, readOnly, onLeaf } = props;
  const text = useText();
  const label = text("condition.value");
  const single = typeof leaf.value === "object" ? (leaf.value[0] ?? "") : leaf.value;
  if (takesList(leaf.operator)) {
    return (
      <ScalarList
        label={label}
        kind={field}
        values={typeof leaf.value === "object" ? leaf.value : [leaf.value]}
        readOnly={readOnly}
        onValues={(value, gesture) => onLeaf({ ...leaf, value }, gesture)}
      />
    );
  }
  if (asksWhetherKnown(leaf.operator)) {
    return <YesNo label={label} value={single} readOnly={readOnly} onValue={(value) => onLeaf({ ...leaf, value })} />;
  }
  if (isRelativeDate(leaf.operator)) return <Days {...props} />;
  if (isPattern(leaf.operator)) return <Pattern {...props} />;
  return (
    <ScalarInput
      label={label}
      kind={field}
      value={single}
      readOnly={readOnly}
      onValue={(value, gesture) => onLeaf({ ...leaf, value }, gesture)}
    />
  );
}

function Days({ leaf, readOnly, onLeaf }: LeafProps) {
  const text = useText();
  return (
    <DaysInput
      days={Number(leaf.value)}
      label={text("condition.days")}
      minimum={0}
      maximum={RELATIVE_DAYS_MAX}
      problem={text("condition.days-problem", { maximum: RELATIVE_DAYS_MAX })}
      readOnly={readOnly}
      onDays={(days) => onLeaf({ ...leaf, value: days }, "typing")}
    />
  );
}

/** A pattern, with what RE2 says against it as one types. An unfinished one is stored: it is a problem, not a typing error. */
function Pattern({ leaf, readOnly, onLeaf }: LeafProps) {
  const text = useText();
  const pattern = String(leaf.value);
  const problem = patternProblem(pattern);
  return (
    <>
      <Input
        aria-label={text("condition.value")}
        aria-invalid={problem !== null}
        className="dz-code"
        spellCheck={false}
        maxLength={200}
        value={pattern}
        readOnly={readOnly}
        onChange={(event) => onLeaf({ ...leaf, value: event.target.value }, "typing")}
      />
      <p className="dz-hint dz-question-note" role="status" data-worst={problem === null ? undefined : "error"}>
        {problem === null ? text("condition.pattern-hint") : text("condition.pattern-problem", { reason: problem })}
      </p>
    </>
  );
}
