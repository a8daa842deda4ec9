"use client";

import { Plus, X } from "lucide-react";
import { useState } from "react";
import { type JsonValue, type ValueSpec, variablesOf } from "#engine";
import { IconButton } from "../../controls/icon-button";
import { FieldGroup, Input, TextButton } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import { ValueEditor } from "../value-editor";
import { firstLiteral } from "../value-model";
import { VariableSelect } from "../variable-select";
import { problemsAt, type WidgetProps } from "../widget";
import { ItemProblems, itemsOf } from "./items";

const UNKNOWN: ValueSpec = { literal: null };

export function ValueWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      <ValueEditor
        id={id}
        label={label}
        value={(value ?? UNKNOWN) as ValueSpec}
        types={field.factTypes}
        readOnly={readOnly}
        onValue={(next, gesture) => onValue(next as JsonValue, gesture)}
      />
    </FieldGroup>
  );
}

const ENTRY_NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** Names and where their values come from: what people are told, or what a strategy is given. */
export function ValueMapWidget({ id, label, value, field, view, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const values = (value ?? {}) as { readonly [name: string]: ValueSpec };
  const names = Object.keys(values);
  const offered = field.options?.filter((option) => !names.includes(option));
  const store = (next: { readonly [name: string]: ValueSpec }, gesture?: "typing"): boolean =>
    onValue(next as JsonValue, gesture);
  const nameOf = (name: string): string => view.definition?.texts[locale].options[name] ?? name;
  return (
    <FieldGroup id={id} label={label} problems={problems.filter((problem) => problem.path === "")}>
      <ul className="dz-entries">
        {names.map((name) => (
          <li key={name} className="dz-entry">
            <div className="dz-entry-head">
              <span className="dz-entry-name">{nameOf(name)}</span>
              {!readOnly && (
                <IconButton
                  label={text("values.remove-named", { name: nameOf(name) })}
                  onClick={() => {
                    const { [name]: _removed, ...rest } = values;
                    store(rest);
                  }}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              )}
            </div>
            <ValueEditor
              label={nameOf(name)}
              value={values[name] ?? UNKNOWN}
              types={field.factTypes}
              readOnly={readOnly}
              onValue={(next, gesture) => store({ ...values, [name]: next }, gesture)}
            />
            <ItemProblems problems={problemsAt(problems, `.${name}`)} />
          </li>
        ))}
      </ul>
      {!readOnly && (offered === undefined || offered.length > 0) && (
        <NewEntry
          taken={names}
          offered={offered?.map((name) => ({ name, label: nameOf(name) }))}
          onName={(name) => store({ ...values, [name]: firstLiteral(field.factTypes?.[0] ?? "text") })}
        />
      )}
    </FieldGroup>
  );
}

function NewEntry({
  taken,
  offered,
  onName,
}: {
  readonly taken: readonly string[];
  readonly offered: readonly { readonly name: string; readonly label: string }[] | undefined;
  readonly onName: (name: string) => boolean;
}) {
  const text = useText();
  const [name, setName] = useState("");
  const bad = name !== "" && (!ENTRY_NAME.test(name) || taken.includes(name));
  if (offered !== undefined) {
    return (
      <div className="dz-group-tools">
        {offered.map((one) => (
          <TextButton key={one.name} onClick={() => onName(one.name)}>
            <Plus size={13} aria-hidden />
            {one.label}
          </TextButton>
        ))}
      </div>
    );
  }
  const add = (): void => {
    if (!bad && name !== "" && onName(name)) setName("");
  };
  return (
    <div className="dz-new-entry">
      <Input
        className="dz-code"
        aria-label={text("values.add-named")}
        aria-invalid={bad}
        title={bad ? text("values.name-taken") : undefined}
        placeholder={text("values.add-named")}
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") add();
        }}
      />
      <IconButton label={text("values.add-named")} disabled={bad || name === ""} onClick={add}>
        <Plus size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

type Assigned = { readonly variable: string; readonly value: ValueSpec };

/** Variables and what they are set to, from top to bottom: a later line sees what an earlier one wrote. */
export function AssignmentsWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const settings = useDesigner((state) => state.doc.settings);
  const items = itemsOf<Assigned>(value);
  const store = (next: readonly Assigned[], gesture?: "typing"): boolean =>
    onValue(next as unknown as JsonValue, gesture);
  const declared = variablesOf(settings);
  return (
    <FieldGroup id={id} label={label} problems={problems.filter((problem) => problem.path === "")}>
      <ol className="dz-entries">
        {items.map((item, index) => {
          const variable = declared.find((one) => one.name === item.variable);
          return (
            // Lines have no names of their own; two may set the same variable.
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the line's place
            <li key={index} className="dz-entry">
              <div className="dz-entry-head">
                <VariableSelect
                  label={text("lists.to-variable")}
                  value={item.variable}
                  types={field.factTypes}
                  readOnly={readOnly}
                  onVariable={(name) => store(items.with(index, retyped(item, name, declared)))}
                />
                {!readOnly && (
                  <IconButton
                    label={text("lists.remove-assignment", { name: item.variable })}
                    onClick={() => store(items.toSpliced(index, 1))}
                  >
                    <X size={14} aria-hidden />
                  </IconButton>
                )}
              </div>
              <ValueEditor
                label={text("values.value")}
                value={item.value}
                types={variable === undefined ? undefined : [variable.type]}
                listed={variable?.values}
                readOnly={readOnly}
                onValue={(next, gesture) => store(items.with(index, { ...item, value: next }), gesture)}
              />
              <ItemProblems problems={problemsAt(problems, `[${index}]`)} />
            </li>
          );
        })}
      </ol>
      {!readOnly && items.length < (field.maximum ?? Number.MAX_SAFE_INTEGER) && (
        <TextButton onClick={() => store([...items, { variable: "", value: UNKNOWN }])}>
          <Plus size={13} aria-hidden />
          {text("lists.add-assignment")}
        </TextButton>
      )}
    </FieldGroup>
  );
}

/** The line with another variable; a value written for a variable of another type begins anew. */
function retyped(item: Assigned, name: string, declared: ReturnType<typeof variablesOf>): Assigned {
  const before = declared.find((one) => one.name === item.variable);
  const next = declared.find((one) => one.name === name);
  if (next === undefined || next.type === before?.type) return { ...item, variable: name };
  return { variable: name, value: firstLiteral(next.type, next.values) };
}
