import type { StrategyDoc } from "#engine";
import { replaceDoc } from "../commands/details";
import { applyOperations } from "../commands/operation";
import type { HistoryEntry } from "./store";

/** Gestures that stay in the history when somebody else's changes come in: each asks for a merge of the whole document, about a tenth of a second at 500 steps. */
export const REBASED_MAX = 10;

type History = {
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
  readonly whole: StrategyDoc;
};

/** The documents between the entries: what stood before the first of them, and what each left. */
function documentsAlong({ past, future, whole }: History): readonly StrategyDoc[] {
  const before: StrategyDoc[] = [];
  let doc = whole;
  for (const { inverse } of past.toReversed()) {
    doc = applyOperations(doc, inverse).doc;
    before.unshift(doc);
  }
  const after: StrategyDoc[] = [];
  doc = whole;
  for (const { operations } of future) {
    doc = applyOperations(doc, operations).doc;
    after.push(doc);
  }
  return [...before, whole, ...after];
}

/** The history as it would be had somebody else's changes been there from the beginning: every document of it seen through `of`. */
export function rebasedHistory(
  history: History,
  of: (doc: StrategyDoc) => StrategyDoc,
): Pick<History, "past" | "future"> {
  const past = history.past.slice(-REBASED_MAX);
  const future = history.future.slice(0, REBASED_MAX);
  const documents = documentsAlong({ ...history, past, future }).map(of);
  const entries = [...past, ...future].map((entry, index): HistoryEntry => {
    const [before, after] = [documents[index], documents[index + 1]];
    if (before === undefined || after === undefined) return entry;
    return {
      ...entry,
      burst: null,
      operations: replaceDoc(after).operations,
      inverse: replaceDoc(before).operations,
    };
  });
  return { past: entries.slice(0, past.length), future: entries.slice(past.length) };
}
