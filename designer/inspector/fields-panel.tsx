"use client";

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type FactType, type Field, inLocale, STRATEGY_LIMITS } from "#engine";
import { nextId } from "../commands/ids";
import {
  fieldKey,
  fieldNameProblem,
  fieldUses,
  nameOfField,
  removeField,
  renameField,
  setField,
} from "../commands/variables";
import { Input, LabelledField, TextButton } from "../controls/inputs";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import { DeclaredName, TypeSelect, ValuesEditor } from "./declared";
import { LocalTextField } from "./local-text-field";
import { useDraft } from "./use-draft";
import { UsesList } from "./uses-list";
import { Declared } from "./variables-panel";
import type { FieldProblem } from "./widget";

const LABEL_MAX = 80;
const ALIAS_MAX = 60;
const ALIASES_MAX = 40;

/** Columns of the lender's files beyond the market's fields. */
export function FieldsPanel({ problemsOf }: { readonly problemsOf: (index: number) => readonly FieldProblem[] }) {
  const text = useText();
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const readOnly = useDesigner((state) => state.readOnly);
  const fields = useDesigner((state) => state.doc.settings.fields);
  const [open, setOpen] = useState<string | null>(null);
  const add = (): void => {
    const { doc, dispatch } = store.getState();
    const taken = fields.map(({ key }) => nameOfField(key).replaceAll("_", "-"));
    const name = nextId("field", taken).replaceAll("-", "_");
    const field: Field = {
      key: fieldKey(name),
      type: "text",
      label: { "zh-CN": name, en: name },
      aliases: [],
      origin: "column",
      usableInRules: true,
      personal: false,
      required: false,
    };
    if (dispatch(setField(doc, field))) setOpen(field.key);
  };
  return (
    <section className="dz-field">
      <h3 className="dz-field-label">{text("fields.title")}</h3>
      <p className="dz-hint">{fields.length === 0 ? text("fields.none") : text("fields.hint")}</p>
      <ul className="dz-declarations">
        {fields.map((field, index) => (
          <Declared
            // The place, not the key: a rename must not close what is being edited.
            // biome-ignore lint/suspicious/noArrayIndexKey: fields are never reordered
            key={index}
            name={inLocale(field.label, locale)}
            detail={`${field.key} · ${text(`types.${field.type}`)}`}
            problems={problemsOf(index)}
            open={open === field.key}
            onOpen={(next) => setOpen(next ? field.key : null)}
          >
            <FieldForm field={field} onRenamed={setOpen} />
          </Declared>
        ))}
      </ul>
      {!readOnly && fields.length < STRATEGY_LIMITS.fields && (
        <TextButton onClick={add}>
          <Plus size={13} aria-hidden />
          {text("fields.add")}
        </TextButton>
      )}
    </section>
  );
}

function FieldForm({ field, onRenamed }: { readonly field: Field; readonly onRenamed: (key: string) => void }) {
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const whole = useDesigner((state) => state.whole);
  const uses = fieldUses(whole, field.key);
  const set = (next: Field, member?: string): boolean => {
    const burst = member === undefined ? undefined : `field:${field.key}:${member}`;
    return store.getState().dispatch(setField(store.getState().doc, next), burst);
  };
  const rename = (name: string): boolean => {
    const { whole: now, dispatchWhole } = store.getState();
    const done = dispatchWhole(renameField(now, { from: field.key, to: fieldKey(name) }), `rename-field:${now.id}`);
    if (done) onRenamed(fieldKey(name));
    return done;
  };
  return (
    <>
      <DeclaredName
        name={nameOfField(field.key)}
        label={text("fields.name")}
        readOnly={readOnly}
        problemOf={(typed) => {
          const problem = fieldNameProblem(store.getState().doc, typed);
          return problem === null ? null : text(`variables.problems.${problem}`);
        }}
        onName={rename}
      />
      <LocalTextField
        label={text("variables.label")}
        value={field.label}
        maximum={LABEL_MAX}
        readOnly={readOnly}
        onValue={(label, locale) => {
          // A field without any name could not be chosen; the last one stays.
          if (label !== undefined) set({ ...field, label }, `label:${locale}`);
        }}
      />
      <TypeSelect type={field.type} readOnly={readOnly} onType={(type) => set(retyped(field, type))} />
      {field.type === "enum" && (
        <ValuesEditor
          values={field.values ?? []}
          readOnly={readOnly}
          onValues={(values, gesture) => set({ ...field, values: [...values] }, gesture && "values")}
        />
      )}
      <Aliases field={field} readOnly={readOnly} onField={(next) => set(next, "aliases")} />
      <div>
        <Flag
          label={text("fields.personal")}
          on={field.personal}
          readOnly={readOnly}
          // Personal data may be imported, but nothing may be decided on it.
          onFlag={(personal) => set({ ...field, personal, usableInRules: !personal && field.usableInRules })}
        />
        <Flag
          label={text("fields.usable")}
          on={field.usableInRules}
          readOnly={readOnly || field.personal}
          onFlag={(usableInRules) => set({ ...field, usableInRules })}
        />
      </div>
      <UsesList uses={uses} />
      {!readOnly && (
        <TextButton
          disabled={uses.length > 0}
          title={uses.length > 0 ? text("variables.in-use") : undefined}
          onClick={() => store.getState().dispatchWhole(removeField(store.getState().whole, field.key))}
        >
          <Trash2 size={13} aria-hidden />
          {text("fields.remove", { name: nameOfField(field.key) })}
        </TextButton>
      )}
    </>
  );
}

function retyped({ values: _values, ...rest }: Field, type: FactType): Field {
  return { ...rest, type, ...(type === "enum" ? { values: [] } : {}) };
}

function Flag({
  label,
  on,
  readOnly,
  onFlag,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly readOnly: boolean;
  readonly onFlag: (on: boolean) => void;
}) {
  return (
    <label className="dz-check dz-flag">
      <input type="checkbox" checked={on} disabled={readOnly} onChange={(event) => onFlag(event.target.checked)} />
      {label}
    </label>
  );
}

/** What the column is called in files. */
function Aliases({
  field,
  readOnly,
  onField,
}: {
  readonly field: Field;
  readonly readOnly: boolean;
  readonly onField: (field: Field) => boolean;
}) {
  const text = useText();
  const id = `aliases-${field.key}`;
  const draft = useDraft(field.aliases.join(", "), (typed) => {
    const aliases = typed
      .split(/[,，、;；]/)
      .map((alias) => alias.trim())
      .filter((alias) => alias !== "");
    const fits = aliases.length <= ALIASES_MAX && aliases.every((alias) => alias.length <= ALIAS_MAX);
    return fits && onField({ ...field, aliases })
      ? { ok: true, reads: aliases.join(", ") }
      : { ok: false, problem: text("form.not-accepted") };
  });
  return (
    <LabelledField id={id} label={text("fields.aliases")} hint={text("fields.aliases-hint")}>
      <Input
        id={id}
        value={draft.value}
        readOnly={readOnly}
        aria-invalid={draft.problem !== null}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
    </LabelledField>
  );
}
