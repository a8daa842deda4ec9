"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { AUTHOR_EXIT_REASONS, type AuthorExitReason } from "#engine/model/exit-reason";
import { RELEASE_MODES, type ReleaseChoice } from "#engine/model/hold-release";
import { inLocale } from "#engine/model/locale";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#engine/model/time";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { exitReasonText, holdText, stepNameIn } from "../../../_ui/engine-words";
import { Select } from "../../../_ui/field";
import { Segmented } from "../../../_ui/segmented";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import type { Hold } from "./holds";
import { useDocuments } from "./use-documents";

type Released = RouterOutputs["run"]["releasePreview"]["enrollments"][number];

/** Shows what is overdue for whom, and asks what should become of each before the hold is released. */
export function ReleaseDialog({ hold, onClose }: { readonly hold: Hold; readonly onClose: () => void }) {
  const text = useTranslations("account");
  const locale = useLocale();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const preview = useQuery(trpc.run.releasePreview.queryOptions({ holdId: hold.id }));
  const [choices, setChoices] = useState<{ readonly [enrollmentId: string]: ReleaseChoice }>({});
  const release = useMutation(
    trpc.run.releaseHold.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries(trpc.run.pathFilter());
        onClose();
      },
    }),
  );
  const enrollments = preview.data?.enrollments ?? [];
  // What the strategies chose beforehand, where the person who releases says nothing else.
  const preChosen = Object.fromEntries(
    enrollments.flatMap((one) => (one.keptBy.length === 0 ? [[one.enrollmentId, one.preChosen] as const] : [])),
  );
  const keptBy = [...new Set(enrollments.flatMap((one) => one.keptBy))];
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text("releaseTitle", { kind: holdText(hold.kind, locale) })}
      description={text("releaseNote")}
    >
      {preview.isPending && <LoadingRows rows={2} height={64} />}
      {preview.isError && <ErrorState error={preview.error} onRetry={() => preview.refetch()} />}
      {preview.isSuccess && enrollments.length === 0 && <p className="text-sm text-muted">{text("nothingUnderWay")}</p>}
      {keptBy.length > 0 && (
        <p className="mb-3 rounded-md bg-held-soft px-3 py-2 text-sm">
          {text("keptByOthers", { kinds: keptBy.map((kind) => holdText(kind, locale)).join(text("listJoint")) })}
        </p>
      )}
      <ReleasedList
        enrollments={enrollments}
        choices={choices}
        onChoose={(enrollmentId, choice) => setChoices((before) => ({ ...before, [enrollmentId]: choice }))}
      />
      {release.isError && <ErrorState error={release.error} />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text("keepHold")}</Button>
        <Button
          look="danger"
          busy={release.isPending}
          disabled={!preview.isSuccess}
          onClick={() => release.mutate({ holdId: hold.id, choices: { ...preChosen, ...choices } })}
        >
          {text("release")}
        </Button>
      </div>
    </Dialog>
  );
}

type ListProps = {
  readonly enrollments: readonly Released[];
  readonly choices: { readonly [enrollmentId: string]: ReleaseChoice };
  readonly onChoose: (enrollmentId: string, choice: ReleaseChoice) => void;
};

function ReleasedList({ enrollments, choices, onChoose }: ListProps) {
  const documents = useDocuments(enrollments.map((one) => one.versionId));
  return (
    <ul className="flex flex-col">
      {enrollments.map((one) => (
        <ReleasedRow
          key={one.enrollmentId}
          released={one}
          doc={documents.get(one.versionId)}
          choice={choices[one.enrollmentId] ?? one.preChosen}
          onChoose={(choice) => onChoose(one.enrollmentId, choice)}
        />
      ))}
    </ul>
  );
}

type RowProps = {
  readonly released: Released;
  readonly doc: Parameters<typeof stepNameIn>[0] | undefined;
  readonly choice: ReleaseChoice;
  readonly onChoose: (choice: ReleaseChoice) => void;
};

function ReleasedRow({ released, doc, choice, onChoose }: RowProps) {
  const text = useTranslations("account");
  const locale = useLocale();
  const strategy = doc === undefined ? released.strategyKey : inLocale(doc.name, locale);
  const step = doc === undefined ? released.nodeId : stepNameIn(doc, released.nodeId, locale);
  return (
    <li className="flex flex-col gap-2 border-t border-line py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="figures font-semibold">{released.accountNo}</span>
        <span className="text-muted">
          {strategy} v{released.versionNumber}
        </span>
        <span className="font-semibold">{step}</span>
        <Overdue released={released} />
      </div>
      {released.keptBy.length === 0 && (
        <div className="flex flex-wrap items-center gap-3">
          <Segmented
            label={text("onRelease")}
            value={choice.mode}
            onValue={(mode) => onChoose(mode === "exit" ? { mode, reason: "handed-to-people" } : { mode })}
            segments={RELEASE_MODES.map((mode) => ({ value: mode, label: text(`releaseMode.${mode}`) }))}
          />
          {choice.mode === "exit" && (
            <Select<AuthorExitReason>
              aria-label={text("exitReason")}
              className="w-56"
              value={choice.reason}
              onValue={(reason) => onChoose({ mode: "exit", reason })}
              options={AUTHOR_EXIT_REASONS.map((value) => ({ value, label: exitReasonText(value, locale) }))}
            />
          )}
        </div>
      )}
      <Consequence released={released} mode={choice.mode} />
    </li>
  );
}

function Overdue({ released }: { readonly released: Released }) {
  const text = useTranslations("account");
  const { overdueMs, dueAtMs } = released;
  const late = useLateness(overdueMs ?? 0);
  if (overdueMs !== null) return <Badge tone="breach">{text("overdueBy", { late })}</Badge>;
  return <Badge>{text(dueAtMs === null ? "waitsForEvents" : "notOverdue")}</Badge>;
}

/** How late something is, in the largest unit that fits. */
function useLateness(ms: number): string {
  const text = useTranslations("account.late");
  if (ms >= DAY_MS) return text("days", { n: Math.floor(ms / DAY_MS) });
  if (ms >= HOUR_MS) return text("hours", { n: Math.floor(ms / HOUR_MS) });
  return text("minutes", { n: Math.max(1, Math.floor(ms / MINUTE_MS)) });
}

/** What the choice does to this account, in a sentence. */
function Consequence({ released, mode }: { readonly released: Released; readonly mode: ReleaseChoice["mode"] }) {
  const text = useTranslations("account");
  const formats = useFormats();
  const zone = useZone();
  const { open, resumesAtMs, keptBy } = released;
  const contactLeft = open?.kind === "contact" && open.left;
  if (keptBy.length > 0) return <p className="text-xs text-muted">{text("staysHeld")}</p>;
  if (mode === "re-evaluate" && contactLeft) return <p className="text-xs text-muted">{text("contactLeft")}</p>;
  if (mode === "resume" && resumesAtMs !== null)
    return (
      <p className="figures text-xs text-muted">{text("resumesAt", { time: formats.instant(resumesAtMs, zone) })}</p>
    );
  return <p className="text-xs text-muted">{text(`releaseConsequence.${mode}`)}</p>;
}
