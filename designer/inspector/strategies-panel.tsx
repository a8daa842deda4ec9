"use client";

import { Copy, FolderOpen, Plus, Trash2 } from "lucide-react";
import { inLocale, type LocalText, STRATEGY_LIMITS, type StrategyDoc } from "#engine";
import { addStrategy, duplicateStrategy, removeStrategy } from "../commands/sub-strategies";
import { usesOf } from "../commands/uses";
import { IconButton } from "../controls/icon-button";
import { TextButton } from "../controls/inputs";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import { textOf } from "../texts/text";

/** Strategies drawn once and used by steps: opened here, edited on the same canvas. */
export function StrategiesPanel() {
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const strategies = useDesigner((state) => state.whole.strategies);
  const add = (): void => {
    const { whole, dispatchWhole, open } = store.getState();
    const number = whole.strategies.length + 1;
    const name: LocalText = {
      "zh-CN": textOf("zh-CN", "strategies.unnamed", { number }),
      en: textOf("en", "strategies.unnamed", { number }),
    };
    const made = addStrategy(whole, name);
    if (made !== null && dispatchWhole(made.change)) open(made.key);
  };
  return (
    <section className="dz-field">
      <h3 className="dz-field-label">{text("strategies.title")}</h3>
      <p className="dz-hint">{strategies.length === 0 ? text("strategies.none") : text("strategies.hint")}</p>
      <ul className="dz-declarations">
        {strategies.map((strategy) => (
          <StrategyRow key={strategy.key} strategy={strategy} />
        ))}
      </ul>
      {!readOnly && strategies.length < STRATEGY_LIMITS.strategies && (
        <TextButton onClick={add}>
          <Plus size={13} aria-hidden />
          {text("strategies.add")}
        </TextButton>
      )}
    </section>
  );
}

function StrategyRow({ strategy }: { readonly strategy: StrategyDoc["strategies"][number] }) {
  const text = useText();
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const readOnly = useDesigner((state) => state.readOnly);
  const whole = useDesigner((state) => state.whole);
  const { key } = strategy;
  const name = inLocale(strategy.name, locale);
  const uses = usesOf(whole, key).filter((use) => use.strategy !== key).length;
  const duplicate = (): void => {
    const { whole: now, dispatchWhole } = store.getState();
    const copyName = {
      "zh-CN": textOf("zh-CN", "strategies.copy-name", { name: inLocale(strategy.name, "zh-CN") }),
      en: textOf("en", "strategies.copy-name", { name: inLocale(strategy.name, "en") }),
    };
    const made = duplicateStrategy(now, key, copyName);
    if (made !== null) dispatchWhole(made.change);
  };
  return (
    <li className="dz-declared dz-strategy">
      <button
        type="button"
        className="dz-declared-head"
        aria-label={text("strategies.open", { name })}
        onClick={() => store.getState().open(key)}
      >
        <FolderOpen size={14} aria-hidden />
        <span className="dz-declared-name">{name}</span>
        <span className="dz-declared-detail">
          {text("strategies.steps", { count: strategy.nodes.length })} · {text("strategies.uses", { count: uses })}
        </span>
      </button>
      {!readOnly && (
        <>
          <IconButton label={text("strategies.duplicate", { name })} onClick={duplicate}>
            <Copy size={14} aria-hidden />
          </IconButton>
          <IconButton
            label={uses > 0 ? text("strategies.in-use", { count: uses }) : text("strategies.remove", { name })}
            disabled={uses > 0}
            onClick={() => store.getState().dispatchWhole(removeStrategy(store.getState().whole, key))}
          >
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </>
      )}
    </li>
  );
}
