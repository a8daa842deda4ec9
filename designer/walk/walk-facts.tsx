import { CircleHelp } from "lucide-react";
import { useId, useState } from "react";
import { type FactValue, type Field, factsAsked, fieldOf, inLocale } from "#engine";
import { IconButton } from "../controls/icon-button";
import { ScalarInput } from "../inspector/scalar-input";
import { useDesigner, useFields, useText } from "../store/context";
import type { WalkParts } from "./walk-parts";

/** Widest span a slider covers; beyond it a number is typed. */
const SLIDER_SPAN_MAX = 400;
/** Days past due a slider offers around what people reason about: five stages. */
const DAYS_SHOWN = { minimum: -30, maximum: 180 } as const;

type When = "start" | "now";

/** What is known of the account. A change walks the path again: from the beginning, or from where the account stands. */
export function WalkFacts({ walking }: WalkParts) {
  const text = useText();
  const [when, setWhen] = useState<When>("start");
  const { program, walk, now, act } = walking;
  if (program === null || now === null) return null;
  const asked = factsAsked(program);
  const facts = when === "start" ? walk.facts : now.facts;
  const others = Object.keys(facts)
    .filter((fact) => !asked.includes(fact))
    .sort();
  const line = (fact: string) => (
    <FactLine key={fact} fact={fact} value={facts[fact] ?? null} onValue={(value) => act.setFact(fact, value, when)} />
  );
  return (
    <section className="dz-walk-facts" aria-label={text("walk.facts")}>
      <h3>{text("walk.facts")}</h3>
      <p className="dz-hint">{text("walk.facts-hint")}</p>
      <fieldset className="dz-walk-when">
        {(["start", "now"] as const).map((known) => (
          <button key={known} type="button" aria-pressed={when === known} onClick={() => setWhen(known)}>
            {text(known === "start" ? "walk.at-start" : "walk.from-now")}
          </button>
        ))}
      </fieldset>
      {asked.map(line)}
      {others.length > 0 && (
        <details>
          <summary>{text("walk.more-facts", { count: others.length })}</summary>
          {others.map(line)}
        </details>
      )}
    </section>
  );
}

function sliderOf(field: Field): { readonly minimum: number; readonly maximum: number } | null {
  if (field.type !== "integer") return null;
  const { minimum, maximum, unit } = field;
  if (minimum !== undefined && maximum !== undefined && maximum - minimum <= SLIDER_SPAN_MAX)
    return { minimum, maximum };
  if (unit !== "days") return null;
  return { minimum: Math.max(minimum ?? DAYS_SHOWN.minimum, DAYS_SHOWN.minimum), maximum: DAYS_SHOWN.maximum };
}

function FactLine({
  fact,
  value,
  onValue,
}: {
  readonly fact: string;
  readonly value: FactValue;
  readonly onValue: (value: FactValue) => void;
}) {
  const text = useText();
  const id = useId();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const field = fieldOf(fields, fact);
  const label = field === undefined ? fact : inLocale(field.label, locale);
  const slider = field === undefined ? null : sliderOf(field);
  return (
    <div className="dz-walk-fact" data-fact={fact} data-unknown={value === null}>
      <label htmlFor={id} title={fact}>
        {label}
      </label>
      <ScalarInput
        key={`${fact} ${value === null}`}
        id={id}
        label={value === null ? `${label}: ${text("walk.unknown")}` : label}
        kind={field}
        value={value}
        readOnly={false}
        onValue={(next) => {
          onValue(next);
          return true;
        }}
      />
      <IconButton
        label={`${text("walk.make-unknown")}: ${label}`}
        disabled={value === null}
        onClick={() => onValue(null)}
      >
        <CircleHelp size={14} aria-hidden />
      </IconButton>
      {slider !== null && (
        <input
          type="range"
          aria-label={label}
          min={slider.minimum}
          max={slider.maximum}
          value={typeof value === "number" ? value : slider.minimum}
          onChange={(event) => onValue(Number(event.target.value))}
        />
      )}
    </div>
  );
}
