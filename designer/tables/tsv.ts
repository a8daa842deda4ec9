/** Cells of a block as a spreadsheet puts it on the clipboard: tabs between cells, lines between rows, quotes around what holds either. */
export type TextBlock = readonly (readonly string[])[];

/** Reads a block. Excel and WPS quote a cell with a line break or a tab in it and double the quotes inside; a last empty line is none. */
export function readBlock(text: string): TextBlock {
  const rows: string[][] = [[]];
  let cell = "";
  let at = 0;
  const end = (): void => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === '"' && cell === "") {
      const quoted = quotedFrom(text, at);
      if (quoted !== null) {
        cell = quoted.cell;
        at = quoted.end;
        continue;
      }
    }
    if (character === "\t") end();
    else if (character === "\n") {
      end();
      rows.push([]);
    } else if (character !== "\r" || text[at + 1] !== "\n") cell += character;
    at += 1;
  }
  end();
  const last = rows.at(-1);
  return rows.length > 1 && last?.length === 1 && last[0] === "" ? rows.slice(0, -1) : rows;
}

/** A quoted cell that ends where a cell may end; null when the quote is only a character of the cell. */
function quotedFrom(text: string, start: number): { readonly cell: string; readonly end: number } | null {
  let cell = "";
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else {
      const ends = at + 1 === text.length || /^(?:\t|\r?\n)/.test(text.slice(at + 1, at + 3));
      return ends ? { cell, end: at + 1 } : null;
    }
  }
  return null;
}

/** Writes a block so that `readBlock`, Excel and WPS read the same cells back. */
export function writeBlock(rows: TextBlock): string {
  const quoted = (cell: string): string => (/[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quoted).join("\t")).join("\r\n");
}
