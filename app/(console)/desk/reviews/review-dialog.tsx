"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { REVIEW_DECISIONS, type ReviewDecision } from "#engine/model/conversation";
import type { MarketPack } from "#engine/model/market-pack";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Field, Select, TextArea } from "../../../_ui/field";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { Findings } from "./findings";
import { MarkedTurns } from "./marked-turns";

type ReviewLine = RouterOutputs["qa"]["reviews"]["lines"][number];

const REASON_MAX = 500;
const TONES = { pass: "cured", review: "waiting", block: "breach" } as const;

/** One conversation in a reviewer's hands: what was said with the findings marked, the rules behind them, and the decision. */
export function ReviewDialog({
  line,
  pack,
  onClose,
}: {
  readonly line: ReviewLine;
  readonly pack: MarketPack;
  readonly onClose: () => void;
}) {
  const text = useTranslations("reviews");
  const locale = useLocale();
  const trpc = useTRPC();
  const review = useQuery(trpc.qa.review.queryOptions({ id: line.id }, { staleTime: 0, gcTime: 0 }));
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text("readNamed", { account: line.accountNo })}
      description={text("readNote")}
    >
      {review.isPending && <LoadingRows rows={4} />}
      {review.isError && <ErrorState error={review.error} />}
      {review.data !== undefined && (
        <div className="flex flex-col gap-4">
          <p className="flex flex-wrap items-center gap-2 text-sm">
            <Badge tone={TONES[review.data.verdict]}>{text(`verdict.${review.data.verdict}`)}</Badge>
            {review.data.score !== null && <span>{text("scoreOf", { score: review.data.score })}</span>}
            {review.data.isCut && <span className="text-muted">{text("cut")}</span>}
            {review.data.judgement.silent.length > 0 && (
              <span className="text-muted">{text("silent", { judges: review.data.judgement.silent.join(", ") })}</span>
            )}
          </p>
          <MarkedTurns turns={review.data.turns} findings={review.data.judgement.findings} locale={locale} />
          <Findings judgement={review.data.judgement} pack={pack} />
          {review.data.reviewReason !== null && (
            <p className="text-sm text-muted">{text("before", { reason: review.data.reviewReason })}</p>
          )}
          <DecideForm id={line.id} onDone={onClose} />
        </div>
      )}
    </Dialog>
  );
}

function DecideForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const text = useTranslations("reviews");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [decision, setDecision] = useState<ReviewDecision | "">("");
  const [reason, setReason] = useState("");
  const decide = useMutation(
    trpc.qa.decide.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.qa.pathKey() });
        onDone();
      },
    }),
  );
  const isWhole = decision !== "" && reason.trim() !== "";
  const options = [
    { value: "", label: text("chooseDecision") },
    ...REVIEW_DECISIONS.map((value) => ({ value, label: text(`decision.${value}`) })),
  ];
  return (
    <form
      className="flex flex-col gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) decide.mutate({ id, decision, reason: reason.trim() });
      }}
    >
      <Field label={text("decide")}>
        <Select
          options={options}
          value={decision}
          onValue={(value) => setDecision(REVIEW_DECISIONS.find((known) => known === value) ?? "")}
        />
      </Field>
      <Field label={text("reasonLabel")} hint={text("reasonHint")}>
        <TextArea rows={2} maxLength={REASON_MAX} value={reason} onChange={({ target }) => setReason(target.value)} />
      </Field>
      {decide.error !== null && <ErrorState error={decide.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>{text("later")}</Button>
        <Button type="submit" look="primary" busy={decide.isPending} disabled={!isWhole}>
          {text("save")}
        </Button>
      </div>
    </form>
  );
}
