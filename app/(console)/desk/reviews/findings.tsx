"use client";

import { useLocale, useTranslations } from "next-intl";
import type { ConversationFinding, ConversationJudgement } from "#engine/model/conversation";
import { inLocale, type Locale } from "#engine/model/locale";
import type { MarketPack } from "#engine/model/market-pack";
import { qaTexts } from "#engine/qa/texts";
import { Badge } from "../../../_ui/badge";

const TONES = { fatal: "breach", high: "breach", medium: "waiting", low: "neutral" } as const;

/** Every finding with the rule behind it and where the rule comes from, and what only a person can check. */
export function Findings({
  judgement,
  pack,
}: {
  readonly judgement: ConversationJudgement;
  readonly pack: MarketPack;
}) {
  const text = useTranslations("reviews");
  const locale = useLocale();
  const items = new Map(pack.scorecard?.items.map((item) => [item.id, item]) ?? []);
  const unchecked = judgement.unchecked.flatMap((id) => items.get(id) ?? []);
  return (
    <div className="flex flex-col gap-3 text-sm">
      {judgement.findings.length === 0 && <p className="text-muted">{text("noFindings")}</p>}
      {judgement.findings.length > 0 && (
        <ul className="flex flex-col gap-2" aria-label={text("findings")}>
          {judgement.findings.map((finding) => (
            <li
              key={`${finding.source} ${finding.rule} ${finding.span?.start ?? ""} ${finding.evidence}`}
              className="flex flex-col gap-0.5"
            >
              <span className="flex flex-wrap items-center gap-2">
                <Badge tone={TONES[finding.severity]}>{qaTexts[locale][`severity.${finding.severity}`]}</Badge>
                <span className="font-medium">{ruleName(finding, { pack, locale })}</span>
                {finding.evidence !== "" && <span>{text("quoted", { words: finding.evidence })}</span>}
              </span>
              <span className="text-xs text-muted">
                {citationOf(finding, pack) ?? text(`source.${finding.source}`)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {unchecked.length > 0 && (
        <p className="text-xs text-muted">
          {text("unchecked", {
            items: unchecked.map(({ title }) => inLocale(title, locale)).join(text("listSeparator")),
          })}
        </p>
      )}
    </div>
  );
}

function ruleName(
  { source, rule }: ConversationFinding,
  { pack, locale }: { readonly pack: MarketPack; readonly locale: Locale },
): string {
  if (source === "words") return qaTexts[locale][`category.${rule}`] ?? rule;
  const item = pack.scorecard?.items.find(({ id }) => id === rule);
  return item === undefined ? rule : inLocale(item.title, locale);
}

/** The law or the self-regulation behind a finding: of a word, that of the item its category belongs to. */
function citationOf({ source, rule }: ConversationFinding, { scorecard }: MarketPack): string | null {
  const item = scorecard?.items.find(({ id, check }) =>
    source === "words" ? check.kind === "clean" && check.categories.includes(rule) : id === rule,
  );
  if (item?.source === undefined) return null;
  const { name, article } = item.source;
  return article === undefined ? name : `${name} · ${article}`;
}
