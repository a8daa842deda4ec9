"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { MappedColumn } from "#engine/portfolio/intake/mapping";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Field, TextArea } from "../../../_ui/field";
import { parseValueLines, valueLines } from "./mapping-edit";

/** What the codes of a column mean, one per line; pasted from a data dictionary more often than typed. */
export function ValuesDialog({
  label,
  mapped,
  onChange,
  onClose,
}: {
  readonly label: string;
  readonly mapped: MappedColumn;
  readonly onChange: (changed: MappedColumn) => void;
  readonly onClose: () => void;
}) {
  const text = useTranslations("import");
  const [lines, setLines] = useState(valueLines(mapped.values));
  const apply = () => {
    const { values: _before, ...rest } = mapped;
    const values = parseValueLines(lines);
    onChange(values === undefined ? rest : { ...rest, values });
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={text("valuesOf", { field: label })}
      description={text("valuesNote")}
    >
      <div className="flex flex-col gap-4">
        <Field label={text("valuesLines")}>
          <TextArea rows={12} value={lines} spellCheck={false} onChange={(event) => setLines(event.target.value)} />
        </Field>
        <div className="flex justify-end">
          <Button look="primary" onClick={apply}>
            {text("apply")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
