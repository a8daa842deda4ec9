"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "../../_ui/button";
import { Panel } from "../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../_ui/states";
import { type Column, Table } from "../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { AccountLink } from "../accounts/account-link";

type DeadLetter = RouterOutputs["operations"]["deadLetters"][number];
type Decide = (action: "retry" | "skip", letter: DeadLetter | null) => void;

const REFRESH_MS = 5000;

/** What could not be processed and was set aside, so that its neighbours go on. */
export function DeadLetters() {
  const text = useTranslations("operations.dead");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const letters = useQuery(trpc.operations.deadLetters.queryOptions({}, { refetchInterval: REFRESH_MS }));
  const decide = useMutation(
    trpc.operations.decideDeadLetters.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.operations.pathKey() }),
    }),
  );
  const choose: Decide = (action, letter) =>
    decide.mutate(letter === null ? { action } : { action, kind: letter.kind, subject: letter.subject });
  const columns = useColumns(choose, decide.isPending);
  const open = letters.data ?? [];
  return (
    <Panel
      id="dead"
      title={text("title")}
      note={text("note")}
      aside={
        open.length > 1 && (
          <Button size="small" busy={decide.isPending} onClick={() => choose("retry", null)}>
            {text("retryAll")}
          </Button>
        )
      }
      flush
    >
      {letters.isPending && <LoadingRows rows={2} />}
      {(letters.error ?? decide.error) !== null && (
        <div className="p-4">
          <ErrorState error={letters.error ?? decide.error} onRetry={() => letters.refetch()} />
        </div>
      )}
      {letters.data?.length === 0 && <EmptyState>{text("nothing")}</EmptyState>}
      {open.length > 0 && (
        <Table
          label={text("title")}
          columns={columns}
          rows={open}
          rowKey={({ kind, subject }) => `${kind}:${subject}`}
        />
      )}
    </Panel>
  );
}

function useColumns(choose: Decide, busy: boolean): readonly Column<DeadLetter>[] {
  const text = useTranslations("operations.dead");
  const formats = useFormats();
  const zone = useZone();
  return [
    {
      key: "account",
      title: text("account"),
      cell: ({ accountId, accountNo, subject }) =>
        accountId === null ? subject : <AccountLink accountId={accountId} accountNo={accountNo ?? subject} />,
    },
    { key: "kind", title: text("kind"), cell: ({ kind }) => text(`kinds.${kind}`) },
    { key: "code", title: text("code"), cell: ({ lastCode }) => <code className="text-xs">{lastCode}</code> },
    { key: "attempts", title: text("attempts"), cell: ({ attempts }) => formats.count(attempts), numeric: true },
    { key: "last", title: text("last"), cell: ({ lastAtMs }) => formats.instant(lastAtMs, zone), numeric: true },
    {
      key: "decide",
      title: "",
      cell: (letter) => (
        <span className="flex justify-end gap-1.5">
          <Button size="small" disabled={busy} onClick={() => choose("retry", letter)}>
            {text("retry")}
          </Button>
          <Button
            size="small"
            look="quiet"
            disabled={busy}
            title={text("skipNote")}
            onClick={() => choose("skip", letter)}
          >
            {text("skip")}
          </Button>
        </span>
      ),
    },
  ];
}
