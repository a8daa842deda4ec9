import { type ClipboardEvent, useRef, useState } from "react";
import { type Block, type CopiedBlock, clearBlock, copiedOf, type Pasted, pasteBlock, textsOf } from "./block";
import type { cellText } from "./cell-text";
import type { ChangeTable, GridColumn, Table } from "./table-model";
import { readBlock, writeBlock } from "./tsv";

type Grid = {
  readonly table: Table;
  readonly columns: readonly GridColumn[];
  readonly reading: Parameters<typeof cellText>[2];
  readonly block: Block;
  readonly readOnly: boolean;
  readonly change: ChangeTable;
  /** Shows what a paste covers. */
  readonly onPasted: (block: Block) => void;
};

/** A paste as it is told: what came in and what could not be read. */
export type PasteReport = Pick<Pasted, "block" | "problems" | "more" | "added">;

/**
 * Blocks of cells to and from the system's clipboard, as spreadsheets write them. The browser's own events are listened to: they need
 * nobody's permission and come with the browser's menu too. A paste is one change, so that one undo takes it back.
 */
export function useGridClipboard({ table, columns, reading, block, readOnly, change, onPasted }: Grid) {
  const copied = useRef<CopiedBlock | null>(null);
  const [report, setReport] = useState<PasteReport | null>(null);
  const isCell = ({ target }: ClipboardEvent): boolean =>
    target instanceof HTMLElement && target.dataset.place !== undefined && block.top >= 0;
  const take = (event: ClipboardEvent): boolean => {
    if (!isCell(event)) return false;
    const whole = block.left < 0 ? { ...block, left: 0, right: columns.length - 1 } : block;
    const text = writeBlock(textsOf(table, whole, { columns, reading }));
    copied.current = copiedOf(table, whole, { columns, text });
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return {
    report,
    closeReport: () => setReport(null),
    onCopy: (event: ClipboardEvent): void => void take(event),
    onCut: (event: ClipboardEvent): void => {
      if (take(event) && !readOnly) change(clearBlock(table, block, columns));
    },
    onPaste: (event: ClipboardEvent): void => {
      if (!isCell(event) || readOnly) return;
      event.preventDefault();
      event.stopPropagation();
      const text = event.clipboardData.getData("text/plain");
      if (text === "") return;
      const own = sameText(copied.current?.text, text) ? copied.current : null;
      const pasted = pasteBlock(table, readBlock(text), { columns, reading, into: block, copied: own });
      if (!change(pasted.table)) return;
      setReport(pasted);
      onPasted(pasted.block);
    },
  };
}

/** Systems change line ends on the way through the clipboard. */
function sameText(own: string | undefined, text: string): boolean {
  return own !== undefined && own.replaceAll("\r\n", "\n") === text.replaceAll("\r\n", "\n").replace(/\n$/, "");
}
