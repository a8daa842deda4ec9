"use client";

import { ChevronDown, ChevronRight, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type FactType, inLocale, STRATEGY_LIMITS } from "#engine";
import { nextId } from "../commands/ids";
import {
  addVariable,
  removeVariable,
  renameVariable,
  type StrategyVariable,
  setVariable,
  variableNameProblem,
  variableUses,
} from "../commands/variables";
import { IconButton } from "../controls/icon-button";
import { TextButton } from "../controls/inputs";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import { DeclaredName, TypeSelect, ValuesEditor } from "./declared";
import { LocalTextField } from "./local-text-field";
import { ScalarInput } from "./scalar-input";
import { UsesList } from "./uses-list";
import { firstLiteral } from "./value-model";
import type { FieldProblem } from "./widget";
import { ItemProblems } from "./widgets/items";

const LABEL_MAX = 80;

/** A heading that opens what is declared below it. */
export function Declared({
  name,
  detail,
  problems,
  open,
  onOpen,
  children,
}: {
  readonly name: string;
  readonly detail: string;
  readonly problems: readonly FieldProblem[];
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly children: ReactNode;
}) {
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <li className="dz-declared" data-problem={problems.length > 0}>
      <button type="button" className="dz-declared-head" aria-expanded={open} onClick={() => onOpen(!open)}>
        <Chevron size={14} aria-hidden />
        <span className="dz-declared-name">{name}</span>
        <span className="dz-declared-detail">{detail}</span>
      </button>
      {open && <div className="dz-declared-body">{children}</div>}
      <ItemProblems problems={problems} />
    </li>
  );
}

/** What the strategy (or the one inside it that is open) remembers of an account. */
export function VariablesPanel({ problemsOf }: { readonly problemsOf: (index: number) => readonly FieldProblem[] }) {
  const text = useText();
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const readOnly = useDesigner((state) => state.readOnly);
  const variables = useDesigner((state) => state.doc.settings.variables);
  const [open, setOpen] = useState<string | null>(null);
  const add = (): void => {
    const { doc, dispatch } = store.getState();
    const taken = variables.map((variable) => variable.name.replaceAll("_", "-"));
    const name = nextId("value", taken).replaceAll("-", "_");
    if (dispatch(addVariable(doc, { name, type: "text", initial: null }))) setOpen(name);
  };
  return (
    <section className="dz-field">
      <h3 className="dz-field-label">{text("variables.title")}</h3>
      <p className="dz-hint">{variables.length === 0 ? text("variables.none") : text("variables.hint")}</p>
      <ul className="dz-declarations">
        {variables.map((variable, index) => (
          <Declared
            // The place, not the name: a rename must not close what is being edited.
            // biome-ignore lint/suspicious/noArrayIndexKey: variables are never reordered
            key={index}
            name={variable.label === undefined ? variable.name : inLocale(variable.label, locale)}
            detail={`${variable.label === undefined ? "" : `${variable.name} · `}${text(`types.${variable.type}`)}`}
            problems={problemsOf(index)}
            open={open === variable.name}
            onOpen={(next) => setOpen(next ? variable.name : null)}
          >
            <VariableForm variable={variable} onRenamed={setOpen} />
          </Declared>
        ))}
      </ul>
      {!readOnly && variables.length < STRATEGY_LIMITS.variables && (
        <TextButton onClick={add}>
          <Plus size={13} aria-hidden />
          {text("variables.add")}
        </TextButton>
      )}
    </section>
  );
}

