"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import type { MarketPack, StrategyDoc } from "#engine";
import { type BookLine, type BookStep, ruleBook } from "#engine/graph/book/rule-book";

/** Every step in a line, opened by a tap: the rule book, small enough for a hand. */
export function PhoneOutline({ doc, pack }: { readonly doc: StrategyDoc; readonly pack: MarketPack }) {
  const book = useTranslations("book");
  const locale = useLocale();
  const { chapters } = useMemo(() => ruleBook(doc, pack, locale), [doc, pack, locale]);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {chapters.map(({ title, steps }) => (
        <section key={title ?? ""} aria-label={title ?? book("steps")}>
          {title !== null && <h2 className="mb-1 text-sm font-semibold">{title}</h2>}
          <ol className="panel divide-y divide-line">
            {steps.map((step, index) => (
              <li key={step.id}>
                <Step step={step} number={index + 1} />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Step({ step, number }: { readonly step: BookStep; readonly number: number }) {
  const book = useTranslations("book");
  const ways = step.ways.map(({ label, text }) => ({ label, text: text === "" ? book("nowhere") : `→ ${text}` }));
  return (
    <details className="min-w-0">
      <summary className="flex min-h-11 cursor-pointer items-start gap-2 px-3 py-2 text-sm">
        <span className="figures w-6 shrink-0 text-muted">{number}</span>
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <span className="block font-semibold">{step.name}</span>
          <span className="block text-xs text-muted">{step.summary ?? step.type}</span>
        </span>
      </summary>
      <div className="flex flex-col gap-2 px-3 pb-3 pl-11 text-sm">
        {step.note !== null && <p className="text-muted">{step.note}</p>}
        <Lines lines={step.lines} />
        <Lines lines={ways} />
      </div>
    </details>
  );
}

function Lines({ lines }: { readonly lines: readonly BookLine[] }) {
  if (lines.length === 0) return null;
  return (
    <dl className="flex min-w-0 flex-col gap-1 [overflow-wrap:anywhere]">
      {lines.map(({ label, text }, index) => (
        // Lines of one name may stand twice; their order is what tells them apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
        <div key={index}>
          <dt className="text-xs text-muted">{label}</dt>
          <dd className="whitespace-pre-wrap">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
