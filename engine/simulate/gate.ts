import { channelOf } from "../channels";
import { renderContent } from "../channels/render";
import type { Channel } from "../model/content";
import type { QaVerdictCode } from "../model/execution";
import type { Facts, FactValue } from "../model/facts";
import type { Locale } from "../model/locale";
import type { MarketPack, RulePack } from "../model/market-pack";
import type { Account, ContactPoint } from "../model/party";
import type { ContactRecord } from "../model/policy";
import type { Program } from "../model/program";
import { DAY_MS, type EpochMs } from "../model/time";
import { checkPolicy } from "../policy/check";
import { checkText } from "../qa/check-text";

/** A contact made in the run; its answer may still be on the way. */
export type SimulatedContact = {
  readonly atMs: EpochMs;
  readonly channel: Channel;
  readonly contactPointId: string;
  connected: boolean;
  conversed: boolean;
  settled: boolean;
};

/** An unanswered contact stops counting as a possible conversation after this long; the same as in the live gate. */
const UNSETTLED_COUNTS_MS = DAY_MS;

export type GateSetting = {
  readonly program: Program;
  readonly pack: MarketPack;
  readonly rulePack: RulePack;
  readonly locale: Locale;
  /** Texts already checked in this run. */
  readonly fitTexts: Map<string, boolean>;
};

const REMEMBERED_TEXTS_MAX = 20_000;

export type ContactQuestion = {
  readonly account: Account;
  readonly facts: Facts;
  readonly channel: Channel;
  readonly contentId: string;
  readonly notAfterMs: EpochMs;
  readonly contactPoints: readonly ContactPoint[];
  readonly history: readonly SimulatedContact[];
  readonly nowMs: EpochMs;
};

export type GateAnswer =
  | { readonly kind: "allow"; readonly to: ContactPoint; readonly text: string }
  | { readonly kind: "defer"; readonly untilMs: EpochMs; readonly reasons: readonly string[] }
  | { readonly kind: "deny"; readonly reasons: readonly string[] };

const denied = (...reasons: readonly string[]): GateAnswer => ({ kind: "deny", reasons });

/**
 * May this simulated contact leave? The live functions in the live order: deadline, is there still a debt, policy, text, words.
 * Parties under a hold never get here. Reasons are rule ids, and the sender's own codes where no rule spoke.
 */
export function askGate(question: ContactQuestion, setting: GateSetting): GateAnswer {
  const { account, channel, nowMs, notAfterMs } = question;
  if (nowMs > notAfterMs) return denied("dispatch.window-closed");
  if (question.facts.account_status !== "open") return denied("dispatch.account-settled");
  const contactPoint = contactPointFor(question.contactPoints, channel);
  const verdict = checkPolicy({
    attempt: {
      partyId: account.partyId,
      accountId: account.id,
      channel,
      partyRole: "self",
      contactPoint,
      timeZone: account.timeZone,
    },
    history: countable(question.history, nowMs),
    holds: [],
    rulePack: setting.rulePack,
    nowMs,
  });
  if (verdict.verdict === "deny") return denied(...verdict.reasons.map(({ rule }) => rule));
  if (verdict.verdict === "defer") {
    const reasons = verdict.reasons.map(({ rule }) => rule);
    if (verdict.untilMs <= notAfterMs) return { kind: "defer", untilMs: verdict.untilMs, reasons };
    return denied("dispatch.window-closed", ...reasons);
  }
  if (contactPoint === null) return denied("dispatch.no-provider");
  const text = renderedText(question, setting);
  if (text === null) return denied("dispatch.content-incomplete");
  if (!isFit(text, setting)) return denied("dispatch.content-blocked");
  return { kind: "allow", to: contactPoint, text };
}

/** Verdict of a text check on the text as this account's person would read it; what cannot be checked is blocked. */
export function askTextCheck(
  question: Pick<ContactQuestion, "account" | "facts" | "contentId">,
  lexiconName: string,
  setting: GateSetting,
): QaVerdictCode {
  const { lexicons } = setting.pack;
  const lexicon = Object.hasOwn(lexicons, lexiconName) ? lexicons[lexiconName] : undefined;
  const text = renderedText(question, setting);
  return lexicon === undefined || text === null ? "block" : checkText(text, lexicon).verdict;
}

function renderedText(
  { account, facts, contentId }: Pick<ContactQuestion, "account" | "facts" | "contentId">,
  { program, locale }: GateSetting,
): string | null {
  const content = Object.hasOwn(program.contents, contentId) ? program.contents[contentId] : undefined;
  if (content === undefined) return null;
  const rendered = renderContent(content, wordsOf(account, facts), locale);
  return rendered.ok ? rendered.value : null;
}

const wordsByFacts = new WeakMap<Facts, { readonly [key: string]: FactValue }>();

/** What a text may quote: every field of the account, and the facts as they are now. One snapshot of facts is one account's. */
function wordsOf(account: Account, facts: Facts): { readonly [key: string]: FactValue } {
  const known = wordsByFacts.get(facts);
  if (known !== undefined) return known;
  const words = { ...account.fields, ...facts };
  wordsByFacts.set(facts, words);
  return words;
}

/** The verdict of a text never changes, and redials and monthly reminders say the same words again. */
function isFit(text: string, { pack, fitTexts }: GateSetting): boolean {
  const known = fitTexts.get(text);
  if (known !== undefined) return known;
  const fit = !Object.values(pack.lexicons).some((lexicon) => checkText(text, lexicon).verdict === "block");
  if (fitTexts.size >= REMEMBERED_TEXTS_MAX) fitTexts.clear();
  fitTexts.set(text, fit);
  return fit;
}

/** A valid contact point first; otherwise the gate is shown what there is, so that its refusal names the real reason. */
function contactPointFor(points: readonly ContactPoint[], channel: Channel): ContactPoint | null {
  const fitting = points.filter((point) => point.kind === channelOf(channel).contactPoint);
  return fitting.find((point) => point.status === "valid") ?? fitting[0] ?? null;
}

/** A contact without an answer yet may turn out to be a conversation: until it is known it counts as one. */
function countable(history: readonly SimulatedContact[], nowMs: EpochMs): readonly ContactRecord[] {
  return history.map((contact) => {
    if (contact.settled || contact.atMs <= nowMs - UNSETTLED_COUNTS_MS) return contact;
    const outcomes = Object.values(channelOf(contact.channel).outcomes);
    return {
      ...contact,
      connected: outcomes.some((outcome) => outcome.connected),
      conversed: outcomes.some((outcome) => outcome.conversed),
    };
  });
}
