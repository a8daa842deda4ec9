import { channelOf } from "#engine/channels/index";
import { channelTexts } from "#engine/channels/texts";
import { gateReasonTexts } from "#engine/contact/texts";
import { deskTexts } from "#engine/desk/texts";
import { runFields } from "#engine/graph/run-fields";
import { handleText } from "#engine/graph/step-text";
import { fillText } from "#engine/graph/words";
import { CHANNELS, type Channel } from "#engine/model/content";
import type { DecisionCode } from "#engine/model/execution";
import type { ExitReason } from "#engine/model/exit-reason";
import { type FactValue, fieldOf } from "#engine/model/facts";
import { inLocale, type Locale } from "#engine/model/locale";
import type { MarketPack } from "#engine/model/market-pack";
import type { PolicyReason } from "#engine/model/policy";
import { drawnStepId } from "#engine/model/program";
import type { StrategyDoc } from "#engine/model/strategy";
import { variableFact } from "#engine/model/variable";
import { definitionOf } from "#engine/nodes/index";
import { policyTexts, policyReasonText as reasonSentence } from "#engine/policy/reason-text";
import { qaTexts } from "#engine/qa/texts";
import { decisionTexts, exitReasonTexts, setNothingText } from "#engine/run/texts";
import { runtimeTexts } from "#engine/runtime/texts";
import { formatsOf } from "./formats";

/** What sentences about a run are made from. */
export type RunWords = {
  readonly locale: Locale;
  readonly pack: MarketPack;
  /** Words of event types, by type. */
  readonly events: { readonly [type: string]: string };
  /** The word for a fact nobody knows. */
  readonly unknown: string;
};

/** A decision as it was recorded, and the document it was taken in. */
export type DecisionToSay = {
  readonly code: DecisionCode;
  readonly detail: string | null;
  readonly handle: string | null;
  readonly nodeId: string;
  readonly doc: StrategyDoc | null;
  /** Channel of the request the decision is about, where it is about one. */
  readonly channel: Channel | null;
};

type RuleOfStep = { readonly nodeId: string; readonly rule: string };

export function exitReasonText(reason: string, locale: Locale): string {
  return exitReasonTexts[locale][reason as ExitReason] ?? reason;
}

/** The step as it is drawn: a part of it, or a step of the strategy in it, is said by its name. */
function drawnIn(doc: StrategyDoc, nodeId: string) {
  const id = drawnStepId(nodeId);
  return doc.nodes.find((known) => known.id === id);
}

/** Name the author gave a step, else the name of its type, else its id. */
export function stepNameIn(doc: StrategyDoc, nodeId: string, locale: Locale): string {
  const node = drawnIn(doc, nodeId);
  if (node === undefined) return nodeId;
  return node.name === undefined
    ? (definitionOf(node.type)?.texts[locale].title ?? nodeId)
    : inLocale(node.name, locale);
}

/** Words of an answer code: a channel's result, a verdict of a check, the end of a task. One that nobody knows is said as it is. */
export function outcomeText(code: string, channel: Channel | null, locale: Locale): string {
  const verdicts: { readonly [word: string]: string } = qaTexts[locale];
  const verdict = verdicts[`verdict.${code}`];
  if (verdict !== undefined) return verdict;
  const candidates = channel === null ? CHANNELS : [channel];
  for (const known of candidates) {
    const { outcomes } = channelOf(known);
    const outcome = Object.hasOwn(outcomes, code) ? outcomes[code] : undefined;
    if (outcome !== undefined) return inLocale(outcome.label, locale);
  }
  return wordOf(deskTexts[locale].outcomes, code);
}

function wordOf(words: { readonly [code: string]: string }, code: string): string {
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? code;
}

/** The word for a kind of work. */
export function taskText(task: string, locale: Locale): string {
  return wordOf(deskTexts[locale].tasks, task);
}

/** Title of a rule of the market's packs, or of the floor no pack can take away. */
export function ruleTitle(rule: string, { locale, pack }: Pick<RunWords, "locale" | "pack">): string {
  for (const rules of Object.values(pack.rulePacks)) {
    const found = rules.rules.find((known) => known.id === rule);
    if (found !== undefined) return inLocale(found.title, locale);
  }
  const floor: { readonly [key: string]: string } = policyTexts[locale];
  return floor[rule] ?? rule;
}

/** Reasons that are no rule's: what the gate, the text check, a channel or a provider said. */
function houseReasonText({ code, params }: PolicyReason, locale: Locale): string | null {
  const rooms: readonly { readonly [code: string]: string }[] = [
    gateReasonTexts[locale],
    channelTexts[locale],
    runtimeTexts[locale].dispatch,
  ];
  const template = rooms.map((texts) => (Object.hasOwn(texts, code) ? texts[code] : undefined)).find(Boolean);
  if (template === undefined) return null;
  const words: { readonly [word: string]: string } = qaTexts[locale];
  const said = Object.entries(params).map(([name, value]) => [name, words[`${name}.${value}`] ?? value] as const);
  return fillText(template, Object.fromEntries(said));
}

/** Why a contact was refused or put off, as a sentence that names the rule and the next allowed time. */
export function policyReasonText(reason: PolicyReason, { locale, pack }: Pick<RunWords, "locale" | "pack">): string {
  const own = houseReasonText(reason, locale);
  if (own !== null) return own;
  const packs = Object.values(pack.rulePacks);
  const rules = packs.find((known) => known.rules.some((rule) => rule.id === reason.rule)) ?? packs[0];
  return rules === undefined ? reason.code : reasonSentence(reason, rules, locale);
}

