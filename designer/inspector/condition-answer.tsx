"use client";

import { CircleHelp, ExternalLink, Users } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { type Condition, canonicalJson } from "#engine";
import { TextButton } from "../controls/inputs";
import { countText } from "../overlay/figure-text";
import { useIssueText } from "../problems/problems";
import type { AccountDesk, AccountsAnswer, AskedSettings } from "../store/accounts";
import { useDesigner, useDesignerContext, useText } from "../store/context";

/** How long an author must pause before the accounts are asked: between two words, not between two letters. */
const PAUSE_MS = 350;

type Said = { readonly about: string; readonly answer: AccountsAnswer | "failed" };

/** Asks whenever the condition has rested a moment, and calls off what is no longer of interest. */
function useAnswer(
  desk: AccountDesk,
  condition: Condition,
  settings: AskedSettings,
): Said & { readonly fresh: boolean } {
  const [said, setSaid] = useState<Said | null>(null);
  const about = canonicalJson({ condition, settings });
  useEffect(() => {
    const call = new AbortController();
    const answered = (answer: Said["answer"]): void => {
      if (!call.signal.aborted) setSaid({ about, answer });
    };
    const question = JSON.parse(about) as { readonly condition: Condition; readonly settings: AskedSettings };
    const timer = setTimeout(() => {
      desk.ask(question.condition, question.settings, call.signal).then(answered, () => answered("failed"));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      call.abort();
    };
  }, [desk, about]);
  return said === null ? { about, answer: "failed", fresh: false } : { ...said, fresh: said.about === about };
}

/** Below a condition: how many of the lender's accounts it holds for right now, and three of them. Asked once it is worked on. */
export function ConditionAnswer({ condition, active }: { readonly condition: Condition; readonly active: boolean }) {
  const text = useText();
  const { accounts } = useDesignerContext();
  const [wished, setWished] = useState(false);
  if (accounts === undefined) return null;
  if (!active && !wished) {
    return (
      <TextButton className="dz-answer-ask" onClick={() => setWished(true)}>
        <Users size={13} aria-hidden />
        {text("answer.ask")}
      </TextButton>
    );
  }
  return <Answered desk={accounts} condition={condition} />;
}

function Answered({ desk, condition }: { readonly desk: AccountDesk; readonly condition: Condition }) {
  const text = useText();
  const { market, currency, timeZone, fields, variables } = useDesigner((state) => state.doc.settings);
  const settings = useMemo(
    () => ({ market, currency, timeZone, fields, variables }),
    [market, currency, timeZone, fields, variables],
  );
  const { answer, about, fresh } = useAnswer(desk, condition, settings);
  const waiting = !fresh && about !== "";
  return (
    <div className="dz-answer" data-waiting={waiting} aria-busy={waiting} data-testid="condition-answer">
      {answer === "failed" ? (
        <p className="dz-hint" role="status">
          {text(fresh ? "answer.failed" : "answer.asking")}
        </p>
      ) : answer.kind === "refused" ? (
        <Refused issues={answer.issues} />
      ) : (
        <Counted answer={answer} desk={desk} />
      )}
    </div>
  );
}

function Refused({ issues }: { readonly issues: Extract<AccountsAnswer, { kind: "refused" }>["issues"] }) {
  const text = useText();
  const say = useIssueText();
  return (
    <div role="status">
      <p className="dz-hint">{text("answer.refused")}</p>
      <ul className="dz-field-problems">
        {issues.map((issue) => (
          <li key={`${issue.path} ${issue.code}`} data-worst="error">
            {say(issue)}
          </li>
        ))}
      </ul>
    </div>
  );
}

type Counts = Extract<AccountsAnswer, { kind: "counted" }>;

function Counted({ answer, desk }: { readonly answer: Counts; readonly desk: AccountDesk }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const { looked, matches, unknown, capped, synthetic, asOnEntry, examples } = answer;
  const number = (value: number): string => countText(value, locale);
  return (
    <>
      <p className="dz-answer-counts" role="status">
        <b>{text("answer.matches", { count: number(matches) })}</b>
        {unknown > 0 && (
          <span title={text("answer.unknown-why")}>
            <CircleHelp size={12} aria-hidden />
            {text("answer.unknown", { count: number(unknown) })}
          </span>
        )}
        <span className="dz-answer-of">
          {text(capped ? "answer.of-first" : "answer.of", { count: number(looked) })}
        </span>
        {synthetic && <span className="dz-answer-synthetic">{text("answer.synthetic")}</span>}
      </p>
      <div className="dz-answer-bar" aria-hidden>
        <span data-part="matches" style={{ flexGrow: matches }} />
        <span data-part="unknown" style={{ flexGrow: unknown }} />
        <span style={{ flexGrow: Math.max(0, looked - matches - unknown) }} />
      </div>
      {asOnEntry && <p className="dz-hint">{text("answer.as-on-entry")}</p>}
      {examples.length > 0 && (
        <ul className="dz-answer-examples" aria-label={text("answer.examples")}>
          {examples.map((example) => (
            <li key={example.id}>
              <a href={desk.hrefOf(example.id)} target="_blank" rel="noreferrer">
                <span>{example.label}</span>
                <span className="dz-answer-hint">{example.hint}</span>
                <ExternalLink size={12} aria-hidden />
                <span className="sr-only">{text("answer.new-tab")}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
