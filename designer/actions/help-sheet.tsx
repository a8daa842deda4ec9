"use client";

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useText } from "../store/context";
import { ACTIONS } from "./actions";
import { Keys } from "./keys";

/** Every key of the designer, from the same list the keys themselves come from. */
export function HelpSheet({ open, onOpen }: { readonly open: boolean; readonly onOpen: (open: boolean) => void }) {
  const text = useText();
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="dz-veil" />
        <Dialog.Content className="dz-sheet" aria-describedby={undefined}>
          <header>
            <Dialog.Title>{text("help.title")}</Dialog.Title>
            <Dialog.Close className="dz-icon-button" aria-label={text("help.close")}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </header>
          <dl className="dz-keys">
            {ACTIONS.map((action) => (
              <div key={action.id}>
                <dt>{text(action.label)}</dt>
                <dd>
                  <Keys keys={action.keys} />
                </dd>
              </div>
            ))}
            <div>
              <dt>{text("help.move")}</dt>
              <dd>
                <kbd>Shift</kbd>
                <kbd>↑↓←→</kbd>
              </dd>
            </div>
            <div>
              <dt>{text("help.select-many")}</dt>
              <dd>
                <kbd>Shift</kbd>
                <span>{text("help.drag")}</span>
              </dd>
            </div>
          </dl>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
