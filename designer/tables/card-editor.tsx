"use client";

import { Plus, X } from "lucide-react";
import { IconButton } from "../controls/icon-button";
import { TextButton } from "../controls/inputs";
import { ConditionBuilder } from "../inspector/condition-builder";
import { ScalarInput } from "../inspector/scalar-input";
import { type FieldProblem, problemsAt } from "../inspector/widget";
import { ItemProblems, ItemTools, NameInput, renamed } from "../inspector/widgets/items";
import { useDesigner, useText } from "../store/context";
import {
  addAttribute,
  addBand,
  addCardRule,
  type Card,
  type CardAttribute,
  type CardRule,
  type ChangeCard,
  moveAttribute,
  removeAttribute,
  removeBand,
  scoreRange,
  setAttribute,
  setBand,
} from "./card-model";

const NUMBER = { type: "number" } as const;

export type CardEditorProps = {
  readonly card: Card;
  readonly problems: readonly FieldProblem[];
  readonly maximum: number | undefined;
  readonly readOnly: boolean;
  readonly change: ChangeCard;
};

/** A scorecard: what gives points on the left, what the sum means on the right. */
export function CardEditor({ card, problems, maximum = Number.MAX_SAFE_INTEGER, readOnly, change }: CardEditorProps) {
  const text = useText();
  return (
    <div className="dz-card-editor">
      <section aria-label={text("cards.attributes")}>
        <h3>{text("cards.attributes")}</h3>
        {card.attributes.length === 0 && <p className="dz-hint">{text("cards.no-attributes")}</p>}
        <ItemProblems problems={problems.filter(({ path }) => path === ".attributes")} />
        <ol className="dz-attributes">
          {card.attributes.map((attribute, index) => (
            <Attribute
              key={attribute.id}
              card={card}
              index={index}
              attribute={attribute}
              problems={problemsAt(problems, `.attributes[${index}]`)}
              readOnly={readOnly}
              change={change}
            />
          ))}
        </ol>
        {!readOnly && card.attributes.length < maximum && (
          <TextButton onClick={() => change(addAttribute(card))}>
            <Plus size={13} aria-hidden />
            {text("cards.add-attribute")}
          </TextButton>
        )}
      </section>
      <Bands card={card} problems={problems} readOnly={readOnly} change={change} />
    </div>
  );
}

type AttributeProps = Pick<CardEditorProps, "card" | "problems" | "readOnly" | "change"> & {
  readonly attribute: CardAttribute;
  readonly index: number;
};

function Attribute({ card, attribute, index, problems, readOnly, change }: AttributeProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const set = (next: CardAttribute, gesture?: "typing"): boolean => change(setAttribute(card, next), gesture);
  const name = attribute.name?.[locale] ?? attribute.id;
  return (
    <li className="dz-attribute">
      <div className="dz-entry-head">
        <span className="dz-rule-number">{index + 1}</span>
        <NameInput
          item={attribute}
          readOnly={readOnly}
          onItem={(typed) => set(renamed(attribute, locale, typed), "typing")}
        />
        <Points
          label={text("cards.weight")}
          value={attribute.weight}
          readOnly={readOnly}
          onValue={(weight) => set({ ...attribute, weight }, "typing")}
        />
        {!readOnly && (
          <ItemTools
            index={index}
            count={card.attributes.length}
            removeLabel={text("cards.remove-attribute", { name })}
            onMove={(by) => change(moveAttribute(card, index, by))}
            onRemove={() => change(removeAttribute(card, attribute.id))}
          />
        )}
      </div>
      <Rules attribute={attribute} problems={problems} readOnly={readOnly} set={set} />
      <div className="dz-attribute-rest">
        <Points
          label={text("cards.otherwise")}
          value={attribute.otherwise}
          readOnly={readOnly}
          onValue={(otherwise) => set({ ...attribute, otherwise }, "typing")}
        />
        <UnknownPoints attribute={attribute} readOnly={readOnly} set={set} />
      </div>
      <ItemProblems problems={problems.filter(({ path }) => !path.startsWith(".rules["))} />
    </li>
  );
}

type SetAttribute = (attribute: CardAttribute, gesture?: "typing") => boolean;
type PartProps = Pick<AttributeProps, "attribute" | "readOnly"> & { readonly set: SetAttribute };

