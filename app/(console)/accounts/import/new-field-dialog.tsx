"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { FACT_TYPES, type FactType, type LenderField } from "#engine/model/facts";
import { LOCALES } from "#engine/model/locale";
import type { ImportMapping } from "#engine/portfolio/intake/mapping";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Field, Select, TextArea, TextInput } from "../../../_ui/field";
import { declareField, LENDER_PREFIX, lenderNameProblem, nameFromTitle, typeOfSample } from "./lender-field";
import { parseValueLines } from "./mapping-edit";
import type { Preview } from "./use-import";

const LABEL_MAX = 80;
const ALIAS_MAX = 60;
const VALUE_MAX = 40;
const VALUES_MAX = 60;

type Props = {
  readonly mapping: ImportMapping;
  readonly columns: Preview["columns"];
  /** Title of the column it is read from at first. */
  readonly column: string;
  readonly onMapping: (mapping: ImportMapping) => void;
  readonly onClose: () => void;
};

type Draft = {
  readonly column: string;
  readonly label: { readonly "zh-CN": string; readonly en: string };
  readonly name: string;
  readonly type: FactType;
  readonly values: string;
  readonly personal: boolean;
};

/** Declares a field of the lender's own and reads it from a column, in one go. It is kept with the mapping. */
export function NewFieldDialog({ mapping, columns, column, onMapping, onClose }: Props) {
  const text = useTranslations("import");
  const locale = useLocale();
  const draftOf = (title: string): Draft => ({
    column: title,
    label: { "zh-CN": "", en: "", [locale]: title.slice(0, LABEL_MAX) },
    name: nameFromTitle(mapping, title),
    type: typeOfSample(columns.find((known) => known.name === title)?.sample ?? []),
    values: "",
    personal: false,
  });
  const [draft, setDraft] = useState(() => draftOf(column));
  const set = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }));
  const problem = lenderNameProblem(mapping, draft.name);
  const values = draft.type === "enum" ? valuesOf(draft.values) : undefined;
  const labelled = LOCALES.some((known) => draft.label[known].trim() !== "");
  const complete = problem === null && labelled && (values === undefined || values.length > 0);
  const sample = columns.find((known) => known.name === draft.column)?.sample ?? [];
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={text("newField")}
      description={text("newFieldNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!complete) return;
          onMapping(declareField(mapping, fieldOfDraft(draft, values), draft.column));
          onClose();
        }}
      >
        <Field label={text("fromColumn")} hint={sample.join(" · ") || text("noSample")}>
          <Select
            value={draft.column}
            options={columns.filter(({ name }) => name !== "").map(({ name }) => ({ value: name, label: name }))}
            onValue={(title) => setDraft(draftOf(title))}
          />
        </Field>
        <div className="grid grid-cols-2 gap-3">
          {LOCALES.map((known) => (
            <Field key={known} label={text(`fieldLabel.${known}`)}>
              <TextInput
                value={draft.label[known]}
                maxLength={LABEL_MAX}
                onChange={(event) => set({ label: { ...draft.label, [known]: event.target.value } })}
              />
            </Field>
          ))}
          <Field
            label={text("fieldName")}
            hint={text("fieldNameHint")}
            error={problem && text(`nameProblem.${problem}`)}
          >
            <TextInput
              className="w-full font-mono text-xs"
              spellCheck={false}
              value={draft.name}
              aria-invalid={problem !== null}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <Field label={text("fieldType")}>
            <Select
              value={draft.type}
              options={FACT_TYPES.map((type) => ({ value: type, label: text(`type.${type}`) }))}
              onValue={(type) => set({ type })}
            />
          </Field>
        </div>
        {draft.type === "enum" && (
          <Field label={text("fieldValues")} hint={text("fieldValuesHint")}>
            <TextArea
              rows={4}
              spellCheck={false}
              value={draft.values}
              onChange={(event) => set({ values: event.target.value })}
            />
          </Field>
        )}
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={draft.personal}
            onChange={(event) => set({ personal: event.target.checked })}
          />
          {text("fieldPersonal")}
        </label>
        <div className="flex justify-end">
          <Button look="primary" type="submit" disabled={!complete}>
            {text("addNewField")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Lines `code = name`, or codes alone. */
function valuesOf(lines: string): NonNullable<LenderField["values"]> {
  const written = lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => (line.includes("=") ? line : `${line} = ${line}`));
  return Object.entries(parseValueLines(written.join("\n")) ?? {})
    .slice(0, VALUES_MAX)
    .map(([value, name]) => ({
      value: value.slice(0, VALUE_MAX),
      label: { "zh-CN": String(name ?? value), en: String(name ?? value) },
    }));
}

function fieldOfDraft(draft: Draft, values: LenderField["values"]): LenderField {
  const labels = LOCALES.map((known): [string, string] => [known, draft.label[known].trim()]);
  return {
    key: LENDER_PREFIX + draft.name,
    type: draft.type,
    label: Object.fromEntries(labels.filter(([, label]) => label !== "")),
    // The same file is recognised next time, and by strategies that declare the field.
    aliases: [draft.column.slice(0, ALIAS_MAX)],
    origin: "column",
    usableInRules: !draft.personal,
    personal: draft.personal,
    required: false,
    ...(values === undefined ? {} : { values }),
  };
}
