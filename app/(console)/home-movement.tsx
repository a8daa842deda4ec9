"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Panel } from "../_ui/panel";
import { ErrorState, LoadingRows } from "../_ui/states";
import { useTRPC } from "../_ui/trpc-client";
import { useFormats } from "../_ui/use-formats";

const REFRESH_MS = 5_000;
const ROWS = 5;

/** What moved in the last 24 hours of the engine's clock. */
export function HomeMovement() {
  const text = useTranslations("home.movement");
  const formats = useFormats();
  const trpc = useTRPC();
  const movement = useQuery(trpc.overview.movement.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  return (
    <Panel title={text("title")} note={text("note")} flush>
      {movement.isPending && <LoadingRows rows={ROWS} height={36} />}
      {movement.isError && (
        <div className="p-4">
          <ErrorState error={movement.error} onRetry={() => movement.refetch()} />
        </div>
      )}
      {movement.data !== undefined && (
        <dl className="text-sm">
          <Row label={text("contacts")} value={formats.count(movement.data.contacts)} />
          <Row label={text("conversed")} value={formats.count(movement.data.conversed)} />
          <Row label={text("denied")} value={formats.count(movement.data.denied)} />
          <Row label={text("cured")} value={formats.count(movement.data.cured)} />
          {movement.data.payments.length === 0 && <Row label={text("payments")} value="–" />}
          {movement.data.payments.map((paid) => (
            <Row
              key={paid.currency}
              label={text("paymentsOf", { count: formats.count(paid.count) })}
              value={formats.money(paid.minor, paid.currency)}
            />
          ))}
        </dl>
      )}
    </Panel>
  );
}

function Row({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="flex items-baseline gap-4 border-t border-line px-4 py-1.5">
      <dt className="min-w-0 flex-1 text-muted">{label}</dt>
      <dd className="figures font-semibold">{value}</dd>
    </div>
  );
}
