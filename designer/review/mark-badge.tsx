import { Minus, PencilLine, Plus, Type } from "lucide-react";
import { useText } from "../store/context";
import type { StepMark } from "./marks-of";

const ICONS = { added: Plus, removed: Minus, changed: PencilLine, reworded: Type } as const;

/** A change by shape and sign: a square with a plus, a square with a minus, a disc with a pencil. Colour only repeats it. */
export function MarkBadge({ mark, size = 14 }: { readonly mark: StepMark; readonly size?: number }) {
  const text = useText();
  const Icon = ICONS[mark];
  return (
    <span className="dz-mark-badge" data-mark={mark} title={text(`review.mark.${mark}`)}>
      <Icon size={size} aria-hidden strokeWidth={2.5} />
      <span className="sr-only">{text(`review.mark.${mark}`)}</span>
    </span>
  );
}
