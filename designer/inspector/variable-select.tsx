"use client";

import { useId, useState } from "react";
import { FACT_TYPES, type FactType, inLocale, variablesOf } from "#engine";
import { addVariable, variableNameProblem } from "../commands/variables";
import { Input, Select, TextButton } from "../controls/inputs";
import { useDesigner, useDesignerContext, useText } from "../store/context";

/** Not a name: names hold no space. */
const DECLARE = "declare new";

export type VariableSelectProps = {
  readonly id?: string | undefined;
  readonly label: string;
  readonly value: string;
  readonly types?: readonly FactType[] | undefined;
  /** What choosing none says; without it one must be chosen. */
  readonly none?: string;
  readonly readOnly: boolean;
  readonly invalid?: boolean;
  readonly onVariable: (name: string) => void;
};

/** A variable of the strategy; a new one can be declared without leaving the step. */
export function VariableSelect({ id, label, value, types, none, readOnly, invalid, onVariable }: VariableSelectProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const settings = useDesigner((state) => state.doc.settings);
  const [declaring, setDeclaring] = useState(false);
  const offered = variablesOf(settings).filter((one) => types === undefined || types.includes(one.type));
  const names = offered.map((one) => ({
    value: one.name,
    label: one.label === undefined ? one.name : `${inLocale(one.label, locale)} (${one.name})`,
  }));
  const isKnown = value === "" || offered.some((one) => one.name === value);
  return (
    <>
      <Select
        id={id}
        aria-label={label}
        aria-invalid={invalid === true || !isKnown}
        value={declaring ? DECLARE : value}
        disabled={readOnly}
        choices={[
          ...(none !== undefined || value === "" ? [{ value: "", label: none ?? text("form.choose") }] : []),
          ...(isKnown ? [] : [{ value, label: value }]),
          ...names,
          ...(readOnly ? [] : [{ value: DECLARE, label: text("variables.declare") }]),
        ]}
        onValue={(next) => {
          setDeclaring(next === DECLARE);
          if (next !== DECLARE) onVariable(next);
        }}
      />
      {declaring && (
        <Declaration
          types={types ?? FACT_TYPES}
          onDone={(name) => {
            setDeclaring(false);
            if (name !== null) onVariable(name);
          }}
        />
      )}
    </>
  );
}

/** Name and type of a variable that is not there yet. Enter declares it, Escape gives it up. */
function Declaration({
  types,
  onDone,
}: {
  readonly types: readonly FactType[];
  readonly onDone: (name: string | null) => void;
}) {
  const id = useId();
  const text = useText();
  const { store } = useDesignerContext();
  const declared = useDesigner((state) => state.doc.settings.variables);
  const [name, setName] = useState("");
  const [type, setType] = useState<FactType>(types[0] ?? "text");
  const problem = name === "" ? null : variableNameProblem(declared, name);
  const declare = (): void => {
    const { doc, dispatch } = store.getState();
    if (dispatch(addVariable(doc, { name, type, initial: null }))) onDone(name);
  };
  return (
    // Enter and Escape belong to the whole little form, whichever of its controls has the focus.
    <fieldset
      className="dz-declaration"
      aria-label={text("variables.declare")}
      onKeyDown={(event) => {
        if (event.key === "Enter" && problem === null && name !== "") declare();
        else if (event.key !== "Escape") return;
        else onDone(null);
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Input
        autoFocus
        className="dz-code"
        aria-label={text("variables.new-name")}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        placeholder={text("variables.new-name")}
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {types.length > 1 && (
        <Select
          aria-label={text("variables.type")}
          value={type}
          choices={types.map((one) => ({ value: one, label: text(`types.${one}`) }))}
          onValue={(next) => setType(next as FactType)}
        />
      )}
      <span className="dz-declaration-tools">
        <TextButton disabled={problem !== null || name === ""} onClick={declare}>
          {text("variables.declare-done")}
        </TextButton>
        <TextButton onClick={() => onDone(null)}>{text("variables.declare-cancel")}</TextButton>
      </span>
      <p id={`${id}-problem`} className="dz-field-problems" data-worst="error" role="status">
        {problem === null ? null : text(`variables.problems.${problem}`)}
      </p>
    </fieldset>
  );
}
