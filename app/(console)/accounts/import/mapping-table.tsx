"use client";

import { Plus } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { type Field, type FieldCatalogue, LENDER_FIELDS_MAX } from "#engine/model/facts";
import { inLocale } from "#engine/model/locale";
import type { ImportMapping } from "#engine/portfolio/intake/mapping";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Select } from "../../../_ui/field";
import { Panel } from "../../../_ui/panel";
import { addField, removeField, replaceField } from "./mapping-edit";
import { MappingRow } from "./mapping-row";
import { NewFieldDialog } from "./new-field-dialog";
import type { Preview } from "./use-import";

/** No key of a field: what the list of fields offers beside them. */
const NEW_FIELD = "new";

type Props = {
  readonly mapping: ImportMapping;
  readonly preview: Preview;
  readonly fields: FieldCatalogue;
  readonly onChange: (mapping: ImportMapping) => void;
  readonly aside: ReactNode;
};

/** Which field is read from where. Required fields that nobody mapped stand first, in red. */
export function MappingTable({ mapping, preview, fields, onChange, aside }: Props) {
  const text = useTranslations("import");
  const locale = useLocale();
  const [newFrom, setNewFrom] = useState<string | null>(null);
  const mapped = new Set(mapping.columns.map((column) => column.field));
  const missing = Object.values(fields).filter((field) => field.required && !mapped.has(field.key));
  const free = Object.values(fields).filter((field) => !mapped.has(field.key));
  const unused = preview.columns.filter((column) => column.fields.length === 0 && column.name !== "");
  const firstColumn = unused[0]?.name ?? preview.columns[0]?.name ?? "";
  const add = (field: string, column: string) => onChange(addField(mapping, field, { column, fields }));
  const mayDeclare = firstColumn !== "" && (mapping.fields?.length ?? 0) < LENDER_FIELDS_MAX;
  const labelOf = (field: Field) => inLocale(field.label, locale);
  return (
    <Panel title={text("mapping")} note={text("mappingNote", { count: mapping.columns.length })} aside={aside} flush>
      {missing.map((field) => (
        <div
          key={field.key}
          className="flex flex-wrap items-center gap-3 border-t border-line bg-breach-soft px-4 py-2 text-sm"
        >
          <Badge tone="breach">{text("required")}</Badge>
          <span className="font-semibold">{labelOf(field)}</span>
          <span className="text-muted">{text("notMapped")}</span>
          <ColumnPicker
            label={text("readFrom", { field: labelOf(field) })}
            names={preview.columns.map((column) => column.name)}
            onPick={(column) => add(field.key, column)}
          />
        </div>
      ))}
      <ul>
        {mapping.columns.map((column) => (
          <MappingRow
            key={column.field}
            mapped={column}
            field={fields[column.field]}
            preview={preview}
            onChange={(changed) => onChange(replaceField(mapping, changed))}
            onRemove={() => onChange(removeField(mapping, column.field))}
          />
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-3">
        <Plus size={15} className="text-muted" aria-hidden />
        <Select
          aria-label={text("addField")}
          className="w-64"
          value=""
          options={[
            { value: "", label: text("addField") },
            ...free.map((field) => ({ value: field.key, label: `${labelOf(field)} (${field.key})` })),
          ]}
          onValue={(field) => {
            if (field !== "") add(field, firstColumn);
          }}
        />
        {mayDeclare && (
          <Button size="small" onClick={() => setNewFrom(firstColumn)}>
            {text("newField")}
          </Button>
        )}
      </div>
      {unused.length > 0 && (
        <UnusedColumns
          unused={unused}
          free={free}
          labelOf={labelOf}
          onAdd={add}
          onNew={mayDeclare ? setNewFrom : undefined}
        />
      )}
      {newFrom !== null && (
        <NewFieldDialog
          mapping={mapping}
          columns={preview.columns}
          column={newFrom}
          onMapping={onChange}
          onClose={() => setNewFrom(null)}
        />
      )}
    </Panel>
  );
}

function ColumnPicker({
  label,
  names,
  onPick,
}: {
  readonly label: string;
  readonly names: readonly string[];
  readonly onPick: (column: string) => void;
}) {
  return (
    <Select
      aria-label={label}
      className="ml-auto w-56"
      value=""
      options={[{ value: "", label }, ...names.map((name) => ({ value: name, label: name }))]}
      onValue={(column) => {
        if (column !== "") onPick(column);
      }}
    />
  );
}

/** Columns nobody reads, with what is in them: some of them hold a fact worth having. */
function UnusedColumns({
  unused,
  free,
  labelOf,
  onAdd,
  onNew,
}: {
  readonly unused: Preview["columns"];
  readonly free: readonly Field[];
  readonly labelOf: (field: Field) => string;
  readonly onAdd: (field: string, column: string) => void;
  /** Declares a field of the lender's own for a column; undefined = there are as many as there may be. */
  readonly onNew: ((column: string) => void) | undefined;
}) {
  const text = useTranslations("import");
  return (
    <details className="border-t border-line">
      <summary className="px-4 py-2.5 text-sm text-muted hover:text-ink">
        {text("unusedColumns", { count: unused.length })}
      </summary>
      <ul className="max-h-80 overflow-y-auto">
        {unused.map((column) => (
          <li key={column.index} className="flex items-center gap-3 border-t border-line/60 px-4 py-1.5 text-sm">
            <span className="w-44 truncate font-semibold" title={column.name}>
              {column.name}
            </span>
            <span className="figures min-w-0 flex-1 truncate text-xs text-muted">{column.sample.join(" · ")}</span>
            <Select
              aria-label={text("useFor", { column: column.name })}
              className="w-52"
              value=""
              options={[
                { value: "", label: text("notUsed") },
                ...(onNew === undefined ? [] : [{ value: NEW_FIELD, label: text("newField") }]),
                ...free.map((field) => ({ value: field.key, label: labelOf(field) })),
              ]}
              onValue={(field) => {
                if (field === NEW_FIELD) onNew?.(column.name);
                else if (field !== "") onAdd(field, column.name);
              }}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