function Rules({ attribute, problems, readOnly, set }: PartProps & Pick<AttributeProps, "problems">) {
  const text = useText();
  const { rules } = attribute;
  const replace = (index: number, rule: CardRule, gesture?: "typing"): boolean =>
    set({ ...attribute, rules: rules.with(index, rule) }, gesture);
  return (
    <ol className="dz-card-rules">
      {rules.map((rule, index) => (
        <li key={rule.id} className="dz-card-rule">
          <ConditionBuilder
            id={`${attribute.id}-${rule.id}`}
            condition={rule.when}
            readOnly={readOnly}
            mayBeEmpty
            onCondition={(when, gesture) => replace(index, { ...rule, when }, gesture)}
          />
          <Points
            label={text("cards.points")}
            value={rule.points}
            readOnly={readOnly}
            onValue={(points) => replace(index, { ...rule, points }, "typing")}
          />
          {!readOnly && (
            <IconButton
              label={text("form.remove-rule")}
              onClick={() => set({ ...attribute, rules: rules.toSpliced(index, 1) })}
            >
              <X size={14} aria-hidden />
            </IconButton>
          )}
          <ItemProblems problems={problemsAt(problems, `.rules[${index}]`)} />
        </li>
      ))}
      {!readOnly && (
        <li>
          <TextButton onClick={() => set(addCardRule(attribute))}>
            <Plus size={13} aria-hidden />
            {text("form.add-rule")}
          </TextButton>
        </li>
      )}
    </ol>
  );
}

function UnknownPoints({ attribute, readOnly, set }: PartProps) {
  const text = useText();
  const { unknown } = attribute;
  return (
    <span className="dz-unknown-points">
      <label className="dz-check">
        <input
          type="checkbox"
          checked={unknown !== null}
          disabled={readOnly}
          onChange={(event) => set({ ...attribute, unknown: event.target.checked ? attribute.otherwise : null })}
        />
        {text("cards.unknown")}
      </label>
      {unknown === null ? (
        <span className="dz-hint">{text("cards.unknown-none")}</span>
      ) : (
        <Points
          label={text("cards.unknown-points")}
          value={unknown}
          readOnly={readOnly}
          onValue={(points) => set({ ...attribute, unknown: points }, "typing")}
        />
      )}
    </span>
  );
}

function Points({
  label,
  value,
  readOnly,
  onValue,
}: {
  readonly label: string;
  readonly value: number;
  readonly readOnly: boolean;
  readonly onValue: (value: number) => boolean;
}) {
  return (
    <span className="dz-points">
      <span aria-hidden>{label}</span>
      <ScalarInput
        label={label}
        kind={NUMBER}
        value={value}
        readOnly={readOnly}
        onValue={(next) => typeof next === "number" && onValue(next)}
      />
    </span>
  );
}

function Bands({
  card,
  problems,
  readOnly,
  change,
}: Pick<CardEditorProps, "card" | "problems" | "readOnly" | "change">) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  return (
    <section aria-label={text("cards.bands")}>
      <h3>{text("cards.bands")}</h3>
      <p className="dz-hint">
        {text("cards.range", scoreRange(card))}
        <br />
        {text("cards.bands-hint")}
      </p>
      <ItemProblems problems={problems.filter(({ path }) => path === ".bands")} />
      <ol className="dz-entries">
        {card.bands.map((band, index) => (
          <li key={band.id} className="dz-entry">
            <div className="dz-entry-head">
              <NameInput
                item={band}
                readOnly={readOnly}
                onItem={(typed) => change(setBand(card, renamed(band, locale, typed)), "typing")}
              />
              {band.atLeast === null ? (
                <span className="dz-hint dz-points">{text("cards.floor")}</span>
              ) : (
                <Points
                  label={text("cards.at-least")}
                  value={band.atLeast}
                  readOnly={readOnly}
                  onValue={(atLeast) => change(setBand(card, { ...band, atLeast }), "typing")}
                />
              )}
              {!readOnly && (
                <IconButton
                  label={text("cards.remove-band", { name: band.name?.[locale] ?? band.id })}
                  onClick={() => change(removeBand(card, band.id))}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              )}
            </div>
            <ItemProblems problems={problemsAt(problems, `.bands[${index}]`)} />
          </li>
        ))}
      </ol>
      {!readOnly && (
        <TextButton onClick={() => change(addBand(card))}>
          <Plus size={13} aria-hidden />
          {text("cards.add-band")}
        </TextButton>
      )}
    </section>
  );
}
