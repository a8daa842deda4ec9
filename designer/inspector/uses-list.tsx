"use client";

import { inLocale } from "#engine";
import { stepName } from "../canvas/drawing";
import type { Use } from "../commands/variables";
import { useDesigner, useDesignerContext, useText, useWords } from "../store/context";

/** Places that are named before the rest is counted. */
const SHOWN_MAX = 8;

/** Where something is used; a step opens when it is chosen. */
export function UsesList({ uses }: { readonly uses: readonly Use[] }) {
  const text = useText();
  const words = useWords();
  const { store } = useDesignerContext();
  const strategies = useDesigner((state) => state.whole.strategies);
  if (uses.length === 0) return <p className="dz-hint">{text("variables.unused")}</p>;
  const show = (strategy: string | null, nodeId: string): void => {
    const { open, select } = store.getState();
    open(strategy);
    select({ nodes: [nodeId] });
  };
  return (
    <div className="dz-uses">
      <span className="dz-hint">{text("variables.used-by")}</span>
      <ul>
        {uses.slice(0, SHOWN_MAX).map((use) => {
          if (use.kind !== "step") {
            const said = text(use.kind === "exit" ? "variables.exit-use" : "variables.scenario-use", { id: use.id });
            return <li key={`${use.kind} ${use.id}`}>{said}</li>;
          }
          const inside = strategies.find((strategy) => strategy.key === use.strategy);
          const prefix = inside === undefined ? "" : `${inLocale(inside.name, words.locale)} / `;
          return (
            <li key={`${use.strategy} ${use.node.id}`}>
              <button type="button" className="dz-link" onClick={() => show(use.strategy, use.node.id)}>
                {prefix}
                {stepName(use.node, words)}
              </button>
            </li>
          );
        })}
        {uses.length > SHOWN_MAX && <li>{text("problems.more", { count: uses.length - SHOWN_MAX })}</li>}
      </ul>
    </div>
  );
}
