import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { contentIssues, priceAtMost, refusalOf } from "../../channels/request-check";
import { gsm7Of } from "../../channels/sms/gsm7";
import { splitSms } from "../../channels/sms/parts";
import { SECOND_MS } from "../../model/time";
import { CHANNEL_CONTRACT, type ChannelAdapter, type SendOutcome, type SendRequest } from "../../ports/channel";
import type { SmppConfig } from "./config";
import { isReceipt, readReceipt, receiptIdOf } from "./receipt";
import { readReply } from "./reply";
import { type SmppSession, type Submitted, smppSession } from "./session";

/** Kinds of number and plan of an international number (SMPP 3.4, 5.2.5 and 5.2.6). */
const INTERNATIONAL = { ton: 1, npi: 1 } as const;
const DATA_CODING = { gsm7: 0x00, ucs2: 0x08 } as const;
/** The text begins with a header of its own (3GPP TS 23.040): here the three bytes that put parts together. */
const WITH_HEADER = 0x40;
const CONCATENATED = [0x05, 0x00, 0x03] as const;
const PARTS_MAX = 255;

const OK = 0x00;
const BUSY_STATUSES: ReadonlyMap<number, string> = new Map([
  [0x14, "busy"],
  [0x58, "throttled"],
]);
/** System error, submit failed, not in a state to take messages: said of the moment, not of the message. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([0x04, 0x08, 0x45]);
const BUSY_PAUSE_MS = SECOND_MS;
/** Later parts of a message whose first has left are not given up for a moment's crowd. */
const PART_TRIES = 8;
const PART_PAUSE_MS = 250;

/**
 * Short messages over SMPP 3.4, one bound connection per worker. A centre makes a message of every submit and cannot be asked by
 * our key, so what got no answer is unknown and never sent again by itself.
 */
export function smppChannel(name: string, config: SmppConfig, now: () => number = Date.now): ChannelAdapter {
  const session = smppSession(config, now);
  const kind = { channel: config.channel, simulated: false };
  return {
    id: name,
    contract: CHANNEL_CONTRACT,
    ...kind,
    capabilities: {
      idempotency: "none",
      queryDelayMs: 0,
      callbacks: "push",
      cancel: false,
      maxPerSecond: config.maxPerSecond ?? null,
      maxConcurrent: config.maxConcurrent ?? null,
      results: [
        ...(["sending", "delivered", "expired", "cancelled", "failed_permanent", "unknown"] as const),
        ...new Set(Object.values(config.errors)),
      ],
      personalData: ["phone"],
    },
    validate: (content) => contentIssues(config.channel, content),
    estimate: ({ text }) => priceAtMost(config.channel, text),
    send: async (request, { signal }) => {
      const code = refusalOf(kind, request);
      if (code !== null) return { kind: "rejected", code, retryable: false };
      return send(session, config, { request, signal });
    },
    listen: (take, hear) => {
      session.listen(async (pdu) => {
        const event = isReceipt(pdu) ? readReceipt(pdu, config, now()) : null;
        if (event !== null) await take([event]);
        const reply = isReceipt(pdu) ? null : readReply(pdu, now());
        if (reply !== null) await hear?.([reply]);
        return true;
      });
      return { close: session.close };
    },
    check: async ({ signal }) =>
      (await session.reach(signal)) ? { ok: true, problems: [] } : { ok: false, problems: ["unreachable"] },
  };
}

type Departure = { readonly request: SendRequest; readonly signal: AbortSignal };

async function send(session: SmppSession, config: SmppConfig, departure: Departure): Promise<SendOutcome> {
  const { request, signal } = departure;
  const messages = messagesOf(request, config);
  if (messages.length > PARTS_MAX) return { kind: "rejected", code: "text-too-long", retryable: false };
  let ref = "";
  for (const [index, fields] of messages.entries()) {
    const submitted = await submitPart(session, { fields, signal, isFirst: index === 0 });
    if (submitted.kind !== "answered" || submitted.status !== OK) {
      // Half a message may have reached the person.
      return index === 0 ? outcomeOf(submitted) : { kind: "unknown" };
    }
    ref = receiptIdOf(submitted.messageId, config);
  }
  return { kind: "accepted", ref, costMinor: priceAtMost(config.channel, request.text), announced: [] };
}

type Part = {
  readonly fields: ReturnType<typeof messagesOf>[number];
  readonly signal: AbortSignal;
  readonly isFirst: boolean;
};

async function submitPart(session: SmppSession, { fields, signal, isFirst }: Part): Promise<Submitted> {
  for (let attempt = 1; ; attempt += 1) {
    const submitted = await session.submit(fields, signal);
    const isBusy = submitted.kind === "answered" && BUSY_STATUSES.has(submitted.status);
    if (!isBusy || isFirst || attempt === PART_TRIES || signal.aborted) return submitted;
    await pause(PART_PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

function outcomeOf(submitted: Submitted): SendOutcome {
  if (submitted.kind === "unclear") return { kind: "unknown" };
  if (submitted.kind === "unsent") return { kind: "rejected", code: "unreachable", retryable: true };
  const { status } = submitted;
  const busy = BUSY_STATUSES.get(status);
  if (busy !== undefined) return { kind: "rejected", code: busy, retryable: true, retryAfterMs: BUSY_PAUSE_MS };
  return { kind: "rejected", code: `smpp-${status}`, retryable: PASSING_STATUSES.has(status) };
}

/** The messages a text is sent as. Only the last asks for a receipt: when it has come, so have the others. */
function messagesOf({ key, to, text }: SendRequest, { source }: SmppConfig) {
  const { encoding, texts } = splitSms(text);
  // The same key makes the same reference, so that parts of a repeat fit together with those of the first.
  const reference = createHash("sha256").update(key).digest()[0] ?? 0;
  return texts.map((part, index) => {
    const header = texts.length === 1 ? [] : [...CONCATENATED, reference, texts.length, index + 1];
    return {
      source_addr: source.address,
      source_addr_ton: source.ton,
      source_addr_npi: source.npi,
      destination_addr: to.address.slice(1),
      dest_addr_ton: INTERNATIONAL.ton,
      dest_addr_npi: INTERNATIONAL.npi,
      data_coding: DATA_CODING[encoding],
      esm_class: header.length === 0 ? 0 : WITH_HEADER,
      registered_delivery: index === texts.length - 1 ? 1 : 0,
      short_message: Buffer.concat([Buffer.from(header), encoding === "gsm7" ? gsm7(part) : ucs2(part)]),
    };
  });
}

function gsm7(text: string): Buffer {
  return Buffer.from([...text].flatMap((character) => gsm7Of(character) ?? []));
}

function ucs2(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}
