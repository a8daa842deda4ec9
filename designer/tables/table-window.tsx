"use client";

import { Plus, X } from "lucide-react";
import { useEffect, useState } from "react";
import { inLocale } from "#engine";
import { IconButton } from "../controls/icon-button";
import { Input, TextButton } from "../controls/inputs";
import { FactPicker } from "../inspector/fact-picker";
import type { FieldProblem } from "../inspector/widget";
import { renamed } from "../inspector/widgets/items";
import type { RowHits } from "../store/accounts";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import { TableGrid } from "./table-grid";
import {
  addInput,
  addOutput,
  addRow,
  addWay,
  type ChangeTable,
  removeWay,
  rowsWithWay,
  setWay,
  type Table,
} from "./table-model";

type TableProps = { readonly table: Table; readonly readOnly: boolean; readonly change: ChangeTable };

/** Problems told above the grid before the rest is counted; each row also carries its own. */
const SHOWN_MAX = 6;

/** A decision table with everything it takes to build one: the grid, further columns and rows, and the ways on rows may choose. */
export function TableEditor({
  nodeId,
  table,
  problems,
  readOnly,
  change,
}: TableProps & { readonly nodeId: string; readonly problems: readonly FieldProblem[] }) {
  const text = useText();
  const hits = useHits(nodeId);
  const hasWays = table.outputs.some((column) => column.kind === "handle");
  return (
    <div className="dz-table-editor">
      {!readOnly && <Tools table={table} readOnly={readOnly} change={change} />}
      {problems.length > 0 && (
        <ul className="dz-field-problems dz-table-problems">
          {problems.slice(0, SHOWN_MAX).map((problem) => (
            <li key={`${problem.path} ${problem.text}`} data-worst={problem.severity} title={problem.text}>
              {problem.text}
            </li>
          ))}
          {problems.length > SHOWN_MAX && (
            <li className="dz-hint">{text("problems.more", { count: problems.length - SHOWN_MAX })}</li>
          )}
        </ul>
      )}
      <TableGrid table={table} problems={problems} readOnly={readOnly} change={change} hits={hits?.rows} />
      {(hasWays || table.ways.length > 0) && <Ways table={table} readOnly={readOnly} change={change} />}
      {hits !== null && <p className="dz-hint">{text("tables.hits-of", { version: hits.version })}</p>}
      <p className="dz-hint">{text("tables.keys")}</p>
    </div>
  );
}

/** How often each row has decided in the version that was published last; null where nothing is known, as inside another strategy. */
function useHits(nodeId: string): RowHits | null {
  const { accounts } = useDesignerContext();
  const opened = useDesigner((state) => state.opened);
  const [hits, setHits] = useState<RowHits | null>(null);
  useEffect(() => {
    let current = true;
    // What is known beside the table is worth a look, not an error.
    if (opened === null)
      accounts?.rowHits(nodeId).then(
        (known) => current && setHits(known),
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [accounts, nodeId, opened]);
  return hits;
}

function Tools({ table, change }: TableProps) {
  const text = useText();
  const hasWay = table.outputs.some((column) => column.kind === "handle");
  return (
    <div className="dz-table-tools">
      <TextButton onClick={() => change(addRow(table, table.rows.length))}>
        <Plus size={13} aria-hidden />
        {text("tables.add-row")}
      </TextButton>
      <span className="dz-table-tool-group">
        <FactPicker
          label={text("tables.add-input")}
          value=""
          readOnly={false}
          trigger={
            <>
              <Plus size={13} aria-hidden />
              {text("tables.add-input")}
            </>
          }
          onFact={(fact) => change(addInput(table, fact))}
        />
        <TextButton onClick={() => change(addInput(table, null))}>
          <Plus size={13} aria-hidden />
          {text("tables.add-condition")}
        </TextButton>
      </span>
      <span className="dz-table-tool-group">
        <TextButton onClick={() => change(addOutput(table, "variable"))}>
          <Plus size={13} aria-hidden />
          {text("tables.add-output")} · {text("tables.add-variable")}
        </TextButton>
        {!hasWay && (
          <TextButton onClick={() => change(addOutput(table, "handle"))}>
            <Plus size={13} aria-hidden />
            {text("tables.add-output")} · {text("tables.add-way")}
          </TextButton>
        )}
      </span>
    </div>
  );
}

function Ways({ table, readOnly, change }: TableProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  return (
    <section className="dz-table-ways" aria-label={text("tables.ways")}>
      <h3 title={text("tables.ways-hint")}>{text("tables.ways")}</h3>
      <ul>
        {table.ways.map((way) => {
          const name = way.name === undefined ? way.id : inLocale(way.name, locale);
          return (
            <li key={way.id}>
              <Input
                aria-label={text("form.item-name", { id: way.id })}
                placeholder={name}
                maxLength={80}
                value={way.name?.[locale] ?? ""}
                readOnly={readOnly}
                onChange={(event) => change(setWay(table, renamed(way, locale, event.target.value)), "typing")}
              />
              {!readOnly && (
                <IconButton
                  label={text("tables.remove-way", { name, count: rowsWithWay(table, way.id) })}
                  onClick={() => change(removeWay(table, way.id))}
                >
                  <X size={13} aria-hidden />
                </IconButton>
              )}
            </li>
          );
        })}
        {!readOnly && (
          <li>
            <TextButton onClick={() => change(addWay(table))}>
              <Plus size={13} aria-hidden />
              {text("tables.add-way-on")}
            </TextButton>
          </li>
        )}
      </ul>
    </section>
  );
}
