"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MouseEvent } from "react";
import { ButtonAnchor } from "../../../_ui/button";
import type { Draft } from "./draft/use-draft";

/** Downloads the draft as it is on the screen: what is not on the server yet is saved first. One that cannot be saved says so in its chip. */
export function ExportLink({ strategyKey, draft }: { readonly strategyKey: string; readonly draft: Draft }) {
  const text = useTranslations("strategy");
  const href = `/api/strategies/${strategyKey}/export`;
  const saveFirst = (event: MouseEvent) => {
    if (draft.state.kind === "saved") return;
    event.preventDefault();
    void draft.settle().then((revision) => {
      if (revision !== null) window.location.assign(href);
    });
  };
  return (
    <ButtonAnchor
      look="quiet"
      size="icon"
      href={href}
      download
      onClick={saveFirst}
      aria-label={text("export")}
      title={text("export")}
      icon={<Download size={16} aria-hidden />}
    />
  );
}
