import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { useDesigner, useDrawing } from "../store/context";
import { overlayOf } from "../store/store";
import { type Figure, figuresOf, type Overlay, type OverlayKind, type Scale, scaleOf, sharesOf } from "./overlay";

/** What of an overlay is shown, and what its values are measured by. */
export type Shown = {
  readonly overlay: Overlay;
  readonly kind: OverlayKind;
  readonly figure: Figure;
  readonly figures: readonly Figure[];
  /** Percentages instead of counts and money. */
  readonly inShares: boolean;
  readonly scale: Scale;
  /** Of every bundle: what part of those who left its step went that way, from 0 to 1. */
  readonly shares: ReadonlyMap<string, number>;
  readonly choose: (figure: Figure) => void;
  readonly setInShares: (inShares: boolean) => void;
};

const ShownContext = createContext<Shown | null>(null);

/** Null where no figures are shown. */
export const useShownOverlay = (): Shown | null => use(ShownContext);

/** Keeps which figure the reader looks at. Money that passes says most of a simulation, waiting most of a day. */
export function OverlayProvider({ children }: { readonly children: ReactNode }) {
  const overlay = useDesigner(overlayOf);
  const kind = useDesigner((state) => state.overlayKind);
  const entry = useDesigner((state) => state.doc.entry.node);
  const { bundles } = useDrawing().flow;
  const [chosen, choose] = useState<Figure | null>(null);
  const [inShares, setInShares] = useState(false);
  const shown = useMemo((): Shown | null => {
    if (overlay === null) return null;
    const figures = figuresOf(overlay);
    const usual: Figure = kind === "simulated" ? "passed" : "waiting";
    const figure = chosen !== null && figures.includes(chosen) ? chosen : usual;
    const scale = scaleOf(overlay, figure, entry);
    const shares = sharesOf(overlay.flows, bundles);
    return { overlay, kind, figure, figures, inShares, scale, shares, choose, setInShares };
  }, [overlay, kind, entry, bundles, chosen, inShares]);
  return <ShownContext value={shown}>{children}</ShownContext>;
}
