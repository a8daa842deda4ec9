import { channelOf } from "../channels";
import type { Channel } from "../model/content";
import type { ContactTerms, QaVerdictCode, Subject } from "../model/execution";
import type { RulePack } from "../model/market-pack";
import type { ContactPoint } from "../model/party";
import type { ContactAttempt, HouseStanding, PolicyReason } from "../model/policy";
import type { EpochMs, LocalDate } from "../model/time";
import { checkPolicy, checkWords, needsDebt, needsNotices, type PolicyQuestion } from "../policy/check";
import { layeredPack } from "../policy/link";
import { checkText } from "../qa/check-text";
import { contactPointFor } from "./contact-point";
import { debtOf } from "./debt";
import { noticesIn } from "./notices";
import { type PartyPast, withOpenCounted } from "./past-contacts";
import { placeOf } from "./place";
import { senderReason } from "./reasons";
import { isFit, type Message, messageOf, type TextQuestion, type TextSetting, wordsOf } from "./step-text";

/** What a step asks: may this text go to this person over this channel now? */
export type GateQuestion = TextQuestion &
  PartyPast & {
    readonly subject: Pick<Subject, "partyId" | "accountId">;
    readonly channel: Channel;
    /** Visit of the step that asks (`visitKey`), and what the step lays down about its contacts. */
    readonly visit: string;
    readonly terms: ContactTerms;
    /** Not to be sent after this instant. */
    readonly notAfterMs: EpochMs;
    readonly contactPoints: readonly ContactPoint[];
    readonly nowMs: EpochMs;
  };

export type GateSetting<TProvider> = TextSetting & {
  /** Who carries a contact over a channel to a real or a simulated contact point; null = nobody is set up. */
  readonly providerOf: (channel: Channel, simulated: boolean) => TProvider | null;
  /** Day whose law counts instead of the contact's own: what would be, were that law in force. */
  readonly lawOf?: LocalDate;
  /** What the house says of itself; absent = nothing, and rules for any house apply. */
  readonly house?: HouseStanding | undefined;
};

export type GateAnswer<TProvider> =
  | {
      readonly kind: "allow";
      readonly to: ContactPoint;
      readonly message: Message;
      readonly provider: TProvider;
      /** The notice it is, where it is one. */
      readonly notice: string | undefined;
      readonly warnings: readonly PolicyReason[];
    }
  | { readonly kind: "defer"; readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] }
  | Denial;
type Denial = { readonly kind: "deny"; readonly reasons: readonly PolicyReason[] };

const denied = (...reasons: readonly PolicyReason[]): Denial => ({ kind: "deny", reasons });

/**
 * May this contact leave now? The last look before the world is touched, the same in the simulator and in the live path: its
 * deadline, is there still a debt, what does the rule pack say of this person's history and holds, who carries it, can the text
 * be rendered and is it fit to be sent. Reasons carry the rules of the pack, and `dispatch.…` where no rule spoke. Instants are
 * epoch milliseconds; a contact that could only leave after its own deadline is denied.
 */
export function askGate<TProvider>(question: GateQuestion, setting: GateSetting<TProvider>): GateAnswer<TProvider> {
  const { facts, channel, contentId, history, nowMs, notAfterMs } = question;
  if (nowMs > notAfterMs) return denied(senderReason("dispatch.window-closed"));
  const status = facts.account_status ?? null;
  if (status !== "open") return denied(senderReason("dispatch.account-settled", { status: String(status) }));
  const rulePack = layeredPack(setting.pack.rulePacks, setting.program.settings.rulePack);
  if (rulePack === null) return denied(senderReason("dispatch.rule-pack-missing"));
  const { contactPoints: points, terms, visit } = question;
  const to = contactPointFor({ points, channel, terms, visit, history });
  const asked = policyQuestion(question, { to, rulePack, setting });
  const verdict = checkPolicy(asked);
  if (verdict.verdict === "deny") return denied(...verdict.reasons);
  const callBackAtMs = callBackAtOf(question) ?? 0;
  if (verdict.verdict === "defer" || callBackAtMs > nowMs) {
    const untilMs = Math.max(verdict.verdict === "defer" ? verdict.untilMs : 0, callBackAtMs);
    const reasons = verdict.verdict === "defer" ? verdict.reasons : [senderReason("dispatch.call-back-asked")];
    if (untilMs <= notAfterMs) return { kind: "defer", untilMs, reasons };
    return denied(senderReason("dispatch.window-closed"), ...reasons);
  }
  if (to === null) return denied(senderReason("dispatch.no-provider"));
  const provider = setting.providerOf(channel, to.simulated);
  if (provider === null) return denied(senderReason("dispatch.no-provider", { channel }));
  const message = messageOf(question, setting);
  if (message === null) return denied(senderReason("dispatch.content-incomplete", { content: contentId }));
  if (!isFit(message, setting.pack)) return denied(senderReason("dispatch.content-blocked", { content: contentId }));
  const words = checkWords({ ...asked, text: wordsOf(message) });
  if (words.reasons.length > 0) return denied(...words.reasons);
  const warnings = words.warnings.length === 0 ? verdict.warnings : [...verdict.warnings, ...words.warnings];
  return { kind: "allow", to, message, provider, notice: setting.program.contents[contentId]?.notice, warnings };
}

