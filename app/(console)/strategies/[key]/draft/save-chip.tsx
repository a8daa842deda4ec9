"use client";

import { Check, CircleAlert, CloudOff, LoaderCircle, PencilLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormats } from "../../../../_ui/use-formats";
import { useZone } from "../../../../_ui/use-zone";
import type { SaveState } from "./draft-saver";

function wordOf(state: Exclude<SaveState, { readonly kind: "saved" }>) {
  return state.kind === "unsaved" && state.kept ? "kept" : state.kind;
}

/** Nothing is ever lost, and the reader can see that. */
export function SaveChip({ state }: { readonly state: SaveState }) {
  const text = useTranslations("strategy.save");
  const formats = useFormats();
  const zone = useZone();
  const look = {
    saved: { icon: Check, ink: "text-muted" },
    changed: { icon: PencilLine, ink: "text-muted" },
    saving: { icon: LoaderCircle, ink: "text-muted" },
    conflict: { icon: CircleAlert, ink: "text-breach" },
    unsaved: { icon: CloudOff, ink: "text-waiting" },
  }[state.kind];
  return (
    <span role="status" className={`inline-flex items-center gap-1.5 text-xs ${look.ink}`} data-testid="save-state">
      <look.icon size={14} className={state.kind === "saving" ? "animate-spin" : ""} aria-hidden />
      <span className="figures">
        {state.kind === "saved" ? text("saved", { time: formats.time(state.atMs, zone) }) : text(wordOf(state))}
      </span>
    </span>
  );
}
