"use client";

import { ContextMenu } from "radix-ui";
import type { ReactNode } from "react";
import { useRef, useState } from "react";
import { useDesignerContext, useText } from "../store/context";
import type { Action, ActionTools, Menu } from "./action";
import { actionsNow } from "./actions";
import { Keys } from "./keys";

/** The right button's menu: what can be done about the step under the pointer, or about the chart. */
export function ChartMenu({ tools, children }: { readonly tools: ActionTools; readonly children: ReactNode }) {
  const { store } = useDesignerContext();
  const text = useText();
  const [menu, setMenu] = useState<Menu>("chart");
  const chosen = useRef<Action | null>(null);
  const aim = (target: EventTarget): void => {
    const nodeId = target instanceof Element ? target.closest("[data-step]")?.getAttribute("data-step") : null;
    const { selection, select } = store.getState();
    if (typeof nodeId === "string" && !selection.nodes.includes(nodeId)) select({ nodes: [nodeId] });
    setMenu(typeof nodeId === "string" ? "step" : "chart");
  };
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild onContextMenu={(event) => aim(event.target)}>
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content
          className="dz-menu"
          aria-label={text("menu.title")}
          collisionPadding={12}
          // Done when the menu has given the focus back: a picker that opens before would lose it and close again.
          onCloseAutoFocus={(event) => {
            const action = chosen.current;
            chosen.current = null;
            if (action === null) return;
            event.preventDefault();
            action.run(tools);
          }}
        >
          {actionsNow(tools, menu).map((action) => (
            <ContextMenu.Item
              key={action.id}
              className="dz-menu-item"
              onSelect={() => {
                chosen.current = action;
              }}
            >
              <span>{text(action.label)}</span>
              <span className="dz-key-row">
                <Keys keys={action.keys} />
              </span>
            </ContextMenu.Item>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
