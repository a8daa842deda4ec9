import { useEffect, useRef } from "react";
import type { StrategyChange, TextPart } from "#engine";
import { textParts } from "#engine";
import { useDesigner, useText } from "../store/context";
import { MarkBadge } from "./mark-badge";
import { bySubject, type StepMark } from "./marks-of";

/** Texts longer than this are compared word by word below each other instead of in one line. */
const SHORT_MAX = 48;

export function markOfChange({ kind, logic }: StrategyChange): StepMark {
  if (kind === "added" || kind === "removed") return kind;
  return logic ? "changed" : "reworded";
}

/** Every change as a sentence, by what it is about; the one that is looked at shows both sides whole. */
export function ChangeList({
  changes,
  current,
  omitted,
  onChoose,
}: {
  readonly changes: readonly StrategyChange[];
  readonly current: StrategyChange | undefined;
  readonly omitted: number;
  readonly onChoose: (change: StrategyChange) => void;
}) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  return (
    <div className="dz-changes">
      {bySubject(changes).map((group) => {
        const [first] = group;
        if (first === undefined) return null;
        const { subject } = first;
        const name = first.words[locale].subject;
        return (
          <section key={`${subject.kind} ${subject.within} ${subject.id}`} aria-label={name}>
            <h4>{name}</h4>
            <ul>
              {group.map((change) => (
                <ChangeItem
                  key={`${change.kind} ${change.path.join("/")}`}
                  change={change}
                  current={change === current}
                  onChoose={onChoose}
                />
              ))}
            </ul>
          </section>
        );
      })}
      {omitted > 0 && <p className="dz-hint">{text("review.omitted", { count: omitted })}</p>}
    </div>
  );
}

function ChangeItem({
  change,
  current,
  onChoose,
}: {
  readonly change: StrategyChange;
  readonly current: boolean;
  readonly onChoose: (change: StrategyChange) => void;
}) {
  const locale = useDesigner((state) => state.locale);
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) item.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <li ref={item} data-current={current}>
      <button type="button" aria-current={current} onClick={() => onChoose(change)}>
        <MarkBadge mark={markOfChange(change)} size={12} />
        <span>{change.words[locale].sentence}</span>
      </button>
      {current && <BothSides change={change} />}
    </li>
  );
}

/** What stood there and stands there now, whole, with the words that differ marked. */
function BothSides({ change }: { readonly change: StrategyChange }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const { before, after, place } = change.words[locale];
  if (change.kind === "moved" || before === null || after === null) {
    const only = before ?? after;
    return only === null || only.length <= SHORT_MAX ? null : <p className="dz-both">{only}</p>;
  }
  const parts = textParts(before, after);
  return (
    <dl className="dz-both" aria-label={place}>
      <dt>{text("review.before")}</dt>
      <dd>
        <Parts parts={parts} leave="added" />
      </dd>
      <dt>{text("review.after")}</dt>
      <dd>
        <Parts parts={parts} leave="removed" />
      </dd>
    </dl>
  );
}

function Parts({ parts, leave }: { readonly parts: readonly TextPart[]; readonly leave: TextPart["kind"] }) {
  let offset = 0;
  return parts.flatMap((part) => {
    if (part.kind === leave) return [];
    offset += part.text.length;
    if (part.kind === "same") return [<span key={offset}>{part.text}</span>];
    return [part.kind === "added" ? <ins key={offset}>{part.text}</ins> : <del key={offset}>{part.text}</del>];
  });
}
