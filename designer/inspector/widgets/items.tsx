import { ArrowDown, ArrowUp, X } from "lucide-react";
import type { JsonValue, LocalText } from "#engine";
import { IconButton } from "../../controls/icon-button";
import { Input } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import type { WidgetProps } from "../widget";

/** A list of a step's data. The step's schema has parsed the data before a form is shown (`StepForm`). */
export function itemsOf<TItem>(value: JsonValue | undefined): readonly TItem[] {
  return (Array.isArray(value) ? value : []) as unknown as readonly TItem[];
}

/** Something with a stable id and the author's name for it. */
export type Named = { readonly id: string; readonly name?: LocalText };

/** The item with a name in one language; without a name in any it has none. */
export function renamed<TItem extends Named>(item: TItem, locale: "zh-CN" | "en", typed: string): TItem {
  const { name, ...rest } = item;
  const { [locale]: _before, ...others } = name ?? {};
  const next = typed === "" ? others : { ...others, [locale]: typed };
  return (Object.keys(next).length === 0 ? rest : { ...rest, name: next }) as TItem;
}

export function NameInput({
  item,
  readOnly,
  onItem,
}: {
  readonly item: Named;
  readonly readOnly: boolean;
  readonly onItem: (typed: string) => void;
}) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const other = item.name?.[locale === "en" ? "zh-CN" : "en"];
  return (
    <Input
      className="dz-item-name"
      aria-label={text("form.item-name", { id: item.id })}
      placeholder={other ?? item.id}
      maxLength={80}
      value={item.name?.[locale] ?? ""}
      readOnly={readOnly}
      onChange={(event) => onItem(event.target.value)}
    />
  );
}

/** Moves an item of an ordered list, and takes it away: what stands at the end of its row. */
export function ItemTools({
  index,
  count,
  removeLabel,
  onMove,
  onRemove,
}: {
  readonly index: number;
  readonly count: number;
  readonly removeLabel: string;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}) {
  const text = useText();
  return (
    <>
      <IconButton label={text("form.move-up")} disabled={index === 0} onClick={() => onMove(-1)}>
        <ArrowUp size={14} aria-hidden />
      </IconButton>
      <IconButton label={text("form.move-down")} disabled={index === count - 1} onClick={() => onMove(1)}>
        <ArrowDown size={14} aria-hidden />
      </IconButton>
      <IconButton label={removeLabel} onClick={onRemove}>
        <X size={14} aria-hidden />
      </IconButton>
    </>
  );
}

/** The list with one item moved up or down by one place. */
export function movedBy<TItem>(items: readonly TItem[], index: number, by: -1 | 1): readonly TItem[] {
  const item = items[index];
  return item === undefined ? items : items.toSpliced(index, 1).toSpliced(index + by, 0, item);
}

export function ItemProblems({ problems }: { readonly problems: WidgetProps["problems"] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="dz-field-problems">
      {problems.map((problem) => (
        <li key={problem.text} data-worst={problem.severity}>
          {problem.text}
        </li>
      ))}
    </ul>
  );
}
