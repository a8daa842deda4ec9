import { Panel } from "@xyflow/react";
import { useDesigner, useText } from "../store/context";
import { countText } from "./figure-text";
import { FLOW_WIDTH_MAX } from "./flow-pieces";
import { useShownOverlay } from "./overlay-context";

/** Which figure the cards show, in counts or percentages, and what the widths of the lines mean. */
export function OverlayBar({ widest }: { readonly widest: number }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const shown = useShownOverlay();
  if (shown === null) return null;
  const { kind, figure, figures, inShares, scale, choose, setInShares } = shown;
  const units = [
    { key: "count", label: text("overlay.in-numbers"), sign: "123", on: !inShares },
    { key: "share", label: text("overlay.in-shares"), sign: "%", on: inShares },
  ];
  return (
    <Panel position="top-left" className="dz-overlay-bar">
      <div className="dz-overlay-choice" data-kind={kind}>
        <fieldset aria-label={text("overlay.title")}>
          {figures.map((known) => (
            <button key={known} type="button" aria-pressed={known === figure} onClick={() => choose(known)}>
              {text(`overlay.${known}-${kind}`)}
            </button>
          ))}
        </fieldset>
        <fieldset aria-label={text("overlay.unit")}>
          {units.map(({ key, label, sign, on }) => (
            <button
              key={key}
              type="button"
              aria-pressed={on}
              aria-label={label}
              title={label}
              onClick={() => setInShares(key === "share")}
            >
              {sign}
            </button>
          ))}
        </fieldset>
      </div>
      <p className="dz-overlay-legend" data-kind={kind}>
        {widest === 0 ? (
          text(`overlay.nobody-${kind}`)
        ) : (
          <>
            <svg viewBox={`0 0 34 ${FLOW_WIDTH_MAX}`} aria-hidden>
              <path d={`M0 ${FLOW_WIDTH_MAX / 2 - 1} L34 0 V${FLOW_WIDTH_MAX} L0 ${FLOW_WIDTH_MAX / 2 + 1} Z`} />
            </svg>
            {text(`overlay.widths-${kind}`, { count: countText(widest, locale) })}
          </>
        )}
        {scale.most === 0 && widest > 0 && <span>{text(`overlay.none-${figure}`)}</span>}
        {inShares && scale.most > 0 && <span>{text(`overlay.whole-${figure}`)}</span>}
      </p>
    </Panel>
  );
}

/** Stands where the figures will, as long as they are on their way. */
export function OverlayPending() {
  const text = useText();
  return (
    <Panel position="top-left" className="dz-overlay-bar">
      <p className="dz-overlay-legend" role="status">
        {text("overlay.loading")}
      </p>
    </Panel>
  );
}
