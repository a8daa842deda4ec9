"use client";

import { CircleCheck, CircleHelp, CircleX } from "lucide-react";
import { useState } from "react";
import {
  conditionSentence,
  type ExplainedCondition,
  type ExplainedRule,
  type FactValue,
  type Field,
  type Locale,
} from "#engine";
import { textOf } from "../texts/text";

type RuleSet = { readonly id: string; readonly rules: readonly ExplainedRule[] };
type Numbered = { readonly rule: ExplainedRule; readonly number: number };

/** Up to here every rule is listed; of a longer table only what matters, and the rest when asked for. */
const LISTED_MAX = 8;
/** Rows of a table shown at once, at the most. */
const SHOWN_MAX = 200;

type Reading = {
  readonly locale: Locale;
  readonly fields: { readonly [key: string]: Field };
  /** A value of a fact in words. */
  readonly valueText: (fact: string, value: FactValue) => string;
  /** Name the author gave a rule; null where it has none. */
  readonly ruleName: (rule: string) => string | null;
  /** Rule that decided, by its id; null where several count or none. */
  readonly decided: string | null;
};

/** The rules a step asked, with ✓ and ✗ at every part and the values they were asked over. */
export function WhyRules({ ruleSets, ...reading }: Reading & { readonly ruleSets: readonly RuleSet[] }) {
  const { locale } = reading;
  const sets = ruleSets.filter(({ rules }) => rules.length > 0);
  if (sets.length === 0) return <p className="dz-why-none">{textOf(locale, "why.no-rules")}</p>;
  return (
    <section aria-label={textOf(locale, "why.rules")} className="dz-why">
      <h3>{textOf(locale, "why.rules")}</h3>
      {sets.map((set, index) => (
        <div key={set.id}>
          {sets.length > 1 && <h4>{textOf(locale, "why.rule-set", { number: index + 1 })}</h4>}
          <RuleList rules={set.rules} {...reading} />
        </div>
      ))}
    </section>
  );
}

/** What decided, what could not be answered, and, of a long list, the rest as a count. */
function RuleList({ rules, ...reading }: Reading & { readonly rules: RuleSet["rules"] }) {
  const { locale } = reading;
  const [all, setAll] = useState(false);
  const numbered = rules.map((rule, index): Numbered => ({ rule, number: index + 1 }));
  const last = numbered.find(({ rule }) => rule.rule === reading.decided)?.number ?? numbered.length;
  const telling = numbered.filter(({ rule, number }) => number <= last && rule.truth !== "fails");
  const listed = all || rules.length <= LISTED_MAX ? numbered : telling;
  const shown = listed.slice(0, SHOWN_MAX);
  const hidden = rules.length - shown.length;
  return (
    <>
      <ol>
        {shown.map((one) => (
          <RuleBox key={one.rule.rule} {...one} {...reading} />
        ))}
      </ol>
      {hidden > 0 && (
        <p className="dz-why-rest">
          {textOf(locale, "why.rules-hidden", { count: hidden })}
          {!all && (
            <button type="button" className="dz-link" onClick={() => setAll(true)}>
              {textOf(locale, "why.show-rules", { count: Math.min(rules.length, SHOWN_MAX) })}
            </button>
          )}
        </p>
      )}
    </>
  );
}

function RuleBox({ rule, number, ...reading }: Reading & Numbered) {
  const { locale, ruleName, decided } = reading;
  const name = ruleName(rule.rule);
  const decides = rule.rule === decided;
  return (
    <li className="dz-why-rule" data-decides={decides}>
      <p className="dz-why-head">
        <Mark truth={rule.truth} locale={locale} />
        <span title={rule.rule}>
          {name === null ? textOf(locale, "why.rule", { number }) : textOf(locale, "why.rule-named", { number, name })}
        </span>
        {decides && <span className="dz-why-decided">{textOf(locale, "why.decided")}</span>}
      </p>
      <PartTree part={rule.condition} {...reading} />
    </li>
  );
}

const ICONS = { holds: CircleCheck, fails: CircleX, unknown: CircleHelp } as const;

function Mark({ truth, locale }: { readonly truth: ExplainedRule["truth"]; readonly locale: Locale }) {
  const Icon = ICONS[truth];
  return <Icon size={15} className="dz-truth" data-truth={truth} aria-label={textOf(locale, `why.truth.${truth}`)} />;
}

/** A condition as a tree: groups say how their parts are joined, leaves show the value they were asked over. */
function PartTree({ part, ...reading }: Reading & { readonly part: ExplainedCondition }) {
  const { locale, fields, valueText } = reading;
  if (part.kind === "leaf") {
    return (
      <p className="dz-why-leaf">
        <Mark truth={part.truth} locale={locale} />
        <span>
          {conditionSentence(part.leaf, fields, locale)}{" "}
          <span className="dz-why-actual">
            {textOf(locale, "why.actual", { value: valueText(part.leaf.fact, part.value) })}
          </span>
        </span>
      </p>
    );
  }
  const children = part.kind === "not" ? [part.of] : part.of;
  return (
    <div className="dz-why-group">
      <p>
        <Mark truth={part.truth} locale={locale} />
        {textOf(locale, `why.group.${part.kind}`)}
      </p>
      <ul>
        {children.map((child, index) => (
          // Parts have no names; the authored order is what tells them apart, and it never changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
          <li key={index}>
            <PartTree part={child} {...reading} />
          </li>
        ))}
      </ul>
    </div>
  );
}
