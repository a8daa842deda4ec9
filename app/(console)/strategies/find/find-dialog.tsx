"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useDeferredValue, useEffect, useState } from "react";
import { inLocale } from "#engine/model/locale";
import { Dialog } from "../../../_ui/dialog";
import { Field, TextInput } from "../../../_ui/field";
import { ErrorState } from "../../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { stepAddress } from "./step-address";

type Found = RouterOutputs["strategy"]["find"];
type FoundStrategy = Found["strategies"][number];

/** One search over every draft and everything that runs: where is a field asked, a text worded, a step called so. */
export function FindDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const text = useTranslations("strategies.find");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={text("title")}
      description={text("note")}
      wide
    >
      <Search onClose={onClose} />
    </Dialog>
  );
}

/** Ctrl-Shift-F, or Cmd-Shift-F, opens the search. */
export function useFindKeys(onFind: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "f" || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      onFind();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [onFind]);
}

function Search({ onClose }: { readonly onClose: () => void }) {
  const text = useTranslations("strategies.find");
  const locale = useLocale();
  const trpc = useTRPC();
  const [typed, setTyped] = useState("");
  const search = useDeferredValue(typed.trim());
  const found = useQuery(
    trpc.strategy.find.queryOptions({ search, locale }, { enabled: search !== "", placeholderData: keepPreviousData }),
  );
  const strategies = search === "" ? undefined : found.data?.strategies;
  return (
    <div className="flex flex-col gap-3">
      <Field label={text("search")}>
        <TextInput autoFocus value={typed} maxLength={100} onChange={(event) => setTyped(event.target.value)} />
      </Field>
      {found.isError && <ErrorState error={found.error} onRetry={() => found.refetch()} />}
      <div aria-live="polite" className="text-sm">
        {strategies?.length === 0 && <p className="text-muted">{text("nothing")}</p>}
        {strategies?.map((one) => (
          <StrategyHits key={`${one.key} ${one.version}`} found={one} onClose={onClose} />
        ))}
        {strategies !== undefined && (found.data?.more ?? 0) > 0 && (
          <p className="text-xs text-muted">{text("more", { count: found.data?.more ?? 0 })}</p>
        )}
      </div>
    </div>
  );
}

function StrategyHits({ found, onClose }: { readonly found: FoundStrategy; readonly onClose: () => void }) {
  const text = useTranslations("strategies.find");
  const locale = useLocale();
  const { key, version, name, steps, more } = found;
  const which = version === null ? text("draft") : text("live", { number: version });
  return (
    <section className="border-t border-line py-2 first:border-t-0" aria-label={inLocale(name, locale)}>
      <h3 className="flex items-baseline gap-2">
        <Link href={`/strategies/${key}`} onClick={onClose} className="font-semibold text-accent hover:underline">
          {inLocale(name, locale)}
        </Link>
        <span className="text-xs text-muted">{which}</span>
      </h3>
      <ul>
        {steps.map((step) => (
          <li key={`${step.strategy} ${step.nodeId}`}>
            <Link
              href={stepAddress(key, version, step)}
              onClick={onClose}
              className="flex items-baseline gap-3 rounded px-2 py-1 hover:bg-sunken"
            >
              <span className="shrink-0">{step.name}</span>
              <span className="min-w-0 truncate text-xs text-muted">
                {step.in === "name" ? step.nodeId : text(`in.${step.in}`, { words: step.words })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="px-2 text-xs text-muted">{text("moreSteps", { count: more })}</p>}
    </section>
  );
}
