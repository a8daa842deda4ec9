"use client";

import { Plus, X } from "lucide-react";
import { fieldOf, inLocale } from "#engine";
import { IconButton } from "../../controls/icon-button";
import { FieldGroup, LabelledField } from "../../controls/inputs";
import { useDesigner, useFields, useText } from "../../store/context";
import { FactPicker } from "../fact-picker";
import { VariableSelect } from "../variable-select";
import type { WidgetProps } from "../widget";

export function FactWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  return (
    <LabelledField id={id} label={label} problems={problems}>
      <FactPicker
        id={id}
        label={label}
        value={typeof value === "string" ? value : ""}
        types={field.factTypes}
        readOnly={readOnly}
        invalid={problems.length > 0}
        onFact={(fact) => onValue(fact)}
      />
    </LabelledField>
  );
}

/** Several facts, in the order they were chosen. */
export function FactsWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const chosen = (Array.isArray(value) ? value : []).filter((fact) => typeof fact === "string");
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      {chosen.length === 0 && <p className="dz-hint">{text("facts.none")}</p>}
      <ul className="dz-tags">
        {chosen.map((fact, index) => {
          const known = fieldOf(fields, fact);
          const name = known === undefined ? fact : inLocale(known.label, locale);
          return (
            <li key={fact} className="dz-tag" data-unknown={known === undefined}>
              <span title={fact}>{name}</span>
              {!readOnly && (
                <IconButton label={text("facts.remove", { name })} onClick={() => onValue(chosen.toSpliced(index, 1))}>
                  <X size={12} aria-hidden />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      {!readOnly && chosen.length < (field.maximum ?? Number.MAX_SAFE_INTEGER) && (
        <FactPicker
          label={`${label}: ${text("facts.add")}`}
          value=""
          types={field.factTypes}
          without={chosen}
          readOnly={false}
          trigger={
            <>
              <Plus size={13} aria-hidden />
              {text("facts.add")}
            </>
          }
          onFact={(fact) => onValue([...chosen, fact])}
        />
      )}
    </FieldGroup>
  );
}

export function VariableWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  return (
    <LabelledField id={id} label={label} problems={problems}>
      <VariableSelect
        id={id}
        label={label}
        value={typeof value === "string" ? value : ""}
        types={field.factTypes}
        none={text("variables.none-choice")}
        readOnly={readOnly}
        invalid={problems.length > 0}
        onVariable={(name) => onValue(name)}
      />
    </LabelledField>
  );
}
