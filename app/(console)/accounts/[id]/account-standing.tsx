"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { inLocale } from "#engine/model/locale";
import { Badge, type Tone } from "../../../_ui/badge";
import { exitReasonText, faultText, stepNameIn } from "../../../_ui/engine-words";
import { Panel } from "../../../_ui/panel";
import { EmptyState } from "../../../_ui/states";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import type { HistoryView } from "./account-view";
import { useDocuments } from "./use-documents";

type Enrollment = HistoryView["enrollments"][number];

const TONES = {
  active: "accent",
  paused: "waiting",
  held: "held",
  exited: "neutral",
  faulted: "breach",
} satisfies Record<Enrollment["status"], Tone>;

/** Where the account stands in every strategy it is or was in. */
export function AccountStanding({ enrollments }: { readonly enrollments: readonly Enrollment[] }) {
  const text = useTranslations("account");
  const locale = useLocale();
  const formats = useFormats();
  const zone = useZone();
  const documents = useDocuments(enrollments.map((enrollment) => enrollment.versionId));
  return (
    <Panel title={text("standing")} flush>
      {enrollments.length === 0 && <EmptyState>{text("notEnrolled")}</EmptyState>}
      <ul>
        {enrollments.map((enrollment) => {
          const doc = documents.get(enrollment.versionId);
          return (
            <li
              key={enrollment.enrollmentId}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2.5 text-sm"
            >
              <Badge tone={TONES[enrollment.status]}>{text(`enrollment.${enrollment.status}`)}</Badge>
              <Link
                href={`/strategies/${enrollment.strategyKey}?tab=run`}
                className="font-semibold text-accent hover:underline"
              >
                {doc === undefined ? enrollment.strategyKey : inLocale(doc.name, locale)} v{enrollment.versionNumber}
              </Link>
              <span>
                {enrollment.exit === null
                  ? doc === undefined
                    ? enrollment.nodeId
                    : stepNameIn(doc, enrollment.nodeId, locale)
                  : exitReasonText(enrollment.exit, locale)}
              </span>
              {enrollment.fault !== null && (
                <span className="text-xs text-breach">{faultText(enrollment.fault, locale)}</span>
              )}
              <span className="figures ml-auto text-xs text-muted">
                {text("since", { time: formats.instant(enrollment.enteredAtMs, zone) })}
                {enrollment.wakeAtMs !== null &&
                  enrollment.status === "active" &&
                  ` · ${text("until", { time: formats.instant(enrollment.wakeAtMs, zone) })}`}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
