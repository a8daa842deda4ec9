"use client";

import {
  ArrowLeft,
  CircleHelp,
  Copy,
  ListTree,
  type LucideIcon,
  Plus,
  Redo2,
  Search,
  Trash2,
  Undo2,
  Workflow,
} from "lucide-react";
import type { ReactNode } from "react";
import { inLocale } from "#engine";
import { IconButton } from "../controls/icon-button";
import { ExportMenu } from "../export/export-menu";
import { useDesigner, useText } from "../store/context";
import { historyText } from "../texts/history-text";
import type { ActionTools } from "./action";
import { ACTIONS } from "./actions";
import { keysText } from "./keys";

const SHOWN: readonly { readonly id: string; readonly icon: LucideIcon }[] = [
  { id: "undo", icon: Undo2 },
  { id: "redo", icon: Redo2 },
  { id: "add", icon: Plus },
  { id: "duplicate", icon: Copy },
  { id: "remove", icon: Trash2 },
];

/** Verbs, the two ways to see the strategy, and what the host puts beside them. */
export function Toolbar({
  tools,
  view,
  onView,
  saveState,
}: {
  readonly tools: ActionTools;
  readonly view: "canvas" | "outline";
  readonly onView: (view: "canvas" | "outline") => void;
  readonly saveState: ReactNode;
}) {
  const text = useText();
  const readOnly = useDesigner((state) => state.readOnly);
  return (
    <div className="dz-toolbar" role="toolbar" aria-label={text("toolbar.title")}>
      {!readOnly && (
        <div className="dz-toolbar-group">
          {SHOWN.map(({ id, icon }) => (
            <ActionButton key={id} id={id} icon={icon} tools={tools} />
          ))}
        </div>
      )}
      <Path />
      {readOnly && <span className="dz-read-only">{text("toolbar.read-only")}</span>}
      <div className="dz-segments" role="radiogroup" aria-label={text("toolbar.view")}>
        {(["canvas", "outline"] as const).map((one) => {
          const Icon = one === "canvas" ? Workflow : ListTree;
          return (
            // Two pressed-or-not buttons in one group: a native radio would not carry the icon.
            // biome-ignore lint/a11y/useSemanticElements: segmented control
            <button key={one} type="button" role="radio" aria-checked={view === one} onClick={() => onView(one)}>
              <Icon size={14} aria-hidden />
              {text(`toolbar.${one}`)}
            </button>
          );
        })}
      </div>
      <div className="dz-toolbar-end">
        {saveState}
        <button type="button" className="dz-command-button" onClick={() => tools.openPalette("commands")}>
          <Search size={14} aria-hidden />
          <span>{text("actions.commands")}</span>
          <kbd>{keysText(["Ctrl", "K"])}</kbd>
        </button>
        <ExportMenu />
        <IconButton label={`${text("actions.help")} (?)`} onClick={tools.toggleHelp}>
          <CircleHelp size={16} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

/** Where one is when a strategy inside is open, and the way back. */
function Path() {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const opened = useDesigner((state) => state.opened);
  const whole = useDesigner((state) => state.whole);
  const open = useDesigner((state) => state.open);
  const inside = whole.strategies.find((strategy) => strategy.key === opened);
  if (inside === undefined) return null;
  return (
    <nav className="dz-path" aria-label={text("strategies.path")}>
      <button type="button" className="dz-link" title={text("strategies.back")} onClick={() => open(null)}>
        <ArrowLeft size={14} aria-hidden />
        <span>{inLocale(whole.name, locale)}</span>
      </button>
      <span aria-hidden>/</span>
      <b aria-current="page">{inLocale(inside.name, locale)}</b>
    </nav>
  );
}

function ActionButton({
  id,
  icon: Icon,
  tools,
}: {
  readonly id: string;
  readonly icon: LucideIcon;
  readonly tools: ActionTools;
}) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const action = ACTIONS.find((candidate) => candidate.id === id);
  const enabled = useDesigner(() => action?.enabled(tools) === true);
  const undone = useDesigner((state) =>
    id === "undo" ? state.past.at(-1) : id === "redo" ? state.future[0] : undefined,
  );
  if (action === undefined) return null;
  const of = undone === undefined ? "" : `: ${historyText(locale, undone.label)}`;
  return (
    <IconButton
      label={`${text(action.label)}${of} (${keysText(action.keys)})`}
      disabled={!enabled}
      onClick={() => action.run(tools)}
    >
      <Icon size={16} aria-hidden />
    </IconButton>
  );
}
