"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../_ui/button";
import { TextInput } from "../../_ui/field";
import { Panel } from "../../_ui/panel";
import { ErrorState } from "../../_ui/states";
import { type Column, Table } from "../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { AccountLink } from "../accounts/account-link";

type Reversal = RouterOutputs["operations"]["reversals"][number];

const REFRESH_MS = 10_000;
const REASON_MAX = 500;

/** Accounts whose payment was taken back after they had left as cured: nobody follows them until a person says so. */
export function Reversals() {
  const text = useTranslations("operations.reversals");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const reversals = useQuery(trpc.operations.reversals.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const [reason, setReason] = useState("");
  const onSuccess = () => queries.invalidateQueries({ queryKey: trpc.operations.reversals.queryKey() });
  const start = useMutation(trpc.operations.startAgain.mutationOptions({ onSuccess }));
  const leave = useMutation(trpc.operations.leaveReversal.mutationOptions({ onSuccess }));
  const given = reason.trim();
  const columns = useColumns({
    disabled: given === "" || start.isPending || leave.isPending,
    onStart: ({ accountId }) => start.mutate({ accountId, reason: given }),
    onLeave: ({ accountId }) => leave.mutate({ accountId, reason: given }),
  });
  const open = reversals.data ?? [];
  const error = reversals.error ?? start.error ?? leave.error;
  // Rare, and nothing to look at while there are none.
  if (open.length === 0 && error === null) return null;
  return (
    <Panel id="reversals" title={text("title")} note={text("note")} flush>
      {error !== null && (
        <div className="p-4">
          <ErrorState error={error} onRetry={() => reversals.refetch()} />
        </div>
      )}
      {start.data !== undefined && start.data.passedOver > 0 && (
        <p className="px-4 py-2 text-sm">{text("passedOver", { count: start.data.passedOver })}</p>
      )}
      {open.length > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-2 px-4 py-3">
            <TextInput
              className="min-w-72 flex-1"
              aria-label={text("reason")}
              placeholder={text("reason")}
              maxLength={REASON_MAX}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
            <Button
              look="primary"
              busy={start.isPending}
              disabled={given === ""}
              onClick={() => start.mutate({ accountId: null, reason: given })}
            >
              {text("startAll")}
            </Button>
          </div>
          <Table label={text("title")} columns={columns} rows={open} rowKey={({ paymentId }) => paymentId} />
        </>
      )}
    </Panel>
  );
}

type Acts = {
  readonly disabled: boolean;
  readonly onStart: (reversal: Reversal) => void;
  readonly onLeave: (reversal: Reversal) => void;
};

function useColumns({ disabled, onStart, onLeave }: Acts): readonly Column<Reversal>[] {
  const text = useTranslations("operations.reversals");
  const formats = useFormats();
  const zone = useZone();
  return [
    {
      key: "account",
      title: text("account"),
      cell: ({ accountId, accountNo }) => <AccountLink accountId={accountId} accountNo={accountNo} />,
    },
    {
      key: "amount",
      title: text("amount"),
      cell: ({ amountMinor, currency }) => formats.money(amountMinor, currency),
      numeric: true,
    },
    { key: "at", title: text("at"), cell: ({ atMs }) => formats.instant(atMs, zone), numeric: true },
    { key: "cured", title: text("cured"), cell: ({ curedAtMs }) => formats.instant(curedAtMs, zone), numeric: true },
    { key: "strategy", title: text("strategy"), cell: ({ strategyKey }) => strategyKey },
    {
      key: "act",
      title: "",
      cell: (reversal) => (
        <span className="flex justify-end gap-1.5">
          <Button size="small" disabled={disabled || reversal.versionId === null} onClick={() => onStart(reversal)}>
            {text(reversal.underWay ? "takeOff" : "start")}
          </Button>
          <Button size="small" look="quiet" disabled={disabled} onClick={() => onLeave(reversal)}>
            {text("leave")}
          </Button>
        </span>
      ),
    },
  ];
}
