"use client";

import {
  ArrowRightLeft,
  Banknote,
  Bell,
  Bot,
  ClipboardList,
  GitBranch,
  Globe,
  Hand,
  LogOut,
  type LucideIcon,
  Mail,
  MapPin,
  MessageSquare,
  Phone,
  ScrollText,
  ShieldCheck,
} from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import type { MarketPack, StrategyDoc } from "#engine";
import type { Channel } from "#engine/model/content";
import { EVENT_TYPES } from "#engine/model/execution";
import { Badge, type Tone } from "../../../_ui/badge";
import {
  decisionSentence,
  factWords,
  holdText,
  outcomeText,
  policyReasonText,
  type RunWords,
  ruleNameIn,
  stepNameIn,
  taskText,
  wordsIn,
} from "../../../_ui/engine-words";
import { Panel } from "../../../_ui/panel";
import { EmptyState } from "../../../_ui/states";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import type { HistoryView } from "./account-view";
import { OutsideBody } from "./outside-contact";
import { useDocuments } from "./use-documents";
import { WhyDialog } from "./why-dialog";

type Entry = HistoryView["entries"][number];
type Of<TKind extends Entry["kind"]> = Extract<Entry, { readonly kind: TKind }>;

type Reading = {
  readonly words: RunWords;
  readonly documents: ReadonlyMap<string, StrategyDoc>;
  /** Channel of the requests of a step, by enrollment and step: decisions do not repeat it. */
  readonly channels: ReadonlyMap<string, Channel>;
};

