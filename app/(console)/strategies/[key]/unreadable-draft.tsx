"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Issue } from "#engine/model/issue";
import { ButtonAnchor } from "../../../_ui/button";
import { IssueList } from "../../../_ui/issue-list";
import { Panel } from "../../../_ui/panel";

/** A draft this build cannot read: what is wrong with it and where, and the way to get it out. Nothing of it is changed. */
export function UnreadableDraft({
  strategyKey,
  issues,
}: {
  readonly strategyKey: string;
  readonly issues: readonly Issue[];
}) {
  const text = useTranslations("strategy");
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4 p-6">
      <h1 className="text-lg">{text("unreadable.title")}</h1>
      <p className="text-sm text-muted">{text("unreadable.note")}</p>
      <Panel title={strategyKey}>
        <IssueList issues={issues} />
      </Panel>
      <div>
        <ButtonAnchor href={`/api/strategies/${strategyKey}/export`} download icon={<Download size={15} aria-hidden />}>
          {text("export")}
        </ButtonAnchor>
      </div>
    </div>
  );
}
