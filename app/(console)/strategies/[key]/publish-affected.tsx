"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { inLocale } from "#engine/model/locale";
import { Badge } from "../../../_ui/badge";
import { ErrorState } from "../../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";

type Affected = NonNullable<RouterOutputs["strategy"]["previewPublish"]>[number];

/** Who is inside before a version is published: nobody is moved by it, and here is what a move would find. */
export function PublishAffected({ strategyKey, saved }: { readonly strategyKey: string; readonly saved: boolean }) {
  const text = useTranslations("strategy.publish.affected");
  const trpc = useTRPC();
  const affected = useQuery(
    trpc.strategy.previewPublish.queryOptions({ key: strategyKey }, { enabled: saved, staleTime: 0 }),
  );
  if (affected.isError) return <ErrorState error={affected.error} onRetry={() => affected.refetch()} />;
  if (affected.data === undefined) return <p className="text-muted">{text("counting")}</p>;
  if (affected.data === null) return null;
  return (
    <section aria-label={text("title")}>
      <h3 className="font-semibold">{text("title")}</h3>
      {affected.data.length === 0 ? (
        <p className="text-muted">{text("nobody")}</p>
      ) : (
        <>
          <p className="mb-2 text-muted">{text("note")}</p>
          {affected.data.map((version) => (
            <Version key={version.number} version={version} />
          ))}
        </>
      )}
    </section>
  );
}

function Version({ version }: { readonly version: Affected }) {
  const text = useTranslations("strategy.publish.affected");
  const locale = useLocale();
  const formats = useFormats();
  const { number, accounts, onRemoved, onChanged, steps } = version;
  return (
    <div className="mb-2 rounded-md border border-line">
      <p className="figures px-3 py-1.5">
        {text("version", {
          number,
          accounts: formats.count(accounts),
          removed: formats.count(onRemoved),
          changed: formats.count(onChanged),
        })}
      </p>
      {steps.length > 0 && (
        <ul className="max-h-48 overflow-y-auto border-t border-line">
          {steps.map(({ nodeId, name, accounts: here, held, promised, removed }) => (
            <li key={nodeId} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1">
              <span className="min-w-0 flex-1 truncate">{inLocale(name, locale)}</span>
              <Badge tone={removed ? "waiting" : "neutral"}>{text(removed ? "gone" : "different")}</Badge>
              {held > 0 && (
                <span className="figures text-xs text-muted">{text("held", { count: formats.count(held) })}</span>
              )}
              {promised > 0 && (
                <span className="figures text-xs text-muted">
                  {text("promised", { count: formats.count(promised) })}
                </span>
              )}
              <span className="figures w-20 text-right">{formats.count(here)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
