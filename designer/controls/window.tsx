"use client";

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { KeyboardEvent, ReactNode } from "react";

/** A large window over the designer, for what does not fit beside the drawing. */
export function Window({
  title,
  detail,
  closeLabel,
  open,
  onOpen,
  onKeyDown,
  children,
}: {
  readonly title: string;
  /** Stands beside the title: sizes, figures. */
  readonly detail?: string;
  readonly closeLabel: string;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="dz-veil" />
        <Dialog.Content
          className="dz-window"
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onEscapeKeyDown={(event) => {
            // What is typed into a cell is given up first; the window stays.
            if (event.target instanceof Element && event.target.closest("[data-own-escape]") !== null) {
              event.preventDefault();
            }
          }}
        >
          <header className="dz-window-head">
            <Dialog.Title>{title}</Dialog.Title>
            {detail !== undefined && <span className="dz-hint">{detail}</span>}
            <span className="dz-grow" />
            <Dialog.Close className="dz-icon-button" aria-label={closeLabel}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </header>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
