"use client";

import { Plus, X } from "lucide-react";
import type { Condition, JsonValue } from "#engine";
import { nextId } from "../../commands/ids";
import { IconButton } from "../../controls/icon-button";
import { FieldGroup, Input, TextButton } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import { ConditionBuilder } from "../condition-builder";
import { evenShares, SHARE_WHOLE, withArm, withoutArm, withShare } from "../shares";
import { useDraft } from "../use-draft";
import { problemsAt, type WidgetProps } from "../widget";
import { ItemProblems, ItemTools, itemsOf, movedBy, type Named, NameInput, renamed } from "./items";

export function ConditionWidget({ id, label, value, problems, readOnly, onValue }: WidgetProps) {
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      <ConditionBuilder
        id={id}
        condition={(value ?? null) as Condition | null}
        readOnly={readOnly}
        mayBeEmpty
        onCondition={(condition, gesture) => onValue(condition as JsonValue, gesture)}
      />
    </FieldGroup>
  );
}

type Rule = Named & { readonly when: Condition | null };
type Arm = Named & { readonly weight: number };

/** Ordered rules, each with its own way on. Their ids never change, so that reordering rewires nothing. */
export function RulesWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const rules = itemsOf<Rule>(value);
  const store = (next: readonly Rule[], gesture?: "typing"): boolean => onValue(next as unknown as JsonValue, gesture);
  const replace = (index: number, rule: Rule, gesture?: "typing"): boolean => store(rules.with(index, rule), gesture);
  return (
    <FieldGroup id={id} label={label} problems={problems.filter((problem) => problem.path === "")}>
      <ol className="dz-rules">
        {rules.map((rule, index) => (
          <li key={rule.id} className="dz-rule">
            <div className="dz-rule-head">
              <span className="dz-rule-number">{index + 1}</span>
              <NameInput
                item={rule}
                readOnly={readOnly}
                onItem={(typed) => replace(index, renamed(rule, locale, typed), "typing")}
              />
              {!readOnly && (
                <ItemTools
                  index={index}
                  count={rules.length}
                  removeLabel={text("form.remove-rule")}
                  onMove={(by) => store(movedBy(rules, index, by))}
                  onRemove={() => store(rules.toSpliced(index, 1))}
                />
              )}
            </div>
            <ConditionBuilder
              id={`${id}-${rule.id}`}
              condition={rule.when}
              readOnly={readOnly}
              mayBeEmpty
              onCondition={(when, gesture) => replace(index, { ...rule, when }, gesture)}
            />
            <ItemProblems problems={problemsAt(problems, `[${index}]`)} />
          </li>
        ))}
      </ol>
      {!readOnly && rules.length < (field.maximum ?? Number.MAX_SAFE_INTEGER) && (
        <TextButton
          onClick={() => {
            const taken = rules.map((rule) => rule.id);
            store([...rules, { id: nextId("rule", taken), when: null }]);
          }}
        >
          <Plus size={13} aria-hidden />
          {text("form.add-rule")}
        </TextButton>
      )}
    </FieldGroup>
  );
}

/** Arms of an experiment with their shares, shown as percent and kept as parts of ten thousand that always add up. */
export function WeightsWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const arms = itemsOf<Arm>(value);
  const shares = arms.map((arm) => arm.weight);
  const store = (next: readonly Arm[], gesture?: "typing"): boolean => onValue(next as unknown as JsonValue, gesture);
  const withShares = (next: readonly Arm[], weights: readonly number[]): readonly Arm[] =>
    next.map((arm, index) => ({ ...arm, weight: weights[index] ?? 0 }));
  const { minimum = 1, maximum = Number.MAX_SAFE_INTEGER } = field;
  const add = (): void => {
    const taken = arms.map((arm) => arm.id);
    store(withShares([...arms, { id: nextId("arm", taken), weight: 0 }], withArm(shares)));
  };
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      <div className="dz-share-bar" aria-hidden>
        {arms.map((arm) => (
          <span key={arm.id} style={{ flexGrow: arm.weight }} />
        ))}
      </div>
      <ul className="dz-arms">
        {arms.map((arm, index) => (
          <li key={arm.id}>
            <NameInput
              item={arm}
              readOnly={readOnly}
              onItem={(typed) => store(arms.with(index, renamed(arm, locale, typed)), "typing")}
            />
            <ShareInput
              share={arm.weight}
              label={text("form.share", { id: arm.id })}
              readOnly={readOnly || arms.length < 2}
              onShare={(share) => store(withShares(arms, withShare(shares, index, share)), "typing")}
            />
            {!readOnly && (
              <IconButton
                label={text("form.remove-arm")}
                disabled={arms.length <= minimum}
                onClick={() => store(withShares(arms.toSpliced(index, 1), withoutArm(shares, index)))}
              >
                <X size={14} aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {!readOnly && (
        <div className="dz-group-tools">
          {arms.length < maximum && (
            <TextButton onClick={add}>
              <Plus size={13} aria-hidden />
              {text("form.add-arm")}
            </TextButton>
          )}
          <TextButton onClick={() => store(withShares(arms, evenShares(arms.length)))}>
            {text("form.even-shares")}
          </TextButton>
        </div>
      )}
    </FieldGroup>
  );
}

const PER_PERCENT = SHARE_WHOLE / 100;

function ShareInput({
  share,
  label,
  readOnly,
  onShare,
}: {
  readonly share: number;
  readonly label: string;
  readonly readOnly: boolean;
  readonly onShare: (share: number) => boolean;
}) {
  const text = useText();
  const draft = useDraft(String(share / PER_PERCENT), (typed) => {
    const valid = /^\d{1,3}(\.\d{1,2})?$/.test(typed.trim());
    const next = Math.round(Number(typed) * PER_PERCENT);
    return valid && next <= SHARE_WHOLE && onShare(next)
      ? { ok: true, reads: String(next / PER_PERCENT) }
      : { ok: false, problem: text("form.share-problem") };
  });
  return (
    <span className="dz-typed dz-share">
      <Input
        aria-label={label}
        aria-invalid={draft.problem !== null}
        title={draft.problem ?? undefined}
        inputMode="decimal"
        value={draft.value}
        readOnly={readOnly}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
      <span className="dz-unit">%</span>
    </span>
  );
}
