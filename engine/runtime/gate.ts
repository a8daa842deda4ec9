import { channelOf } from "../channels";
import { renderContent } from "../channels/render";
import type { Channel } from "../model/content";
import type { Facts, FactValue } from "../model/facts";
import type { Locale } from "../model/locale";
import type { MarketPack } from "../model/market-pack";
import type { ContactPoint } from "../model/party";
import type { ContactAttempt, ContactRecord, PolicyReason } from "../model/policy";
import { DAY_MS, type EpochMs } from "../model/time";
import { checkPolicy } from "../policy/check";
import type { ChannelPort } from "../ports/channel";
import type { NewInboxEntry } from "../ports/inbox";
import type { ContactHistoryEntry, GateDecision, ReadyIntent } from "../ports/outbox";
import { checkText } from "../qa/check-text";
import type { LinkedVersion } from "./linked-versions";

/** An unanswered contact stops counting as a possible conversation after this long. */
const UNSETTLED_COUNTS_MS = DAY_MS;

export type GateContext = {
  readonly version: LinkedVersion;
  readonly pack: MarketPack;
  readonly facts: Facts;
  readonly nowMs: EpochMs;
  readonly locale: Locale;
  readonly channelPort: (channel: Channel, simulated: boolean) => ChannelPort | null;
};

export type Outgoing = { readonly to: ContactPoint; readonly text: string; readonly port: ChannelPort };
export type GateResult = { readonly decision: GateDecision; readonly outgoing: Outgoing | null };

/**
 * May this intent leave now? The last look before the world is touched: is there still a debt, what does the rule pack say of
 * this person's history and holds, can the text be rendered and is it fit to be sent. Every refusal goes back to the strategy
 * as an event with its reasons.
 */
export function passGate(ready: ReadyIntent, context: GateContext): GateResult {
  return ready.intent.kind === "qa" ? answerTextCheck(ready, context) : passContact(ready, context);
}

function passContact(ready: ReadyIntent, context: GateContext): GateResult {
  const { intent } = ready;
  if (intent.kind !== "contact") return deny(ready, context, [reason("dispatch.no-provider")]);
  if (context.nowMs > intent.notAfterMs) return deny(ready, context, [reason("dispatch.window-closed")]);
  const status = context.facts.account_status ?? null;
  if (status !== "open") return deny(ready, context, [reason("dispatch.account-settled", { status: String(status) })]);
  const rulePack = context.pack.rulePacks[context.version.program.settings.rulePack];
  if (rulePack === undefined) return deny(ready, context, [reason("dispatch.rule-pack-missing")]);
  const contactPoint = contactPointFor(ready.snapshot.contactPoints, intent.channel);
  const verdict = checkPolicy({
    attempt: attemptOf(ready, intent.channel, contactPoint),
    history: countable(ready.party.history, context.nowMs),
    holds: ready.party.holds,
    rulePack,
    nowMs: context.nowMs,
  });
  if (verdict.verdict === "deny") return deny(ready, context, verdict.reasons);
  if (verdict.verdict === "defer") {
    if (verdict.untilMs <= intent.notAfterMs)
      return defer(ready, verdict.untilMs, { context, reasons: verdict.reasons });
    return deny(ready, context, [reason("dispatch.window-closed"), ...verdict.reasons]);
  }
  if (contactPoint === null) return deny(ready, context, [reason("dispatch.no-provider")]);
  return leave(ready, context, { channel: intent.channel, to: contactPoint, warnings: verdict.warnings });
}

function leave(
  ready: ReadyIntent,
  context: GateContext,
  way: { readonly channel: Channel; readonly to: ContactPoint; readonly warnings: readonly PolicyReason[] },
): GateResult {
  const port = context.channelPort(way.channel, way.to.simulated);
  if (port === null) return deny(ready, context, [reason("dispatch.no-provider", { channel: way.channel })]);
  const rendered = textOf(ready, context);
  if (rendered === null)
    return deny(ready, context, [reason("dispatch.content-incomplete", { content: ready.intent.contentId })]);
  const unfit = Object.values(context.pack.lexicons).some(
    (lexicon) => checkText(rendered, lexicon).verdict === "block",
  );
  if (unfit) return deny(ready, context, [reason("dispatch.content-blocked", { content: ready.intent.contentId })]);
  return {
    decision: {
      kind: "send",
      key: ready.intent.key,
      inbox: [],
      reasons: way.warnings,
      reservation: {
        contactPointId: way.to.id,
        channel: way.channel,
        currency: context.version.program.settings.currency,
        provider: port.id,
      },
    },
    outgoing: { to: way.to, text: rendered, port },
  };
}