/** The word for a kind of hold. */
export function holdText(kind: string, locale: Locale): string {
  const words: { readonly [key: string]: string } = policyTexts[locale];
  return words[`hold.${kind}`] ?? kind;
}

/** Why an enrollment is faulted. */
export function faultText(code: string, locale: Locale): string {
  const { faults } = runtimeTexts[locale];
  return faults[code] ?? code;
}

function wayText(decision: DecisionToSay, { locale, pack }: RunWords): string | null {
  const { doc, handle, nodeId } = decision;
  const node = doc === null ? undefined : drawnIn(doc, nodeId);
  const definition = node === undefined ? undefined : definitionOf(node.type);
  if (doc === null || node === undefined || definition === undefined || handle === null) return null;
  const way = definition.handles(node.data).find((known) => known.id === handle);
  if (way === undefined) return null;
  const contents = { ...pack.contents, ...Object.fromEntries(doc.contents.map((content) => [content.id, content])) };
  return handleText(definition, way, { locale, fields: pack.fields, contents });
}

/** What a decision's detail says, by what kind of decision it is. */
const DETAIL_WORDS: { readonly [code in DecisionCode]?: (decision: DecisionToSay, words: RunWords) => string | null } =
  {
    "rule-holds": wayText,
    "watch-holds": wayText,
    split: wayText,
    set: ({ detail }, words) =>
      (detail ?? "")
        .split(",")
        .map((name) => variableName(name, words))
        .join(LIST[words.locale]),
    "hold-placed": ({ detail }, { locale }) => holdText(detail ?? "", locale),
    "hold-released": ({ detail }, { locale }) => holdText(detail ?? "", locale),
    "promise-closed": ({ detail }, { locale }) => wordOf(deskTexts[locale].promise, detail ?? ""),
    outcome: (decision, { locale }) => outcomeText(decision.detail ?? "", decision.channel, locale),
    exhausted: (decision, { locale }) => outcomeText(decision.detail ?? "", decision.channel, locale),
    "retry-scheduled": (decision, { locale }) => outcomeText(decision.detail ?? "", decision.channel, locale),
    blocked: (decision, words) => ruleTitles(decision.detail, words),
    deferred: (decision, words) => ruleTitles(decision.detail, words),
    happened: (decision, { events }) => events[decision.detail ?? ""] ?? null,
    exit: (decision, { locale }) => exitReasonText(decision.detail ?? "", locale),
    "exit-requested": (decision, { locale }) => exitReasonText(decision.detail ?? "", locale),
    "strategy-exit": (decision, { locale }) => {
      const exit = decision.doc?.settings.exits.find((known) => known.id === decision.detail);
      return exit === undefined ? null : exitReasonText(exit.reason, locale);
    },
    "ignored-stale": (decision, { events }) => events[decision.detail ?? ""] ?? null,
    "ignored-early": (decision, { events }) => events[decision.detail ?? ""] ?? null,
    "ignored-not-awaited": (decision, { events }) => events[decision.detail ?? ""] ?? null,
    "ignored-inactive": (decision, { events }) => events[decision.detail ?? ""] ?? null,
  };

/** What stands between the parts of a list. */
const LIST = { "zh-CN": "、", en: ", " } as const;

function ruleTitles(detail: string | null, words: RunWords): string {
  return (detail ?? "")
    .split(",")
    .map((rule) => ruleTitle(rule, words))
    .join(LIST[words.locale]);
}

function variableName(name: string, { locale, pack }: RunWords): string {
  const field = fieldOf(pack.fields, variableFact(name));
  return field === undefined ? name : inLocale(field.label, locale);
}

/** The name an author gave a rule that is a way on of its own; null where it has none. */
export function ruleNameIn(doc: StrategyDoc, { nodeId, rule }: RuleOfStep, locale: Locale): string | null {
  const node = doc.nodes.find((known) => known.id === nodeId);
  const way =
    node &&
    definitionOf(node.type)
      ?.handles(node.data)
      .find((known) => known.id === rule);
  return way?.name === undefined ? null : inLocale(way.name, locale);
}

/** Why a step did what it did, as a sentence. */
export function decisionSentence(decision: DecisionToSay, words: RunWords): string {
  if (decision.code === "set" && (decision.detail ?? "") === "") return setNothingText[words.locale];
  const template = decisionTexts[words.locale][decision.code];
  const detail = DETAIL_WORDS[decision.code]?.(decision, words) ?? decision.detail ?? "";
  return fillText(template, { detail });
}

/** Words for what happened in a run of a document: its variables and the lender's fields have names there. */
export function wordsIn(doc: StrategyDoc | null, words: RunWords): RunWords {
  return doc === null ? words : { ...words, pack: { ...words.pack, fields: runFields(doc, words.pack) } };
}

/** One fact as people read it: its label and its value with the unit. */
export function factWords(
  key: string,
  value: FactValue,
  { locale, pack, unknown }: Pick<RunWords, "locale" | "pack" | "unknown">,
): { readonly label: string; readonly value: string } {
  const field = fieldOf(pack.fields, key);
  const label = field === undefined ? key : inLocale(field.label, locale);
  if (value === null) return { label, value: unknown };
  const formats = formatsOf(locale);
  if (typeof value === "number") {
    if (field?.type === "money") return { label, value: formats.amount(value) };
    if (field?.type === "percent") return { label, value: formats.percent(value) };
    return { label, value: formats.count(value) };
  }
  const listed = field?.values?.find((known) => known.value === value);
  return { label, value: listed === undefined ? String(value) : inLocale(listed.label, locale) };
}