function VariableForm({
  variable,
  onRenamed,
}: {
  readonly variable: StrategyVariable;
  readonly onRenamed: (name: string) => void;
}) {
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const whole = useDesigner((state) => state.whole);
  const opened = useDesigner((state) => state.opened);
  const uses = variableUses(whole, opened, variable.name);
  const set = (next: StrategyVariable, member?: string): boolean => {
    const burst = member === undefined ? undefined : `variable:${variable.name}:${member}`;
    return store.getState().dispatch(setVariable(store.getState().doc, next), burst);
  };
  const rename = (to: string): boolean => {
    const { whole: now, dispatchWhole } = store.getState();
    const done = dispatchWhole(
      renameVariable(now, opened, { from: variable.name, to }),
      `rename:${opened}:${whole.id}`,
    );
    if (done) onRenamed(to);
    return done;
  };
  const nameProblem = (typed: string): string | null => {
    const problem = variableNameProblem(store.getState().doc.settings.variables, typed);
    return problem === null ? null : text(`variables.problems.${problem}`);
  };
  return (
    <>
      <DeclaredName
        name={variable.name}
        label={text("variables.name")}
        readOnly={readOnly}
        problemOf={nameProblem}
        onName={rename}
      />
      <LocalTextField
        label={text("variables.label")}
        value={variable.label}
        placeholder={() => variable.name}
        maximum={LABEL_MAX}
        readOnly={readOnly}
        onValue={(label, locale) => {
          const { label: _before, ...rest } = variable;
          set(label === undefined ? rest : { ...rest, label }, `label:${locale}`);
        }}
      />
      <TypeSelect type={variable.type} readOnly={readOnly} onType={(type) => set(retyped(variable, type))} />
      {variable.type === "enum" && (
        <ValuesEditor
          values={variable.values ?? []}
          readOnly={readOnly}
          onValues={(values, gesture) =>
            set({ ...variable, values: [...values] }, gesture === undefined ? undefined : "values")
          }
        />
      )}
      <Initial
        variable={variable}
        readOnly={readOnly}
        onInitial={(initial, member) => set({ ...variable, initial }, member)}
      />
      <UsesList uses={uses} />
      {!readOnly && (
        <TextButton
          disabled={uses.length > 0}
          title={uses.length > 0 ? text("variables.in-use") : undefined}
          onClick={() => {
            const { whole: now, dispatchWhole } = store.getState();
            dispatchWhole(removeVariable(now, opened, variable.name));
          }}
        >
          <Trash2 size={13} aria-hidden />
          {text("variables.remove", { name: variable.name })}
        </TextButton>
      )}
    </>
  );
}

/** Another type has other values: what it held in the beginning is unknown again, and a list goes with the list's type. */
function retyped({ values: _values, ...rest }: StrategyVariable, type: FactType): StrategyVariable {
  return { ...rest, type, initial: null, ...(type === "enum" ? { values: [] } : {}) };
}

function Initial({
  variable,
  readOnly,
  onInitial,
}: {
  readonly variable: StrategyVariable;
  readonly readOnly: boolean;
  readonly onInitial: (initial: StrategyVariable["initial"], member?: string) => boolean;
}) {
  const text = useText();
  const { type, values, initial } = variable;
  const first = firstLiteral(type, values);
  return (
    <fieldset className="dz-field">
      <legend className="dz-field-label">{text("variables.initial")}</legend>
      <div className="dz-entry-head">
        {initial === null ? (
          <>
            <span className="dz-hint dz-grow">{text("variables.initial-unknown")}</span>
            {!readOnly && "literal" in first && (
              <TextButton onClick={() => onInitial(first.literal)}>{text("variables.initial-set")}</TextButton>
            )}
          </>
        ) : (
          <>
            <ScalarInput
              label={text("variables.initial")}
              kind={{ type, ...(values === undefined ? {} : { values }) }}
              value={initial}
              readOnly={readOnly}
              onValue={(next, gesture) => onInitial(next, gesture === undefined ? undefined : "initial")}
            />
            {!readOnly && (
              <IconButton label={text("variables.initial-unknown")} onClick={() => onInitial(null)}>
                <Trash2 size={14} aria-hidden />
              </IconButton>
            )}
          </>
        )}
      </div>
    </fieldset>
  );
}
