import type { Conversation, ConversationFinding, ConversationJudgement, Turn } from "../model/conversation";
import type { QaVerdictCode } from "../model/execution";
import { canonicalHash } from "../model/json";
import type { MarketPack, Scorecard, ScorecardCheck, ScorecardItem, Words } from "../model/market-pack";
import { checkText } from "./check-text";
import { fold } from "./fold";

/** The market's part in it: its word lists and its scorecard. */
export type ConversationRules = Pick<MarketPack, "lexicons" | "scorecard">;
type Held = Conversation & {
  /** What the contact came to, where that is known. */
  readonly outcome: string | null;
};

type PlacedTurn = Turn & { readonly start: number; readonly folded: string };
type Item = { readonly item: ScorecardItem; readonly result: "kept" | "missed" | "unchecked" };

/** Categories of the word lists that listen to the debtor; said by the house they are nothing. */
const RISK_SIGNALS: ReadonlySet<string> = new Set(["K"]);

/**
 * Judges a conversation by the market's word lists and scorecard; the same text and rules always give the same answer. What the
 * debtor says is no fault of the house, what nobody is known to have said may be anybody's: it makes doubt, never a failure. Notes
 * and summaries are judged by the words alone, since what was said in the call does not stand in them. Only points of items that could
 * be checked count; a fatal item that is missed makes the score 0.
 */
export function checkConversation(held: Held, rules: ConversationRules): ConversationJudgement {
  const { lexicons, scorecard } = rules;
  const turns = placed(held.turns);
  const words = wordFindings(turns, lexicons);
  const items = held.kind === "transcript" && scorecard !== undefined ? itemsOf(held, turns, { scorecard, words }) : [];
  const findings = [
    ...words.map(({ isCertain: _, ...finding }) => finding),
    ...items.flatMap(({ item, result }) => (result === "missed" ? [missed(item)] : [])),
  ];
  const score = scoreOf(items);
  const verdict = worst([
    ...words.map(({ severity, isCertain }) => verdictOf(severity, isCertain)),
    ...(score === null || scorecard === undefined ? [] : [bandOf(score, scorecard)]),
    // Nobody has read the end of it.
    ...(held.isCut ? (["review"] as const) : []),
  ]);
  const unchecked = items.flatMap(({ item, result }) => (result === "unchecked" ? [item.id] : []));
  return { verdict, score, findings, unchecked, silent: [], judgedBy: [versionOf(rules)] };
}

const versions = new WeakMap<object, string>();

/** Of the rules that judge, so that a verdict can be repeated. */
function versionOf({ lexicons, scorecard }: ConversationRules): string {
  const known = versions.get(lexicons);
  if (known !== undefined) return known;
  const made = `pack-${canonicalHash({ lexicons, scorecard: scorecard ?? null }).slice(0, 16)}`;
  versions.set(lexicons, made);
  return made;
}

function placed(turns: readonly Turn[]): readonly PlacedTurn[] {
  let start = 0;
  return turns.map((turn) => {
    const own = { ...turn, start, folded: fold(turn.text).text };
    start += turn.text.length + 1;
    return own;
  });
}

type WordFinding = ConversationFinding & { readonly isCertain: boolean };

/** Turn by turn, so that a word never begins in one mouth and ends in another. */
function wordFindings(turns: readonly PlacedTurn[], lexicons: MarketPack["lexicons"]): readonly WordFinding[] {
  return turns.flatMap(({ speaker, text, start }) =>
    Object.values(lexicons).flatMap((lexicon) =>
      checkText(text, lexicon).findings.flatMap((found): readonly WordFinding[] => {
        const isSignal = RISK_SIGNALS.has(found.category);
        if (speaker === "house" ? isSignal : speaker === "debtor" && !isSignal) return [];
        const span = { start: start + found.start, end: start + found.end };
        const { category: rule, severity, word: evidence } = found;
        return [{ source: "words", rule, severity, span, evidence, isCertain: speaker === "house" }];
      }),
    ),
  );
}

function verdictOf(severity: ConversationFinding["severity"], isCertain: boolean): QaVerdictCode {
  if (severity === "low") return "pass";
  return severity === "medium" || !isCertain ? "review" : "block";
}

const VERDICT_ORDER: readonly QaVerdictCode[] = ["pass", "review", "block"];

