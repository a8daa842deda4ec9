"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../../_ui/button";
import { Field, Select, TextInput } from "../../../_ui/field";
import { Panel } from "../../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { MoveGroups } from "./move-groups";
import { type Choices, type MoveProposal, planOf, sumOf } from "./move-plan";
import type { StrategyDetail } from "./strategy-detail-view";

type Version = StrategyDetail["versions"][number];
const REASON_MAX = 500;

type MoveProps = { readonly strategy: StrategyDetail; readonly from: Version; readonly onBack: () => void };

/** Accounts in flight on one version: who stands where, what becomes of them in another, and then the decision. */
export function MoveAccounts({ strategy, from, onBack }: MoveProps) {
  const text = useTranslations("strategy.move");
  const others = strategy.versions.filter(({ id }) => id !== from.id);
  const [toId, setToId] = useState<string>(
    others.find(({ id }) => id === strategy.liveVersionId)?.id ?? others[0]?.id ?? "",
  );
  const to = others.find(({ id }) => id === toId);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-3 border-b border-line bg-paper px-6 py-2">
        <Button size="small" icon={<ArrowLeft size={14} aria-hidden />} onClick={onBack}>
          {text("cancel")}
        </Button>
        <h2 className="text-base">{text("title", { from: from.number, to: to?.number ?? "" })}</h2>
        <div className="ml-auto flex items-center gap-2 text-xs">
          <span className="font-semibold">{text("target")}</span>
          <Select
            aria-label={text("target")}
            className="w-28"
            value={toId}
            onValue={setToId}
            options={others.map(({ id, number }) => ({ value: id as string, label: `v${number}` }))}
          />
        </div>
      </div>
      <div className="flex-1 overflow-y-auto p-6">
        {to !== undefined && <MovePlan key={to.id} from={from} to={to} onDone={onBack} />}
      </div>
    </div>
  );
}

type PlanProps = { readonly from: Version; readonly to: Version; readonly onDone: () => void };

function MovePlan({ from, to, onDone }: PlanProps) {
  const text = useTranslations("strategy.move");
  const trpc = useTRPC();
  const move = { fromVersionId: from.id, toVersionId: to.id };
  const preview = useQuery(trpc.run.previewMove.queryOptions(move));
  const [choices, setChoices] = useState<Choices>({});
  if (preview.isPending) return <LoadingRows rows={6} height={44} />;
  if (preview.isError) return <ErrorState error={preview.error} onRetry={() => preview.refetch()} />;
  if (preview.data.groups.length === 0) return <EmptyState>{text("nobody", { from: from.number })}</EmptyState>;
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-[84ch] text-sm text-muted">{text("note")}</p>
      <Panel flush>
        <MoveGroups
          proposal={preview.data}
          versions={{ from, to }}
          choices={choices}
          onChoose={(nodeId, chosen) => setChoices((before) => ({ ...before, [nodeId]: chosen }))}
        />
      </Panel>
      <MoveDecision
        proposal={preview.data}
        choices={choices}
        move={{ ...move, fromNumber: from.number }}
        onDone={onDone}
      />
    </div>
  );
}

type DecisionProps = {
  readonly proposal: MoveProposal;
  readonly choices: Choices;
  readonly move: {
    readonly fromVersionId: Version["id"];
    readonly toVersionId: Version["id"];
    readonly fromNumber: number;
  };
  readonly onDone: () => void;
};

/** How many move, stay and leave, the reason, and the button that says so. */
function MoveDecision({ proposal, choices, move, onDone }: DecisionProps) {
  const text = useTranslations("strategy.move");
  const formats = useFormats();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const place = useMutation(
    trpc.run.placeMove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries(trpc.run.pathFilter());
        onDone();
      },
    }),
  );
  const sum = sumOf(proposal, choices);
  const concerned = sum.move + sum.exit;
  const given = reason.trim();
  const { fromNumber, ...versions } = move;
  return (
    <form
      className="panel flex flex-col gap-3 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (given !== "" && concerned > 0)
          place.mutate({ ...versions, plan: planOf(proposal, choices), reason: given });
      }}
    >
      <p className="figures text-sm font-semibold">
        {text("summary", {
          from: fromNumber,
          move: formats.count(sum.move),
          stay: formats.count(sum.stay),
          exit: formats.count(sum.exit),
        })}{" "}
        {sum.waiting > 0 && text("waitsNote", { count: formats.count(sum.waiting) })}
      </p>
      <Field label={text("reason")} hint={text("reasonHint")}>
        <TextInput value={reason} maxLength={REASON_MAX} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {place.isError && <ErrorState error={place.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>{text("cancel")}</Button>
        <Button type="submit" look="primary" busy={place.isPending} disabled={given === "" || concerned === 0}>
          {text("confirm", { count: formats.count(concerned) })}
        </Button>
      </div>
    </form>
  );
}