/**
 * When the person asked to be called again about this account, for those who want to call; null = they did not, or it is past. Who was
 * spoken to since has had their say anew. The rules are asked again then, and may put it off further.
 */
function callBackAtOf({ channel, subject, history }: GateQuestion): EpochMs | null {
  if (channelOf(channel).means === "message") return null;
  const last = history.findLast(
    ({ conversed, accountId = subject.accountId, channel: over }) =>
      conversed && accountId === subject.accountId && channelOf(over).means !== "message",
  );
  return last?.callBackAtMs ?? null;
}

type Answering = {
  readonly to: ContactPoint | null;
  readonly rulePack: RulePack;
  readonly setting: Pick<GateSetting<unknown>, "pack" | "lawOf" | "house">;
};

function policyQuestion(question: GateQuestion, answering: Answering): PolicyQuestion {
  const { holds, consents, history, nowMs } = question;
  const { rulePack, setting } = answering;
  const attempt = attemptOf(question, answering);
  return {
    attempt,
    history: withOpenCounted(history, nowMs),
    holds,
    consents,
    notices: needsNotices(rulePack, attempt) ? noticesIn(question) : undefined,
    rulePack,
    nowMs,
    asOf: setting.lawOf,
  };
}

/** The contact as the rules look at it. Who makes it and under which licence is known where the house has said so; else rules for any apply. */
function attemptOf(question: GateQuestion, { to, rulePack, setting }: Answering): ContactAttempt {
  const { subject, channel, account, visit, terms, facts, nowMs } = question;
  const { maxPerDay, desk } = terms;
  const { house } = setting;
  const { region, timeZones } = placeOf(account, to, setting.pack);
  const [zone] = timeZones;
  const product = facts.product_type;
  const attempt: ContactAttempt = {
    partyId: subject.partyId,
    accountId: subject.accountId,
    channel,
    partyRole: "self",
    contactPoint: to,
    timeZones,
    region,
    product: typeof product === "string" ? product : undefined,
    people: desk?.people,
    actor: house?.actor,
    licence: house?.licence,
    recorded: house?.recordedChannels?.includes(channel),
    ownCap: maxPerDay === undefined ? undefined : { visit, maxPerDay },
  };
  if (zone === undefined || !needsDebt(rulePack, attempt)) return attempt;
  return { ...attempt, debt: debtOf(account, facts, { nowMs, zone }) };
}

/**
 * Verdict of a step's text check on the text as this account's person would read it. A word list that is missing, or a text that
 * cannot be rendered, blocks: an unchecked text is not a good text.
 */
export function checkStepText(
  question: TextQuestion & { readonly lexicon: string },
  setting: TextSetting,
): { readonly verdict: QaVerdictCode; readonly reasons: readonly PolicyReason[] } {
  const { lexicons } = setting.pack;
  const lexicon = Object.hasOwn(lexicons, question.lexicon) ? lexicons[question.lexicon] : undefined;
  const message = messageOf(question, setting);
  if (lexicon === undefined || message === null) {
    const reason = senderReason("dispatch.content-incomplete", { content: question.contentId });
    return { verdict: "block", reasons: [reason] };
  }
  const { verdict, findings } = checkText(wordsOf(message), lexicon);
  const reasons = findings.map(({ category, severity }) => senderReason("dispatch.finding", { category, severity }));
  return { verdict, reasons };
}
