import { useCallback, useEffect, useRef, useState } from "react";
import { type GridSize, type Place, ROW_HEIGHT, withinGrid } from "./grid-keys";

/**
 * The one place of the grid that has the focus. Rows are drawn only where they can be seen, so a place is first brought into view
 * and takes the focus once it is drawn.
 */
export function useGridFocus(
  host: HTMLElement | null,
  { rows, columns, paused }: Pick<GridSize, "rows" | "columns"> & { readonly paused: boolean },
) {
  const [wished, setActive] = useState<Place>({ row: 0, column: 0 });
  const wantsFocus = useRef(false);
  // Rows and columns can go by an undo too; the focus then stays at the nearest place there is.
  const active = withinGrid(wished, { rows, columns });
  const isLost = active.row !== wished.row || active.column !== wished.column;

  const elementAt = useCallback(
    ({ row, column }: Place): HTMLElement | null => host?.querySelector(`[data-place="${row}:${column}"]`) ?? null,
    [host],
  );
  const moveTo = useCallback(
    (place: Place) => {
      wantsFocus.current = true;
      setActive(place);
      if (host === null || place.row < 0) return;
      const top = place.row * ROW_HEIGHT;
      // The heads of the columns cover as much as a row and a half.
      const room = host.clientHeight - 2 * ROW_HEIGHT;
      if (top < host.scrollTop) host.scrollTop = top;
      else if (top + ROW_HEIGHT > host.scrollTop + room) host.scrollTop = top + ROW_HEIGHT - room;
    },
    [host],
  );
  useEffect(() => {
    if (!wantsFocus.current || paused) return;
    const element = elementAt(active);
    if (element === null) return;
    wantsFocus.current = false;
    element.focus({ preventScroll: active.row >= 0 });
  });
  useEffect(() => {
    if (!isLost) return;
    const focused = document.activeElement;
    // The window takes the focus of a cell that went; what has the focus elsewhere keeps it.
    const nowhere = focused === document.body || focused?.contains(host) === true;
    if (nowhere && host !== null) moveTo(active);
    else setActive(active);
  });
  return { active, elementAt, setActive, moveTo };
}
