"use client";

import { Plus } from "lucide-react";
import type { Condition, JsonValue } from "#engine";
import { nextId } from "../../commands/ids";
import { FieldGroup, TextButton } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import { ConditionBuilder } from "../condition-builder";
import { problemsAt, type WidgetProps } from "../widget";
import { ItemProblems, ItemTools, itemsOf, movedBy, type Named, NameInput, renamed } from "./items";

export function ConditionWidget({ id, label, value, problems, readOnly, onValue }: WidgetProps) {
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      <ConditionBuilder
        id={id}
        condition={(value ?? null) as Condition | null}
        readOnly={readOnly}
        mayBeEmpty
        onCondition={(condition, gesture) => onValue(condition as JsonValue, gesture)}
      />
    </FieldGroup>
  );
}

type Rule = Named & { readonly when: Condition | null };

/** Ordered rules, each with its own way on. Their ids never change, so that reordering rewires nothing. */
export function RulesWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const rules = itemsOf<Rule>(value);
  const store = (next: readonly Rule[], gesture?: "typing"): boolean => onValue(next as unknown as JsonValue, gesture);
  const replace = (index: number, rule: Rule, gesture?: "typing"): boolean => store(rules.with(index, rule), gesture);
  return (
    <FieldGroup id={id} label={label} problems={problems.filter((problem) => problem.path === "")}>
      <ol className="dz-rules">
        {rules.map((rule, index) => (
          <li key={rule.id} className="dz-rule">
            <div className="dz-rule-head">
              <span className="dz-rule-number">{index + 1}</span>
              <NameInput
                item={rule}
                readOnly={readOnly}
                onItem={(typed) => replace(index, renamed(rule, locale, typed), "typing")}
              />
              {!readOnly && (
                <ItemTools
                  index={index}
                  count={rules.length}
                  removeLabel={text("form.remove-rule")}
                  onMove={(by) => store(movedBy(rules, index, by))}
                  onRemove={() => store(rules.toSpliced(index, 1))}
                />
              )}
            </div>
            <ConditionBuilder
              id={`${id}-${rule.id}`}
              condition={rule.when}
              readOnly={readOnly}
              mayBeEmpty
              onCondition={(when, gesture) => replace(index, { ...rule, when }, gesture)}
            />
            <ItemProblems problems={problemsAt(problems, `[${index}]`)} />
          </li>
        ))}
      </ol>
      {!readOnly && rules.length < (field.maximum ?? Number.MAX_SAFE_INTEGER) && (
        <TextButton
          onClick={() => {
            const taken = rules.map((rule) => rule.id);
            store([...rules, { id: nextId("rule", taken), when: null }]);
          }}
        >
          <Plus size={13} aria-hidden />
          {text("form.add-rule")}
        </TextButton>
      )}
    </FieldGroup>
  );
}
