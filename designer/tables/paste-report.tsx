"use client";

import { X } from "lucide-react";
import { IconButton } from "../controls/icon-button";
import { useDesigner, useFields, useText } from "../store/context";
import type { PasteProblem } from "./block";
import { columnName } from "./cell-text";
import type { Place } from "./grid-keys";
import type { GridColumn } from "./table-model";
import type { PasteReport as Report } from "./use-grid-clipboard";

/** Longest stretch of a refused cell that is quoted. */
const QUOTED_MAX = 30;

/** What a paste did, and each cell it could not read with its place: a click goes there. */
export function PasteReport({
  report,
  columns,
  onPlace,
  onClose,
}: {
  readonly report: Report;
  readonly columns: readonly GridColumn[];
  readonly onPlace: (place: Place) => void;
  readonly onClose: () => void;
}) {
  const text = useText();
  const fields = useFields();
  const locale = useDesigner((state) => state.locale);
  const { block, problems, more, added } = report;
  const nameAt = (column: number): string => {
    const found = columns[column];
    return found === undefined ? "" : columnName(found, { fields, locale });
  };
  const sentence = (problem: PasteProblem): string => {
    if (!("row" in problem)) return text(`tables.paste.${problem.code}`, { count: problem.count });
    const quoted = problem.text.length > QUOTED_MAX ? `${problem.text.slice(0, QUOTED_MAX)}…` : problem.text;
    const why = text(`tables.entry.${problem.code}`, { text: quoted });
    return text("tables.paste.at", { row: problem.row + 1, column: nameAt(problem.column), why });
  };
  return (
    <div className="dz-paste-report" data-worst={problems.length > 0 ? "error" : undefined}>
      <p role="status">
        {text("tables.paste.done", { rows: block.bottom - block.top + 1, columns: block.right - block.left + 1 })}
        {added > 0 && ` · ${text("tables.paste.added", { count: added })}`}
        {problems.length > 0 && ` · ${text("tables.paste.refused", { count: problems.length + more })}`}
        <IconButton label={text("tables.paste.close")} onClick={onClose}>
          <X size={13} aria-hidden />
        </IconButton>
      </p>
      {problems.length > 0 && (
        <ul>
          {problems.map((problem) => (
            <li key={"row" in problem ? `${problem.row}:${problem.column}` : problem.code}>
              {"row" in problem ? (
                <button type="button" onClick={() => onPlace({ row: problem.row, column: problem.column })}>
                  {sentence(problem)}
                </button>
              ) : (
                sentence(problem)
              )}
            </li>
          ))}
          {more > 0 && <li className="dz-hint">{text("problems.more", { count: more })}</li>}
        </ul>
      )}
    </div>
  );
}
