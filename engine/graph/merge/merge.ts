import { LOCALES, type Locale } from "../../model/locale";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc } from "../../model/strategy";
import type { ChangeSubject } from "../diff/diff";
import type { Given, Label } from "../diff/structure";
import { keptApart } from "./apart";
import { mergedDocument } from "./document";
import { same } from "./same";
import { type Readings, SubjectNames } from "./subjects";
import type { Clash, Side, Sides } from "./three-way";

/** A conflict in one language. `null` = nothing stands there on that side: it was taken away, or never was. */
export type ConflictWords = {
  /** What it is about: the step's name. */
  readonly subject: string;
  /** Which part of it; empty = all of it. */
  readonly place: string;
  readonly base: string | null;
  readonly mine: string | null;
  readonly theirs: string | null;
};

/** One place that both changed in different ways. */
export type MergeConflict = {
  /** Stays the same while the three documents do; names the choice. */
  readonly id: string;
  readonly subject: ChangeSubject;
  readonly path: readonly string[];
  readonly words: { readonly [locale in Locale]: ConflictWords };
};

export type MergeChoices = { readonly [conflictId: string]: Side };
export type { Side as MergeSide };

export type MergeSettings = {
  readonly choices?: MergeChoices;
  /** Whose goes on where nothing is chosen; `mine` unless said. */
  readonly otherwise?: Side;
};

export type StrategyMerge = {
  /** Both sides' changes; where they conflict what was chosen, or what goes on otherwise. */
  readonly doc: StrategyDoc;
  /** Every conflict, also those that are chosen. A choice may bring new ones: of a step that is kept, say. */
  readonly conflicts: readonly MergeConflict[];
};

function conflictId({ kind, id, within }: ChangeSubject, path: readonly string[]): string {
  return JSON.stringify([kind, within, id, ...path]);
}

/**
 * The strategy that two people made out of one, each without the other: what only one changed is taken from that one, step by
 * step, field by field, rule by rule; where both changed the same place in different ways it is a conflict, told in words. New
 * things of both are kept, under other ids where both took the same. Pure; nothing is dropped without being listed.
 */
export function mergeStrategies(
  sides: Sides<StrategyDoc>,
  pack: MarketPack,
  { choices = {}, otherwise = "mine" }: MergeSettings = {},
): StrategyMerge {
  const { base, mine, theirs } = sides;
  if (same(base as Given, theirs as Given)) return { doc: mine, conflicts: [] };
  if (same(base as Given, mine as Given) || same(mine as Given, theirs as Given)) return { doc: theirs, conflicts: [] };
  const apart = { base, mine: keptApart(sides), theirs };
  const names = new SubjectNames(apart, pack);
  const conflicts: MergeConflict[] = [];
  const choose = (subject: ChangeSubject, { path }: Clash): Side => choices[conflictId(subject, path)] ?? otherwise;
  const note = (subject: ChangeSubject, clash: Clash): void => {
    const { name, readings } = names.of(subject);
    const id = conflictId(subject, clash.path);
    conflicts.push({ id, subject, path: clash.path, words: wordsOf(clash, name, readings) });
  };
  return { doc: mergedDocument(apart, { choose, note }), conflicts };
}

function wordsOf({ labels, tell, sides }: Clash, name: Label, readings: Readings): MergeConflict["words"] {
  const wordsIn = (locale: Locale): ConflictWords => {
    const told = (side: keyof Readings): string | null => {
      const value = sides[side];
      return value === undefined ? null : tell(value, readings[side](locale));
    };
    const reading = readings[sides.mine === undefined ? "theirs" : "mine"](locale);
    const place = labels
      .filter(({ silent }, index) => silent !== true || index === labels.length - 1)
      .map((label) => label(reading))
      .join(" · ");
    return { subject: name(reading), place, base: told("base"), mine: told("mine"), theirs: told("theirs") };
  };
  return Object.fromEntries(LOCALES.map((locale) => [locale, wordsIn(locale)])) as MergeConflict["words"];
}