/** A word list that is missing, or a text that cannot be rendered, blocks: an unchecked text is not a good text. */
function answerTextCheck(ready: ReadyIntent, context: GateContext): GateResult {
  const lexicon = ready.intent.kind === "qa" ? context.pack.lexicons[ready.intent.lexicon] : undefined;
  const rendered = textOf(ready, context);
  const checked = lexicon === undefined || rendered === null ? null : checkText(rendered, lexicon);
  const reasons = (checked?.findings ?? []).map((finding) =>
    reason("dispatch.finding", { category: finding.category, severity: finding.severity }),
  );
  const outcome = checked?.verdict ?? "block";
  const inbox = [visitEntry(ready, context, { type: "qa.verdict", mark: "qa", data: { outcome } })];
  const unchecked =
    checked === null ? [reason("dispatch.content-incomplete", { content: ready.intent.contentId })] : [];
  return {
    decision: { kind: "answered", key: ready.intent.key, inbox, reasons: [...unchecked, ...reasons] },
    outgoing: null,
  };
}

/** The text as the person will read it; null when the content is gone or a variable has no value. */
export function textOf(ready: ReadyIntent, context: GateContext): string | null {
  const content = context.version.program.contents[ready.intent.contentId];
  if (content === undefined) return null;
  const values: { readonly [key: string]: FactValue } = { ...ready.snapshot.account.fields, ...context.facts };
  const rendered = renderContent(content, values, context.locale);
  return rendered.ok ? rendered.value : null;
}

/** A valid contact point first; otherwise the gate is shown what there is, so that its refusal names the real reason. */
export function contactPointFor(points: readonly ContactPoint[], channel: Channel): ContactPoint | null {
  const fitting = points.filter((point) => point.kind === channelOf(channel).contactPoint);
  return fitting.find((point) => point.status === "valid") ?? fitting[0] ?? null;
}

/**
 * A contact whose result is not in yet may turn out to be a conversation: until it is known it counts as one, so that two
 * calls under way at once cannot break a cap on conversations.
 */
function countable(history: readonly ContactHistoryEntry[], nowMs: EpochMs): readonly ContactRecord[] {
  return history.map((entry) => {
    const open = !entry.settled && entry.atMs > nowMs - UNSETTLED_COUNTS_MS;
    if (!open) return entry;
    const outcomes = Object.values(channelOf(entry.channel).outcomes);
    return {
      ...entry,
      connected: outcomes.some((outcome) => outcome.connected),
      conversed: outcomes.some((outcome) => outcome.conversed),
    };
  });
}

function attemptOf(ready: ReadyIntent, channel: Channel, contactPoint: ContactPoint | null): ContactAttempt {
  return {
    partyId: ready.subject.partyId,
    accountId: ready.subject.accountId,
    channel,
    partyRole: "self",
    contactPoint,
    timeZone: ready.snapshot.account.timeZone,
  };
}

function deny(ready: ReadyIntent, context: GateContext, reasons: readonly PolicyReason[]): GateResult {
  const data = { reasons: reasons.map((found) => found.rule) };
  const inbox = [visitEntry(ready, context, { type: "contact.denied", mark: "denied", data })];
  return { decision: { kind: "deny", key: ready.intent.key, inbox, reasons }, outgoing: null };
}

function defer(
  ready: ReadyIntent,
  untilMs: EpochMs,
  { context, reasons }: { readonly context: GateContext; readonly reasons: readonly PolicyReason[] },
): GateResult {
  const data = { untilMs, reasons: reasons.map((found) => found.rule) };
  const inbox = [visitEntry(ready, context, { type: "contact.deferred", mark: `deferred:${untilMs}`, data })];
  return { decision: { kind: "defer", key: ready.intent.key, inbox, reasons, untilMs }, outgoing: null };
}

/** An answer of the house to a request, as an inbox entry of the visit that asked. */
export function visitEntry(
  ready: ReadyIntent,
  context: Pick<GateContext, "nowMs">,
  said: { readonly type: string; readonly mark: string; readonly data: NewInboxEntry["data"] },
): NewInboxEntry {
  const { intent, subject } = ready;
  return {
    dedupeKey: `${said.mark}:${intent.key}`,
    partyId: subject.partyId,
    enrollmentId: subject.enrollmentId,
    accountId: subject.accountId,
    type: said.type,
    atMs: context.nowMs,
    stepSeq: intent.stepSeq,
    attempt: intent.attempt,
    data: said.data,
  };
}

/** A reason of the sender itself rather than of a rule of the pack. */
export function reason(code: string, params: PolicyReason["params"] = {}): PolicyReason {
  return { rule: code, code, params };
}
