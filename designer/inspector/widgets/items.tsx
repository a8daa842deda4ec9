import type { JsonValue, LocalText } from "#engine";
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
