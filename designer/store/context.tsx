"use client";

import { createContext, type ReactNode, use, useCallback } from "react";
import { useStore } from "zustand";
import { type Content, InvariantError, type StepWords } from "#engine";
import type { Drawing } from "../canvas/drawing";
import { type Text, textOf } from "../texts/text";
import type { AccountDesk } from "./accounts";
import type { DesignerState, DesignerStore } from "./store";

/** Opens the accounts behind a figure: those that wait at a step, or those whose run broke off there. */
export type OpenAccounts = (nodeId: string, figure: "waiting" | "failures") => void;

/** What stays the same for as long as the designer is mounted: its readers are not drawn again by every change. */
export type DesignerContextValue = {
  readonly store: DesignerStore;
  /** Undefined when the host has no list of accounts to open. */
  readonly onOpenAccounts: OpenAccounts | undefined;
  /** Undefined when the host has no accounts to ask. */
  readonly accounts?: AccountDesk | undefined;
};

const DesignerContext = createContext<DesignerContextValue | null>(null);
const DrawingContext = createContext<Drawing | null>(null);
const WordsContext = createContext<StepWords | null>(null);

export function DesignerProvider({
  value,
  drawing,
  words,
  children,
}: {
  readonly value: DesignerContextValue;
  readonly drawing: Drawing;
  readonly words: StepWords;
  readonly children: ReactNode;
}) {
  return (
    <DesignerContext value={value}>
      <WordsContext value={words}>
        <DrawingContext value={drawing}>{children}</DrawingContext>
      </WordsContext>
    </DesignerContext>
  );
}

function inside<TValue>(value: TValue | null): TValue {
  if (value === null) throw new InvariantError("designer.part-outside");
  return value;
}

export function useDesignerContext(): DesignerContextValue {
  return inside(use(DesignerContext));
}

/** The drawing of the present document; it changes with every change of the document. */
export function useDrawing(): Drawing {
  return inside(use(DrawingContext));
}

export function useDesigner<TValue>(selector: (state: DesignerState) => TValue): TValue {
  return useStore(useDesignerContext().store, selector);
}

/** Texts of the designer in the reader's language. */
export function useText(): Text {
  const locale = useDesigner((state) => state.locale);
  return useCallback<Text>((key, params) => textOf(locale, key, params), [locale]);
}

/** The texts a strategy may send: the market's, and its own over them. */
export function contentsOf(state: {
  readonly doc: Pick<DesignerState["doc"], "contents">;
  readonly pack: DesignerState["pack"];
}): { readonly [id: string]: Content } {
  const own = Object.fromEntries(state.doc.contents.map((content) => [content.id, content]));
  return { ...state.pack.contents, ...own };
}

/** What the engine needs to say a step in words; `fields` is everything the strategy's conditions may ask. */
export function useWords(): StepWords {
  return inside(use(WordsContext));
}

/** Everything the strategy's conditions may ask: fields of market and lender, its variables, arms of its experiments. */
export function useFields(): StepWords["fields"] {
  return useWords().fields;
}
