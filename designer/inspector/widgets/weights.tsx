"use client";

import { Lock, LockOpen, Plus, X } from "lucide-react";
import { useState } from "react";
import type { JsonValue } from "#engine";
import { nextId } from "../../commands/ids";
import { IconButton } from "../../controls/icon-button";
import { FieldGroup, Input, TextButton } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import { evenShares, SHARE_WHOLE, withArm, withoutArm, withShare } from "../shares";
import { useDraft } from "../use-draft";
import type { WidgetProps } from "../widget";
import { itemsOf, type Named, NameInput, renamed } from "./items";

type Arm = Named & { readonly weight: number };

/**
 * Arms of an experiment with their shares, shown as percent and kept as parts of ten thousand that always add up. A locked share stays
 * what it is while others are set; locks are the author's for the moment and no part of the document.
 */
export function WeightsWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const arms = itemsOf<Arm>(value);
  const shares = arms.map((arm) => arm.weight);
  const store = (next: readonly Arm[], gesture?: "typing"): boolean => onValue(next as unknown as JsonValue, gesture);
  const withShares = (next: readonly Arm[], weights: readonly number[]): readonly Arm[] =>
    next.map((arm, index) => ({ ...arm, weight: weights[index] ?? 0 }));
  const [lockedIds, setLockedIds] = useState<readonly string[]>([]);
  const locked = arms.flatMap((arm, index) => (lockedIds.includes(arm.id) ? [index] : []));
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
              readOnly={readOnly || arms.length < 2 || locked.includes(index)}
              onShare={(share) => {
                const next = withShare(shares, index, { share, locked });
                return next[index] === share && store(withShares(arms, next), "typing");
              }}
            />
            {!readOnly && arms.length > 2 && (
              <IconButton
                label={text("form.lock-share", { id: arm.id })}
                pressed={locked.includes(index)}
                onClick={() =>
                  setLockedIds((before) =>
                    before.includes(arm.id) ? before.filter((id) => id !== arm.id) : [...before, arm.id],
                  )
                }
              >
                {locked.includes(index) ? <Lock size={13} aria-hidden /> : <LockOpen size={13} aria-hidden />}
              </IconButton>
            )}
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
