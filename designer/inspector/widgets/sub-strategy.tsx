"use client";

import { FolderInput } from "lucide-react";
import { inLocale, type JsonValue, type ValueSpec, variablesOf } from "#engine";
import { exitsOf, NO_USE, type StrategyUse, strategyUseOf } from "../../commands/uses";
import type { StrategyVariable } from "../../commands/variables";
import { LabelledField, Select, TextButton } from "../../controls/inputs";
import { useDesigner, useDesignerContext, useText } from "../../store/context";
import { ValueEditor } from "../value-editor";
import { firstLiteral } from "../value-model";
import { problemsAt, type WidgetProps } from "../widget";
import { ItemProblems } from "./items";

/** Which strategy a step uses, and what goes in and comes out. Its exits are the step's ways on and follow by themselves. */
export function SubStrategyWidget(props: WidgetProps) {
  const { id, label, value, problems, readOnly, onValue } = props;
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const whole = useDesigner((state) => state.whole);
  const opened = useDesigner((state) => state.opened);
  const { store } = useDesignerContext();
  const use = strategyUseOf(value);
  const chosen = whole.strategies.find((strategy) => strategy.key === use.strategy);
  const offered = whole.strategies.filter((strategy) => strategy.key !== opened || strategy === chosen);
  const set = (next: StrategyUse, gesture?: "typing"): boolean => onValue(next as unknown as JsonValue, gesture);
  const lost = use.strategy === "" || chosen !== undefined ? [] : [{ value: use.strategy, label: use.strategy }];
  return (
    <>
      <LabelledField
        id={id}
        label={label}
        problems={problems.filter(({ path }) => !/^\.(inputs|outputs)\./.test(path))}
      >
        <Select
          id={id}
          value={use.strategy}
          disabled={readOnly}
          aria-invalid={problems.length > 0}
          aria-describedby={`${id}-problems`}
          choices={[
            { value: "", label: text("form.choose") },
            ...lost,
            ...offered.map((strategy) => ({ value: strategy.key, label: inLocale(strategy.name, locale) })),
          ]}
          onValue={(key) => set({ ...NO_USE, strategy: key, exits: exitsOf(whole, key) })}
        />
        {chosen !== undefined && (
          <TextButton onClick={() => store.getState().open(chosen.key)}>
            <FolderInput size={13} aria-hidden />
            {text("strategies.open", { name: inLocale(chosen.name, locale) })}
          </TextButton>
        )}
        {chosen !== undefined && use.exits.length === 0 && <p className="dz-hint">{text("strategies.no-exits")}</p>}
      </LabelledField>
      {chosen !== undefined && chosen.variables.length > 0 && (
        <>
          <Inputs use={use} variables={chosen.variables} set={set} {...props} />
          <Outputs use={use} variables={chosen.variables} set={set} {...props} />
        </>
      )}
    </>
  );
}

type CarriedProps = Pick<WidgetProps, "id" | "problems" | "readOnly"> & {
  readonly use: StrategyUse;
  readonly variables: readonly StrategyVariable[];
  readonly set: (use: StrategyUse, gesture?: "typing") => boolean;
};

function without<TValue>(
  record: { readonly [name: string]: TValue },
  name: string,
): { readonly [name: string]: TValue } {
  const { [name]: _removed, ...rest } = record;
  return rest;
}

/** What each variable inside holds in the beginning; its own initial value where nothing is said. */
function Inputs({ id, use, variables, problems, readOnly, set }: CarriedProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  return (
    <fieldset className="dz-field">
      <legend className="dz-field-label">{text("strategies.inputs")}</legend>
      <ul className="dz-entries">
        {variables.map((variable) => {
          const { name } = variable;
          const value: ValueSpec | undefined = use.inputs[name];
          return (
            <li key={name} className="dz-entry">
              <label className="dz-check" htmlFor={`${id}-in-${name}`}>
                <input
                  id={`${id}-in-${name}`}
                  type="checkbox"
                  checked={value !== undefined}
                  disabled={readOnly}
                  onChange={(event) => {
                    const first = firstLiteral(variable.type, variable.values);
                    const inputs = event.target.checked ? { ...use.inputs, [name]: first } : without(use.inputs, name);
                    set({ ...use, inputs });
                  }}
                />
                {variable.label === undefined ? name : inLocale(variable.label, locale)}
                {value === undefined && <span className="dz-hint">{text("strategies.input-none")}</span>}
              </label>
              {value !== undefined && (
                <ValueEditor
                  label={name}
                  value={value}
                  types={[variable.type]}
                  listed={variable.values}
                  readOnly={readOnly}
                  onValue={(next, gesture) => set({ ...use, inputs: { ...use.inputs, [name]: next } }, gesture)}
                />
              )}
              <ItemProblems problems={problemsAt(problems, `.inputs.${name}`)} />
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

/** Which variable here keeps what a variable inside holds on the way out. */
function Outputs({ id, use, variables, problems, readOnly, set }: CarriedProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const settings = useDesigner((state) => state.doc.settings);
  const outer = variablesOf(settings);
  return (
    <fieldset className="dz-field">
      <legend className="dz-field-label">{text("strategies.outputs")}</legend>
      <ul className="dz-entries">
        {variables.map((variable) => {
          const { name } = variable;
          const to = use.outputs[name] ?? "";
          const fitting = outer.filter((one) => one.type === variable.type || one.name === to);
          return (
            <li key={name} className="dz-way">
              <label className="dz-way-label" htmlFor={`${id}-out-${name}`}>
                {variable.label === undefined ? name : inLocale(variable.label, locale)}
              </label>
              <Select
                id={`${id}-out-${name}`}
                value={to}
                disabled={readOnly}
                choices={[
                  { value: "", label: text("strategies.output-none") },
                  ...(to === "" || fitting.some((one) => one.name === to) ? [] : [{ value: to, label: to }]),
                  ...fitting.map((one) => ({
                    value: one.name,
                    label: one.label === undefined ? one.name : inLocale(one.label, locale),
                  })),
                ]}
                onValue={(next) =>
                  set({
                    ...use,
                    outputs: next === "" ? without(use.outputs, name) : { ...use.outputs, [name]: next },
                  })
                }
              />
              <ItemProblems problems={problemsAt(problems, `.outputs.${name}`)} />
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
