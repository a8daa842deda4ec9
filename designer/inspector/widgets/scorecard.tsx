"use client";

import { Gauge } from "lucide-react";
import { useState } from "react";
import { inLocale, type JsonValue } from "#engine";
import { stepName } from "../../canvas/drawing";
import { FieldGroup } from "../../controls/inputs";
import { Window } from "../../controls/window";
import { useDesigner, useText, useWords } from "../../store/context";
import { CardEditor } from "../../tables/card-editor";
import { type Card, EMPTY_CARD, scoreRange } from "../../tables/card-model";
import { useWindowKeys } from "../../tables/use-window-keys";
import type { WidgetProps } from "../widget";

/** A scorecard: its size and bands here, the card itself in a window of its own. */
export function ScorecardWidget({ id, label, value, field, view, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const words = useWords();
  const locale = useDesigner((state) => state.locale);
  const onKeyDown = useWindowKeys();
  const [open, setOpen] = useState(false);
  // The step's schema has parsed the data before a form is shown (`StepForm`).
  const card = { ...EMPTY_CARD, ...(value as Partial<Card> | undefined) };
  const size = text("cards.size", {
    attributes: card.attributes.length,
    bands: card.bands.length,
    ...scoreRange(card),
  });
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      <p className="dz-hint">{size}</p>
      <ul className="dz-bands">
        {card.bands.map((band) => (
          <li key={band.id}>
            <span>{band.name === undefined ? band.id : inLocale(band.name, locale)}</span>
            <span>{band.atLeast === null ? text("cards.floor") : `≥ ${band.atLeast}`}</span>
          </li>
        ))}
      </ul>
      <button type="button" className="dz-open-window" onClick={() => setOpen(true)}>
        <Gauge size={15} aria-hidden />
        {text(readOnly ? "cards.view" : "cards.edit")}
      </button>
      <Window
        title={text("cards.title", { step: stepName(view.node, words) })}
        detail={size}
        closeLabel={text("tables.close")}
        open={open}
        onOpen={setOpen}
        onKeyDown={onKeyDown}
      >
        <CardEditor
          card={card}
          problems={problems}
          maximum={field.maximum}
          readOnly={readOnly}
          change={(next, gesture) => onValue(next as unknown as JsonValue, gesture)}
        />
      </Window>
    </FieldGroup>
  );
}
