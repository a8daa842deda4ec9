"use client";

import { CircleCheck, CircleHelp, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { conditionSentence } from "#engine";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { factWords, type RunWords } from "../../../_ui/engine-words";
import type { RouterOutputs } from "../../../_ui/trpc-client";

type Explanation = RouterOutputs["run"]["explain"];
type RuleSet = Explanation["ruleSets"][number];
type Rule = RuleSet["rules"][number];
type Part = Rule["condition"];
type Numbered = { readonly rule: Rule; readonly number: number };

/** Up to here every rule is listed; of a longer table only what matters, and the rest when asked for. */
const LISTED_MAX = 8;
/** Rows of a table shown at once, at the most. */
const SHOWN_MAX = 200;

type Reading = {
  readonly words: RunWords;
  /** Name the author gave a rule; null where it has none. */
  readonly ruleName: (rule: string) => string | null;
  /** Rule that decided, by its id; null where several count or none. */
  readonly decided: string | null;
};

/** The rules a step asked, with ✓ and ✗ at every part. */
export function WhyRules({
  explanation,
  ...reading
}: Omit<Reading, "decided"> & { readonly explanation: Explanation }) {
  const text = useTranslations("why");
  const { decision } = explanation;
  const sets = explanation.ruleSets.filter(({ rules }) => rules.length > 0);
  if (sets.length === 0) return <p className="text-muted">{text("noRules")}</p>;
  const decided = decision.code === "rule-holds" ? decision.detail : null;
  return (
    <section aria-label={text("rules")} className="flex flex-col gap-2">
      <h3 className="text-xs text-muted">{text("rules")}</h3>
      {sets.map((set, index) => (
        <div key={set.id}>
          {sets.length > 1 && <h4 className="mb-1 text-xs text-muted">{text("ruleSet", { number: index + 1 })}</h4>}
          <RuleList rules={set.rules} {...reading} decided={decided} />
        </div>
      ))}
    </section>
  );
}

/** What decided, what could not be answered, and, of a long list, the rest as a count. */
function RuleList({ rules, ...reading }: Reading & { readonly rules: RuleSet["rules"] }) {
  const text = useTranslations("why");
  const [all, setAll] = useState(false);
  const numbered = rules.map((rule, index): Numbered => ({ rule, number: index + 1 }));
  const last = numbered.find(({ rule }) => rule.rule === reading.decided)?.number ?? numbered.length;
  const telling = numbered.filter(({ rule, number }) => number <= last && rule.truth !== "fails");
  const listed = all || rules.length <= LISTED_MAX ? numbered : telling;
  const shown = listed.slice(0, SHOWN_MAX);
  const hidden = rules.length - shown.length;
  return (
    <>
      <ol className="flex flex-col gap-2">
        {shown.map((one) => (
          <RuleBox key={one.rule.rule} {...one} {...reading} />
        ))}
      </ol>
      {hidden > 0 && (
        <p className="mt-1 flex items-center gap-2 text-muted">
          {text("rulesHidden", { count: hidden })}
          {!all && (
            <Button look="quiet" size="small" onClick={() => setAll(true)}>
              {text("showRules", { count: Math.min(rules.length, SHOWN_MAX) })}
            </Button>
          )}
        </p>
      )}
    </>
  );
}

function RuleBox({ rule, number, words, ruleName, decided }: Reading & Numbered) {
  const text = useTranslations("why");
  const name = ruleName(rule.rule);
  const decides = rule.rule === decided;
  return (
    <li className={`rounded-md border px-3 py-2 ${decides ? "border-accent" : "border-line"}`}>
      <p className="flex flex-wrap items-center gap-2 font-semibold">
        <Mark truth={rule.truth} />
        <span title={rule.rule}>{name === null ? text("rule", { number }) : text("ruleNamed", { number, name })}</span>
        {decides && <Badge tone="accent">{text("decided")}</Badge>}
      </p>
      <PartTree part={rule.condition} words={words} />
    </li>
  );
}

const MARKS = {
  holds: [CircleCheck, "text-cured"],
  fails: [CircleX, "text-breach"],
  unknown: [CircleHelp, "text-waiting"],
} as const;

function Mark({ truth }: { readonly truth: Rule["truth"] }) {
  const text = useTranslations("why");
  const [Icon, ink] = MARKS[truth];
  return <Icon size={15} className={`shrink-0 ${ink}`} aria-label={text(`truth.${truth}`)} />;
}

/** A condition as a tree: groups say how their parts are joined, leaves show the value they were asked over. */
function PartTree({ part, words }: { readonly part: Part; readonly words: RunWords }) {
  const text = useTranslations("why");
  if (part.kind === "leaf") {
    const { locale, pack } = words;
    return (
      <p className="flex items-baseline gap-2 py-0.5">
        <span className="translate-y-0.5">
          <Mark truth={part.truth} />
        </span>
        <span>{conditionSentence(part.leaf, pack.fields, locale)}</span>
        <span className="figures text-muted">
          {text("actual", { value: factWords(part.leaf.fact, part.value, words).value })}
        </span>
      </p>
    );
  }
  const children = part.kind === "not" ? [part.of] : part.of;
  return (
    <div className="py-0.5">
      <p className="flex items-center gap-2 text-muted">
        <Mark truth={part.truth} />
        {text(`group.${part.kind}`)}
      </p>
      <ul className="ml-1.5 border-l border-line pl-4">
        {children.map((child, index) => (
          // Parts have no names; the authored order is what tells them apart, and it never changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
          <li key={index}>
            <PartTree part={child} words={words} />
          </li>
        ))}
      </ul>
    </div>
  );
}
