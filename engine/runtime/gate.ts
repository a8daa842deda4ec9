import { askGate, checkStepText, type GateSetting } from "../contact/gate";
import type { PartyPast } from "../contact/past-contacts";
import type { Message, TextQuestion } from "../contact/step-text";
import type { Channel } from "../model/content";
import { visitKey } from "../model/execution";
import type { Facts } from "../model/facts";
import type { Locale } from "../model/locale";
import type { MarketPack } from "../model/market-pack";
import type { ContactPoint } from "../model/party";
import type { HouseStanding, KnownAgency, PolicyReason } from "../model/policy";
import type { EpochMs } from "../model/time";
import type { ChannelPort } from "../ports/channel";
import type { NewInboxEntry } from "../ports/inbox";
import type { GateDecision, IntentOf, PartyRecord, ReadyIntent } from "../ports/outbox";
import type { LinkedVersion } from "./linked-versions";

export type GateContext = {
  readonly version: LinkedVersion;
  readonly pack: MarketPack;
  readonly facts: Facts;
  readonly nowMs: EpochMs;
  readonly locale: Locale;
  readonly channelPort: (channel: Channel, simulated: boolean) => ChannelPort | null;
  readonly house?: HouseStanding | undefined;
  /** The register of agencies, where a placement asks for it. */
  readonly agencies?: readonly KnownAgency[] | undefined;
};

/** What holds for all requests of a batch. */
export type Known = Pick<GateContext, "nowMs" | "agencies">;

export type Outgoing = { readonly to: ContactPoint; readonly message: Message; readonly port: ChannelPort };
export type GateResult = { readonly decision: GateDecision; readonly outgoing: Outgoing | null };

/** A contact or the check of a text: what the gate answers for. */
export type TextIntent = IntentOf<"contact" | "qa">;

/**
 * Takes an intent to the gate (`engine/contact`) and puts its answer into rows: a reservation under the caps, or an inbox entry
 * that brings the refusal with its reasons back to the strategy.
 */
export function passGate(ready: ReadyIntent, intent: TextIntent, context: GateContext): GateResult {
  const { account, contactPoints } = ready.snapshot;
  const { contentId } = intent;
  if (intent.kind === "qa") {
    return answerTextCheck(ready, context, { account, facts: context.facts, contentId, lexicon: intent.lexicon });
  }
  const { history, holds, consents } = pastOf(ready.party);
  // Written out: an object put together from others costs twice the memory, and this is made for every contact.
  const answer = askGate(
    {
      account,
      facts: context.facts,
      contentId,
      subject: ready.subject,
      channel: intent.channel,
      visit: visitOf(ready),
      terms: intent.terms,
      notAfterMs: intent.notAfterMs,
      contactPoints,
      history,
      holds,
      consents,
      nowMs: context.nowMs,
    },
    settingOf(context),
  );
  switch (answer.kind) {
    case "allow": {
      const { to, message, provider: port, notice, warnings } = answer;
      const { currency } = context.version.program.settings;
      const reservation = { contactPointId: to.id, channel: intent.channel, currency, provider: port.id, notice };
      return {
        decision: { kind: "send", key: intent.key, inbox: [], reasons: warnings, reservation },
        outgoing: { to, message, port },
      };
    }
    case "defer":
      return { decision: deferral(ready, context, answer), outgoing: null };
    case "deny":
      return { decision: denial(ready, context, answer.reasons), outgoing: null };
    default:
      throw answer satisfies never;
  }
}

/** Everything that was done with the party, whoever did it; what an agency reports is over. */
export function pastOf({ history, outside = [], holds, consents }: PartyRecord): PartyPast {
  const all = outside.length === 0 ? history : [...history, ...outside.map((record) => ({ ...record, settled: true }))];
  return { history: all, holds, consents };
}

function answerTextCheck(
  ready: ReadyIntent,
  context: GateContext,
  question: TextQuestion & { readonly lexicon: string },
): GateResult {
  const { verdict: outcome, reasons } = checkStepText(question, settingOf(context));
  const inbox = [visitEntry(ready, context, { type: "qa.verdict", mark: "qa", data: { outcome } })];
  return { decision: { kind: "answered", key: ready.intent.key, inbox, reasons }, outgoing: null };
}

/** Visit of the step that asked. */
export function visitOf({ intent, subject }: Pick<ReadyIntent, "intent" | "subject">): string {
  return visitKey(subject.enrollmentId, intent.stepSeq);
}

function settingOf({ version, pack, locale, channelPort, house }: GateContext): GateSetting<ChannelPort> {
  return { program: version.program, pack, locale, providerOf: channelPort, house };
}

/** The refusal of a request, told to the step that made it. */
export function denial(ready: ReadyIntent, context: GateContext, reasons: readonly PolicyReason[]): GateDecision {
  const data = { reasons: reasons.map((found) => found.rule) };
  const inbox = [visitEntry(ready, context, { type: "contact.denied", mark: "denied", data })];
  return { kind: "deny", key: ready.intent.key, inbox, reasons };
}

export function deferral(
  ready: ReadyIntent,
  context: GateContext,
  { untilMs, reasons }: { readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] },
): GateDecision {
  const data = { untilMs, reasons: reasons.map((found) => found.rule) };
  const inbox = [visitEntry(ready, context, { type: "contact.deferred", mark: `deferred:${untilMs}`, data })];
  return { kind: "defer", key: ready.intent.key, inbox, reasons, untilMs };
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
