import { useMemo, useRef } from "react";
import { useStore } from "zustand";
import { canonicalJson, type Field, type StepWords, type StrategyDoc, strategyCatalogue } from "#engine";
import { viewOf } from "../commands/step-view";
import { contentsOf } from "./context";
import type { DesignerStore } from "./store";

/** Facts that exist because of steps: arms of experiments. Arms of the whole strategy can be asked inside its parts too. */
export function providedFields(doc: Pick<StrategyDoc, "nodes">, whole: Pick<StrategyDoc, "nodes">): readonly Field[] {
  const nodes = doc === whole ? doc.nodes : [...whole.nodes, ...doc.nodes];
  return nodes.flatMap((node) => {
    const { definition, data } = viewOf(node);
    return data === null ? [] : (definition?.provides?.(data) ?? []);
  });
}

/** The same object for as long as it says the same: every card is drawn from it, and none for a letter typed elsewhere. */
function useSteady<TValue>(value: TValue): TValue {
  const last = useRef(value);
  if (last.current !== value && canonicalJson(last.current) !== canonicalJson(value)) last.current = value;
  return last.current;
}

/** What the engine needs to say what is drawn in words. */
export function useWordsOf(store: DesignerStore): StepWords {
  const doc = useStore(store, (state) => state.doc);
  const whole = useStore(store, (state) => state.whole);
  const pack = useStore(store, (state) => state.pack);
  const locale = useStore(store, (state) => state.locale);
  const provided = useSteady(providedFields(doc, whole));
  const { variables, fields: own } = doc.settings;
  const { contents: ownTexts } = doc;
  const fields = useMemo(
    () => strategyCatalogue(pack.fields, { variables, fields: own }, provided),
    [pack, variables, own, provided],
  );
  const contents = useMemo(() => contentsOf({ doc: { contents: ownTexts }, pack }), [pack, ownTexts]);
  const strategies = useSteady(Object.fromEntries(whole.strategies.map(({ key, name }) => [key, name])));
  return useMemo(() => ({ locale, fields, contents, strategies }), [locale, fields, contents, strategies]);
}
