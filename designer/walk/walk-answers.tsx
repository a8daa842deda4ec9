import { useId, useState } from "react";
import { answersAt, type EnrollmentState, localDate, type ScenarioEvent } from "#engine";
import { Input } from "../controls/inputs";
import { minorOf } from "../inspector/numbers";
import { useText } from "../store/context";
import type { WalkParts } from "./walk-parts";

const DAY_MS = 86_400_000;
const PROMISE_DAYS = 3;

type Answer = { readonly key: string; readonly label: string; readonly event: ScenarioEvent };

/** What the world may answer where the account stands, and what may happen to anybody at any time. */
export function WalkAnswers({ doc, words, walking, state }: WalkParts & { readonly state: EnrollmentState }) {
  const text = useText();
  const { act } = walking;
  const answers = answersAt(doc, state.nodeId).flatMap((stimulus): readonly Answer[] => {
    if ("outcomes" in stimulus) {
      if (!state.pending) return [];
      return stimulus.outcomes.map((outcome) => ({
        key: `${stimulus.event} ${outcome}`,
        label: words.outcome(outcome),
        event: { type: stimulus.event, outcome } as ScenarioEvent,
      }));
    }
    if (stimulus.event !== "contact.denied" || !state.pending) return [];
    return [{ key: stimulus.event, label: text("walk.blocked"), event: { type: stimulus.event } }];
  });
  return (
    <>
      {answers.length > 0 && (
        <fieldset className="dz-walk-answers">
          <legend>{text("walk.answer")}</legend>
          {answers.map(({ key, label, event }, index) => (
            <button
              key={key}
              type="button"
              {...(index < 9 ? { "data-answer": index + 1 } : {})}
              onClick={() => act.happen(event)}
            >
              {index < 9 && <kbd>{index + 1}</kbd>}
              {label}
            </button>
          ))}
        </fieldset>
      )}
      <Else doc={doc} walking={walking} />
    </>
  );
}

/** Payments, promises and replies: they happen whether a strategy waits for them or not. */
function Else({ doc, walking }: Pick<WalkParts, "doc" | "walking">) {
  const text = useText();
  const id = useId();
  const { now, act } = walking;
  const overdue = now?.facts.overdue_amount;
  const [amount, setAmount] = useState("");
  const typed = amount === "" && typeof overdue === "number" && overdue > 0 ? String(overdue / 100) : amount;
  const minor = minorOf(typed);
  const amountMinor = minor !== null && minor > 0 ? minor : null;
  const [due, setDue] = useState("");
  const dueDate =
    due === "" && now !== null ? localDate(doc.settings.timeZone, now.nowMs + PROMISE_DAYS * DAY_MS) : due;
  return (
    <details className="dz-walk-else">
      <summary>{text("walk.else")}</summary>
      <label htmlFor={`${id}-amount`}>{text("walk.amount")}</label>
      <Input
        id={`${id}-amount`}
        inputMode="decimal"
        value={typed}
        onChange={(event) => setAmount(event.target.value)}
      />
      <label htmlFor={`${id}-due`}>{text("walk.due")}</label>
      <Input id={`${id}-due`} type="date" value={dueDate} onChange={(event) => setDue(event.target.value)} />
      <span className="dz-walk-acts">
        <button
          type="button"
          disabled={amountMinor === null}
          onClick={() => amountMinor !== null && act.happen({ type: "payment.posted", amountMinor })}
        >
          {text("walk.pay")}
        </button>
        <button
          type="button"
          disabled={amountMinor === null || dueDate === ""}
          onClick={() => amountMinor !== null && act.happen({ type: "promise.made", amountMinor, dueDate })}
        >
          {text("walk.promise")}
        </button>
        <button type="button" onClick={() => act.happen({ type: "reply.received" })}>
          {text("walk.reply")}
        </button>
        <button type="button" onClick={() => act.happen({ type: "stop.requested" })}>
          {text("walk.stop")}
        </button>
      </span>
    </details>
  );
}
