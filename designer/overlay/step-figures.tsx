import { CircleAlert } from "lucide-react";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import { countText, figureText, moneyText, shareText } from "./figure-text";
import { figureAt, type StepFigures } from "./overlay";
import { useShownOverlay } from "./overlay-context";

/** The figures of a step, or null where none are shown. */
export function useStepFigures(nodeId: string): StepFigures | null {
  return useShownOverlay()?.overlay.steps[nodeId] ?? null;
}

/** How many came by, and what they paid: the second line while figures are shown. */
export function FiguresLine({ figures }: { readonly figures: StepFigures }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const currency = useDesigner((state) => state.doc.settings.currency);
  const kind = useDesigner((state) => state.overlayKind);
  const count = countText(figures.entered, locale);
  const { recoveredMinor = 0 } = figures;
  const said = text("canvas.entered", { count });
  const cameBy = (
    <>
      <span className="dz-said">{said}</span>
      <span className="dz-bare" aria-hidden>
        {count}
      </span>
    </>
  );
  if (recoveredMinor === 0)
    return (
      <span className="dz-summary dz-figures" data-kind={kind} title={said}>
        {cameBy}
      </span>
    );
  const money = moneyText(recoveredMinor, currency, locale);
  return (
    <span className="dz-summary dz-figures" data-kind={kind} title={text("canvas.entered-money", { count, money })}>
      <span>{cameBy}</span>
      <span className="dz-and"> · </span>
      <span>{money}</span>
    </span>
  );
}

/** The value of the chosen figure, and how much of the most it is. Where accounts stand, it opens their list. */
export function FigureChip({ id, figures }: { readonly id: string; readonly figures: StepFigures }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const currency = useDesigner((state) => state.doc.settings.currency);
  const { onOpenAccounts } = useDesignerContext();
  const shown = useShownOverlay();
  if (shown === null) return null;
  const { kind, figure, inShares, scale } = shown;
  const value = figureAt(figures, figure) ?? 0;
  if (value === 0) return null;
  const plain = figureText(value, { figure, currency, locale });
  const label = inShares && scale.whole > 0 ? shareText(value / scale.whole, locale) : plain;
  const content = (
    <>
      {figure === "failures" && <CircleAlert size={12} aria-hidden />}
      {label}
    </>
  );
  const said = text(`overlay.at-${figure}`, { value: plain });
  const listed = figure === "waiting" || figure === "failures" ? figure : null;
  if (onOpenAccounts === undefined || kind !== "live" || listed === null)
    return (
      <span className="dz-count" data-kind={kind} data-figure={figure} title={said}>
        {content}
      </span>
    );
  return (
    <button
      type="button"
      className="dz-count nodrag nopan"
      data-kind={kind}
      data-figure={figure}
      title={text(`overlay.open-${listed}`, { count: plain })}
      onClick={(event) => {
        event.stopPropagation();
        onOpenAccounts(id, listed);
      }}
    >
      {content}
    </button>
  );
}

/** As long as the value is of the largest one: length tells without colour where most is. */
export function FigureBar({ figures }: { readonly figures: StepFigures }) {
  const shown = useShownOverlay();
  if (shown === null || shown.scale.most === 0) return null;
  const value = figureAt(figures, shown.figure) ?? 0;
  if (value <= 0) return null;
  const part = value / shown.scale.most;
  return (
    <span className="dz-heat" data-kind={shown.kind} data-figure={shown.figure} aria-hidden>
      <span style={{ width: `${Math.max(2, part * 100)}%` }} />
    </span>
  );
}
