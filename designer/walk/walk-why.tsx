import { useEffect, useMemo, useState } from "react";
import { type Explanation, explainDecision } from "#engine";
import { useDesigner, useFields, useText } from "../store/context";
import { WhyRules } from "../why/why-rules";
import { useStepTitle, type WalkParts } from "./walk-parts";

/** Why the account takes the way it takes: every part of the conditions with ✓, ✗ or ? and the values they were asked over. */
export function WalkWhy({ doc, words, walking }: WalkParts) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const titleOf = useStepTitle(doc);
  const { program, told, frames, cursor, walk } = walking;
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  // The way that is taken next; where the account waits, the one that was taken last.
  const at = frames[Math.min(cursor, frames.length - 1)]?.decision;
  const recorded = useMemo(() => {
    if (program === null || told === null) return null;
    const decisions = told.moments.flatMap((moment) => moment.decisions);
    return { program, partyId: `party_${walk.party}` as const, startedAtMs: walk.startMs, decisions };
  }, [program, told, walk]);
  useEffect(() => {
    let current = true;
    if (recorded === null || at === undefined) setExplanation(null);
    else
      void explainDecision(recorded, at, { fields, dataDate: null }).then((found) => current && setExplanation(found));
    return () => {
      current = false;
    };
  }, [recorded, at, fields]);
  if (explanation === null) return null;
  const { decision, ruleSets } = explanation;
  return (
    <section className="dz-walk-why" aria-label={text("walk.why")}>
      <h3>
        {text("walk.why")} <span>{text("walk.why-step", { step: titleOf(decision.nodeId) })}</span>
      </h3>
      <p>{words.decision(decision)}</p>
      {ruleSets.length > 0 && (
        <WhyRules
          ruleSets={ruleSets}
          locale={locale}
          fields={fields}
          decided={decision.code === "rule-holds" ? decision.detail : null}
          valueText={words.value}
          ruleName={(rule) => words.ruleName(decision.nodeId, rule)}
        />
      )}
    </section>
  );
}
