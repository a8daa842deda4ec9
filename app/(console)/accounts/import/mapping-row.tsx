"use client";

import { ListTree, Trash2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import type { Field, FieldCatalogue } from "#engine/model/facts";
import { inLocale } from "#engine/model/locale";
import { DATE_FORMATS, type DateFormat } from "#engine/portfolio/intake/dates";
import { type MappedColumn, UNITS, type Unit } from "#engine/portfolio/intake/mapping";
import { Badge, type Tone } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Select, TextInput } from "../../../_ui/field";
import { changedKind, SOURCE_KINDS, sourceKindOf, sourceOf, sourceTextOf } from "./mapping-edit";
import type { Preview } from "./use-import";
import { ValuesDialog } from "./values-dialog";

type Certainty = "recognised" | "confirm" | "manual";
const CERTAINTY_TONES = { recognised: "cured", confirm: "waiting", manual: "neutral" } satisfies Record<
  Certainty,
  Tone
>;

/** By title = sure; by another name or by the look of the values = to be confirmed; anything else was done by hand. */
function certaintyOf(mapped: MappedColumn, preview: Preview): Certainty {
  const suggestion = preview.suggestions.find((known) => known.field === mapped.field);
  const same = suggestion !== undefined && "column" in mapped.from && suggestion.column === mapped.from.column;
  if (!same) return "manual";
  return suggestion.confidence === "title" ? "recognised" : "confirm";
}

/** Units that mean something for a type of fact. */
function unitsFor(field: Field | undefined): readonly Unit[] {
  if (field?.type === "money") return ["yuan", "fen", "wan"];
  if (field?.type === "percent") return ["percent", "fraction"];
  if (field?.type === "integer" || field?.type === "number")
    return UNITS.filter((unit) => unit === "days" || unit === "months");
  return [];
}

type Props = {
  readonly mapped: MappedColumn;
  readonly field: FieldCatalogue[string] | undefined;
  readonly preview: Preview;
  readonly onChange: (changed: MappedColumn) => void;
  readonly onRemove: () => void;
};

/** One field: where it is read from, in which unit, what its codes mean. */
export function MappingRow({ mapped, field, preview, onChange, onRemove }: Props) {
  const text = useTranslations("import");
  const locale = useLocale();
  const [values, setValues] = useState(false);
  const label = field === undefined ? mapped.field : inLocale(field.label, locale);
  const certainty = certaintyOf(mapped, preview);
  const kind = sourceKindOf(mapped);
  const names = preview.columns.map((column) => column.name);
  const codes = Object.keys(mapped.values ?? {}).length;
  return (
    <li
      aria-label={label}
      className="grid grid-cols-[11rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-t border-line px-4 py-1.5 text-sm"
    >
      <div className="min-w-0">
        <span className="block truncate font-semibold" title={mapped.field}>
          {label}
        </span>
        <Badge tone={CERTAINTY_TONES[certainty]}>{text(certainty)}</Badge>
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <Select
          aria-label={text("sourceOf", { field: label })}
          className="w-24"
          value={kind}
          options={SOURCE_KINDS.map((known) => ({ value: known, label: text(`source.${known}`) }))}
          onValue={(next) => onChange(changedKind(mapped, next, names[0] ?? ""))}
        />
        <Source mapped={mapped} names={names} label={label} onChange={onChange} />
        <Reading mapped={mapped} field={field} label={label} onChange={onChange} />
      </div>
      <div className="flex items-center gap-1">
        <Button
          look="quiet"
          size="small"
          icon={<ListTree size={14} aria-hidden />}
          aria-label={text("valuesOf", { field: label })}
          onClick={() => setValues(true)}
        >
          {codes === 0 ? text("values") : text("valueCount", { count: codes })}
        </Button>
        <Button
          look="quiet"
          size="icon"
          aria-label={text("removeField", { field: label })}
          icon={<Trash2 size={15} aria-hidden />}
          onClick={onRemove}
        />
      </div>
      {values && <ValuesDialog label={label} mapped={mapped} onChange={onChange} onClose={() => setValues(false)} />}
    </li>
  );
}

function Source({
  mapped,
  names,
  label,
  onChange,
}: Pick<Props, "mapped" | "onChange"> & { readonly names: readonly string[]; readonly label: string }) {
  const text = useTranslations("import");
  const kind = sourceKindOf(mapped);
  const written = sourceTextOf(mapped);
  if (kind === "column") {
    const known = names.includes(written) ? names : [written, ...names];
    return (
      <Select
        aria-label={text("readFrom", { field: label })}
        className="min-w-40 flex-1"
        value={written}
        aria-invalid={!names.includes(written)}
        options={[...new Set(known)].map((name) => ({ value: name, label: name }))}
        onValue={(column) => onChange({ ...mapped, from: { column } })}
      />
    );
  }
  return (
    <TextInput
      aria-label={text("readFrom", { field: label })}
      className={`min-w-40 flex-1 ${kind === "expression" ? "font-mono text-xs" : ""}`}
      spellCheck={false}
      value={written}
      placeholder={kind === "expression" ? text("expressionHint") : text("constantHint")}
      onChange={(event) => onChange({ ...mapped, from: sourceOf(kind, event.target.value) })}
    />
  );
}

function Reading({
  mapped,
  field,
  label,
  onChange,
}: Pick<Props, "mapped" | "field" | "onChange"> & { readonly label: string }) {
  const text = useTranslations("import");
  const units = unitsFor(field);
  const { unit, dateFormat, ...plain } = mapped;
  return (
    <>
      {units.length > 0 && (
        <Select
          aria-label={text("unitOf", { field: label })}
          className="w-28"
          value={unit ?? ""}
          options={[
            { value: "", label: text("noUnit") },
            ...units.map((known) => ({ value: known, label: text(`unit.${known}`) })),
          ]}
          onValue={(chosen) =>
            onChange(
              chosen === "" ? { ...plain, ...(dateFormat && { dateFormat }) } : { ...mapped, unit: chosen as Unit },
            )
          }
        />
      )}
      {field?.type === "date" && (
        <Select
          aria-label={text("formatOf", { field: label })}
          className="w-36"
          value={dateFormat?.[0] ?? ""}
          options={[
            { value: "", label: text("anyDate") },
            ...DATE_FORMATS.map((format) => ({ value: format, label: format })),
          ]}
          onValue={(chosen) =>
            onChange(
              chosen === "" ? { ...plain, ...(unit && { unit }) } : { ...mapped, dateFormat: [chosen as DateFormat] },
            )
          }
        />
      )}
      <Select
        aria-label={text("unreadableOf", { field: label })}
        className="w-32"
        value={mapped.onUnmapped}
        options={[
          { value: "reject", label: text("rejectRow") },
          { value: "unknown", label: text("leaveUnknown") },
        ]}
        onValue={(onUnmapped) => onChange({ ...mapped, onUnmapped })}
      />
    </>
  );
}