/** The worst of some verdicts; none = it passes. */
export function worst(verdicts: readonly QaVerdictCode[]): QaVerdictCode {
  return VERDICT_ORDER[Math.max(0, ...verdicts.map((verdict) => VERDICT_ORDER.indexOf(verdict)))] ?? "block";
}

function bandOf(score: number, { bands }: Scorecard): QaVerdictCode {
  if (score >= bands.pass) return "pass";
  return score < bands.fail ? "block" : "review";
}

function scoreOf(items: readonly Item[]): number | null {
  const checked = items.filter(({ result }) => result !== "unchecked");
  const points = checked.reduce((sum, { item }) => sum + item.points, 0);
  if (points === 0) return null;
  if (checked.some(({ item, result }) => item.fatal && result === "missed")) return 0;
  const kept = checked.reduce((sum, { item, result }) => sum + (result === "kept" ? item.points : 0), 0);
  return Math.round((100 * kept) / points);
}

type Rules = { readonly scorecard: Scorecard; readonly words: readonly WordFinding[] };

function itemsOf({ outcome }: Held, turns: readonly PlacedTurn[], { scorecard, words }: Rules): readonly Item[] {
  return scorecard.items
    .filter(({ outcomes }) => outcomes === undefined || (outcome !== null && outcomes.includes(outcome)))
    .map((item) => ({ item, result: resultOf(item.check, turns, words) }));
}

function missed({ id, fatal }: ScorecardItem): ConversationFinding {
  return { source: "scorecard", rule: id, severity: fatal ? "fatal" : "medium", span: null, evidence: "" };
}

/** What nobody is known to have said counts for the house where something must be said, and not where it must not. */
function resultOf(check: ScorecardCheck, turns: readonly PlacedTurn[], words: readonly WordFinding[]): Item["result"] {
  const house = turns.filter(({ speaker }) => speaker !== "debtor");
  switch (check.kind) {
    case "people":
      return "unchecked";
    case "says":
      return keptIf(check.groups.every((group) => house.some((turn) => says(turn, group))));
    case "says-not":
      return keptIf(!house.some((turn) => turn.speaker === "house" && says(turn, check.words)));
    case "clean":
      return keptIf(
        !words.some(
          ({ rule, severity, isCertain }) => isCertain && severity !== "low" && check.categories.includes(rule),
        ),
      );
    case "before":
      return keptIf(comesBefore(house, check));
    case "answers":
      return answered(turns, check);
    default:
      throw check satisfies never;
  }
}

const keptIf = (isKept: boolean): Item["result"] => (isKept ? "kept" : "missed");

const foldedWords = new WeakMap<Words, readonly string[]>();

function listed(words: Words): readonly string[] {
  const known = foldedWords.get(words);
  if (known !== undefined) return known;
  const made = [...words["zh-CN"], ...words.en].map((word) => fold(word).text).filter((word) => word !== "");
  foldedWords.set(words, made);
  return made;
}

function says({ folded }: PlacedTurn, words: Words): boolean {
  return listed(words).some((word) => folded.includes(word));
}

function firstPlace({ folded }: PlacedTurn, words: Words): number {
  const places = listed(words).map((word) => folded.indexOf(word));
  return places.reduce((first, place) => (place >= 0 && place < first ? place : first), Number.POSITIVE_INFINITY);
}

/** Within one turn the order of the words decides, else the order of the turns. */
function comesBefore(
  house: readonly PlacedTurn[],
  { first, later }: Extract<ScorecardCheck, { readonly kind: "before" }>,
): boolean {
  const at = house.findIndex((turn) => says(turn, later));
  const turn = house[at];
  if (turn === undefined) return true;
  return (
    house.slice(0, at).some((earlier) => says(earlier, first)) || firstPlace(turn, first) < firstPlace(turn, later)
  );
}

function answered(
  turns: readonly PlacedTurn[],
  check: Extract<ScorecardCheck, { readonly kind: "answers" }>,
): Item["result"] {
  const at = turns.findIndex((turn) => turn.speaker === "debtor" && says(turn, check.heard));
  if (at < 0) return "kept";
  return keptIf(turns.slice(at + 1).some((turn) => turn.speaker !== "debtor" && says(turn, check.answered)));
}

/** Verdict for a step that asks for a least score: below it a conversation fails; what failed or is in doubt by itself stays so. */
export function verdictForStep(
  { verdict, score }: Pick<ConversationJudgement, "verdict" | "score">,
  passScore: number,
): QaVerdictCode {
  return score !== null && score < passScore ? "block" : verdict;
}
