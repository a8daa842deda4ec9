"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "../../../_ui/button";
import { IssueList } from "../../../_ui/issue-list";
import { PageHeader, Panel } from "../../../_ui/panel";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { Batches } from "./batches";
import { Register } from "./register";
import { ReturnDesk } from "./return-desk";
import { Returns } from "./returns";

/** Who works for the house outside of it: what they were given, what must come back, and what they report. */
export function Agencies() {
  const text = useTranslations("agencies");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const exporting = useMutation(
    trpc.agency.export.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.agency.pathKey() }),
    }),
  );
  const { data: done } = exporting;
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          <Button
            look="primary"
            icon={<Send size={15} aria-hidden />}
            busy={exporting.isPending}
            onClick={() => exporting.mutate()}
          >
            {text("export")}
          </Button>
        }
      />
      <div className="flex min-w-0 flex-col gap-4 px-6 pb-8">
        {exporting.error !== null && <ErrorState error={exporting.error} />}
        {done !== undefined && (
          <Panel>
            <p role="status" className="text-sm">
              {text("exported", {
                placed: done.placed,
                refused: done.refused,
                waiting: done.waiting,
                recalled: done.recalled,
                written: done.written.length,
              })}
            </p>
            {done.issues.length > 0 && <IssueList issues={done.issues} />}
          </Panel>
        )}
        <ReturnDesk />
        <div className="grid grid-cols-2 items-start gap-4 max-xl:grid-cols-1">
          <Batches />
          <Returns />
        </div>
        <Register />
      </div>
    </>
  );
}
