"use client";

import { Popover } from "radix-ui";
import { type ReactNode, useRef } from "react";

const TYPED = "input:not([type=checkbox]):not([readonly]), textarea:not([readonly])";

/** Something that opens at a cell of the grid. Escape gives up, anything else that closes it keeps what was done. */
export function Anchored({
  anchor,
  label,
  onKeep,
  onGiveUp,
  children,
}: {
  readonly anchor: HTMLElement | null;
  readonly label: string;
  readonly onKeep: () => void;
  readonly onGiveUp: () => void;
  readonly children: ReactNode;
}) {
  const place = useRef({ getBoundingClientRect: () => anchor?.getBoundingClientRect() ?? new DOMRect() });
  place.current = { getBoundingClientRect: () => anchor?.getBoundingClientRect() ?? new DOMRect() };
  return (
    <Popover.Root open onOpenChange={(open) => (open ? undefined : onKeep())}>
      <Popover.Anchor virtualRef={place} />
      <Popover.Portal>
        <Popover.Content
          className="dz-pop"
          aria-label={label}
          side="bottom"
          align="start"
          sideOffset={2}
          collisionPadding={12}
          onEscapeKeyDown={(event) => {
            event.preventDefault();
            onGiveUp();
          }}
          onOpenAutoFocus={(event) => {
            // What is typed comes before how it is asked: numbers are changed more often than comparisons.
            const typed = (event.currentTarget as HTMLElement).querySelector<HTMLInputElement>(TYPED);
            if (typed === null) return;
            event.preventDefault();
            typed.focus();
            typed.select();
          }}
          // The focus goes back to the cell by the grid's own hand.
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