/** Everything that happened, the latest first, each with its reason in words. */
export function AccountHistory({ history, pack }: { readonly history: HistoryView; readonly pack: MarketPack }) {
  const text = useTranslations("account");
  const locale = useLocale();
  const zone = useZone();
  const formats = useFormats();
  const eventText = useTranslations("events");
  const documents = useDocuments(history.enrollments.map((enrollment) => enrollment.versionId));
  const reading = useMemo<Reading>(() => {
    const channels = new Map<string, Channel>();
    for (const entry of history.entries) {
      if (entry.kind !== "contact" || entry.contact.kind !== "contact" || entry.contact.channel === null) continue;
      channels.set(`${entry.contact.enrollmentId}:${entry.contact.nodeId}`, entry.contact.channel);
    }
    const events = Object.fromEntries(EVENT_TYPES.map((type) => [type, eventText(type)]));
    return { words: { locale, pack, events, unknown: text("unknown") }, documents, channels };
  }, [history.entries, locale, pack, eventText, text, documents]);
  return (
    <Panel
      title={text("history")}
      note={history.truncated ? text("truncated") : text("entries", { count: history.entries.length })}
      flush
    >
      {history.entries.length === 0 && <EmptyState>{text("noHistory")}</EmptyState>}
      <ol>
        {history.entries.map((entry) => (
          <li
            key={keyOf(entry)}
            className="grid grid-cols-[9.5rem_1.5rem_minmax(0,1fr)] gap-x-2 border-t border-line px-4 py-2 text-sm"
          >
            <time className="figures text-xs leading-6 text-muted" dateTime={new Date(entry.atMs).toISOString()}>
              {formats.instant(entry.atMs, zone)}
            </time>
            <EntryIcon entry={entry} />
            <EntryBody entry={entry} reading={reading} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function keyOf(entry: Entry): string {
  switch (entry.kind) {
    case "decision":
      return `d:${entry.decision.enrollmentId}:${entry.decision.ordinal}`;
    case "contact":
      return `c:${entry.contact.key}`;
    case "outside":
      return `o:${entry.contact.id}`;
    case "payment":
      return `p:${entry.payment.id}`;
    default:
      return `h:${entry.hold.id}:${entry.begins}`;
  }
}

const CHANNEL_ICONS = {
  sms: MessageSquare,
  email: Mail,
  push: Bell,
  robot: Bot,
  agent: Phone,
  letter: ScrollText,
  visit: MapPin,
} satisfies Record<Channel, LucideIcon>;

function EntryIcon({ entry }: { readonly entry: Entry }) {
  const [Icon, ink] = iconOf(entry);
  return <Icon size={15} className={`mt-1 ${ink}`} aria-hidden />;
}

function iconOf(entry: Entry): readonly [LucideIcon, string] {
  if (entry.kind === "payment") return [Banknote, "text-cured"];
  if (entry.kind === "hold") return [Hand, "text-held"];
  if (entry.kind === "outside") return [CHANNEL_ICONS[entry.contact.channel], "text-group-people"];
  if (entry.kind === "contact") return requestIconOf(entry.contact);
  if (entry.decision.code === "exit" || entry.decision.code === "strategy-exit") return [LogOut, "text-group-exit"];
  return entry.decision.handle === null ? [ArrowRightLeft, "text-line-strong"] : [GitBranch, "text-group-decide"];
}

function requestIconOf({ kind, channel }: Of<"contact">["contact"]): readonly [LucideIcon, string] {
  if (kind === "task") return [ClipboardList, "text-group-people"];
  if (kind === "external") return [Globe, "text-group-decide"];
  return kind === "contact" && channel !== null
    ? [CHANNEL_ICONS[channel], "text-group-contact"]
    : [ShieldCheck, "text-group-qa"];
}

function EntryBody({ entry, reading }: { readonly entry: Entry; readonly reading: Reading }) {
  switch (entry.kind) {
    case "decision":
      return <DecisionBody entry={entry} reading={reading} />;
    case "contact":
      return <ContactBody entry={entry} reading={reading} />;
    case "outside":
      return <OutsideBody contact={entry.contact} />;
    case "payment":
      return <PaymentBody entry={entry} />;
    default:
      return <HoldBody entry={entry} />;
  }
}

function DecisionBody({ entry, reading }: { readonly entry: Of<"decision">; readonly reading: Reading }) {
  const { decision } = entry;
  const { documents, channels } = reading;
  const doc = documents.get(decision.versionId) ?? null;
  const words = wordsIn(doc, reading.words);
  const channel = channels.get(`${decision.enrollmentId}:${decision.nodeId}`) ?? null;
  const facts = Object.entries(decision.factsRead);
  const [asking, setAsking] = useState(false);
  const text = useTranslations("why");
  const stepName = (stepId: string): string => (doc === null ? stepId : stepNameIn(doc, stepId, words.locale));
  return (
    <div className="min-w-0">
      <p>
        <span className="font-semibold">{stepName(decision.nodeId)}</span>
        <span className="text-muted"> · </span>
        {decisionSentence({ ...decision, doc, channel }, words)}{" "}
        <button
          type="button"
          className="rounded-sm text-xs text-accent underline-offset-2 hover:underline"
          onClick={() => setAsking(true)}
        >
          {text("ask")}
        </button>
      </p>
      {asking && (
        <WhyDialog
          asked={{ enrollmentId: decision.enrollmentId, ordinal: decision.ordinal }}
          title={stepName(decision.nodeId)}
          words={words}
          stepName={stepName}
          ruleName={(rule) => doc && ruleNameIn(doc, { nodeId: decision.nodeId, rule }, words.locale)}
          onClose={() => setAsking(false)}
        />
      )}
      {facts.length > 0 && (
        <p className="figures text-xs text-muted">
          {facts
            .map(([key, value]) => factWords(key, value, words))
            .map(({ label, value }) => `${label} ${value}`)
            .join(" · ")}
        </p>
      )}
    </div>
  );
}

const STATE_TONES = {
  ready: "waiting",
  sending: "waiting",
  unknown: "breach",
  sent: "accent",
  failed: "breach",
  denied: "held",
  cancelled: "neutral",
} satisfies Record<Of<"contact">["contact"]["state"], Tone>;

/** What has become of a request that is no longer under way. */
const DONE_WORDS = {
  contact: "request.sent",
  qa: "checked",
  "conversation-qa": "checked",
  task: "handedOver",
  external: "asked",
} as const satisfies Record<Of<"contact">["contact"]["kind"], string>;

function useRequestTitle({ kind, channel, subject }: Of<"contact">["contact"]): string {
  const text = useTranslations("account");
  const channelText = useTranslations("channel");
  const locale = useLocale();
  if (kind === "task") return taskText(subject ?? "", locale);
  if (kind === "external") return text("external", { name: subject ?? "" });
  if (kind === "conversation-qa") return text("conversationCheck");
  return channel === null ? text("textCheck") : channelText(channel);
}

function ContactBody({ entry, reading }: { readonly entry: Of<"contact">; readonly reading: Reading }) {
  const text = useTranslations("account");
  const title = useRequestTitle(entry.contact);
  const formats = useFormats();
  const { contact } = entry;
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-semibold">{title}</span>
        <Badge tone={STATE_TONES[contact.state]}>
          {text(contact.state === "sent" ? DONE_WORDS[contact.kind] : `request.${contact.state}`)}
        </Badge>
        {contact.outcome !== null && <span>{outcomeText(contact.outcome, contact.channel, reading.words.locale)}</span>}
        {contact.attempt > 1 && <span className="text-xs text-muted">{text("attempt", { n: contact.attempt })}</span>}
        {contact.cost !== null && (
          <span className="figures text-xs text-muted">{formats.money(contact.cost.minor, contact.cost.currency)}</span>
        )}
        {contact.provider?.includes("simulated") === true && (
          <Badge tone="simulated">{text("simulatedProvider")}</Badge>
        )}
      </p>
      {contact.reasons.map((reason) => (
        <p key={`${reason.rule}:${reason.code}`} className="text-xs text-muted">
          {policyReasonText(reason, reading.words)}
        </p>
      ))}
    </div>
  );
}

function PaymentBody({ entry }: { readonly entry: Of<"payment"> }) {
  const text = useTranslations("account");
  const formats = useFormats();
  const { amount, reversed, source } = entry.payment;
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span className={`figures font-semibold ${reversed ? "text-breach" : "text-cured"}`}>
        {text(reversed ? "reversal" : "payment", { amount: formats.money(amount.minor, amount.currency) })}
      </span>
      {source === "simulated" && <Badge tone="simulated">{text("simulatedDebtor")}</Badge>}
    </p>
  );
}

function HoldBody({ entry }: { readonly entry: Of<"hold"> }) {
  const text = useTranslations("account");
  const locale = useLocale();
  const kind = holdText(entry.hold.kind, locale);
  return <p className="font-semibold text-held">{text(entry.begins ? "holdBegins" : "holdEnds", { kind })}</p>;
}
