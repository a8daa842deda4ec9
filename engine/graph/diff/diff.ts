import type { JsonValue } from "../../model/json";
import type { Locale } from "../../model/locale";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc } from "../../model/strategy";
import { documentFindings } from "./document";
import { type ChangeWords, wordsOf } from "./sentence";
import type { DifferenceKind } from "./structure";

/** Changes put into words at most: more than anybody reads; the rest is counted. A replaced table of 8,000 rows would give 16,000. */
export const DIFF_CHANGES_MAX = 2000;

/** What a change is about. `within`: key of the strategy inside the document it stands in. */
export type ChangeSubject = {
  readonly kind: "strategy" | "settings" | "step" | "content" | "inner" | "test" | "frame" | "note";
  /** Id of the step, text, test, frame or note; key of the strategy inside; the empty string for the document itself. */
  readonly id: string;
  readonly within: string | null;
};

/** One thing that is not as it was. */
export type StrategyChange = {
  readonly kind: DifferenceKind;
  readonly subject: ChangeSubject;
  /** Names of members and ids of items inside the subject, never positions; empty = the subject as a whole. */
  readonly path: readonly string[];
  /** What stood there; undefined = nothing. Of a moved item its place in the list, from 1. */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
  /** Whether the engine may do something else: a document has such changes exactly when its content hash changed. */
  readonly logic: boolean;
  readonly words: { readonly [locale in Locale]: ChangeWords };
};

export type StrategyDiff = {
  /** In the order of the drawing: the strategy itself, its steps, its texts, what is inside it, its tests. */
  readonly changes: readonly StrategyChange[];
  /** Changes beyond `DIFF_CHANGES_MAX` that are not listed. */
  readonly omitted: number;
  /** Whether the content hash is another one. */
  readonly logic: boolean;
};

/**
 * What changed between two strategies, by ids of steps and of the things inside them, in words. Positions, layout, ids of lines and the
 * order of steps are no difference. Bounded; pure.
 */
export function diffStrategies(before: StrategyDoc, after: StrategyDoc, pack: MarketPack): StrategyDiff {
  const findings = documentFindings(before, after, pack);
  const shown = findings.slice(0, DIFF_CHANGES_MAX);
  return {
    changes: shown.map((finding) => {
      const { kind, path, before: was, after: is } = finding.difference;
      const { subject, logic } = finding;
      return { kind, subject, path, before: was, after: is, logic, words: wordsOf(finding) };
    }),
    omitted: findings.length - shown.length,
    logic: findings.some(({ logic }) => logic),
  };
}
