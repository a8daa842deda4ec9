import type { Pdu } from "smpp";
import type { NormalResult } from "../../model/contact-result";
import type { StatusEvent } from "../../ports/channel";
import type { SmppConfig } from "./config";

/** Bits of `esm_class` that say it is a receipt (SMPP 3.4, 5.2.12). */
const RECEIPT_MASK = 0x3c;
const RECEIPT = 0x04;
const WORDS_MAX = 300;

/** States by word and by number (SMPP 3.4, 5.2.28 and appendix B). */
const STATES = [
  ["ENROUTE", 1, "sending"],
  ["DELIVRD", 2, "delivered"],
  ["EXPIRED", 3, "expired"],
  ["DELETED", 4, "cancelled"],
  ["UNDELIV", 5, "failed_permanent"],
  ["ACCEPTD", 6, "sending"],
  ["UNKNOWN", 7, "unknown"],
  ["REJECTD", 8, "failed_permanent"],
] as const satisfies readonly (readonly [word: string, state: number, result: NormalResult])[];

export function isReceipt({ esm_class: esmClass = 0 }: Pick<Pdu, "esm_class">): boolean {
  return (esmClass & RECEIPT_MASK) === RECEIPT;
}

/** The id a centre gave a message, as its receipts name it. */
export function receiptIdOf(messageId: string, { receiptIds }: Pick<SmppConfig, "receiptIds">): string {
  return receiptIds === "decimal" && /^[0-9a-f]{1,32}$/i.test(messageId)
    ? BigInt(`0x${messageId}`).toString()
    : messageId;
}

/** What a message says, without what centres pad it with. */
export function textOf({ short_message: message }: Pdu): string {
  const written = typeof message === "object" ? message.message : message;
  if (written === undefined) return "";
  const text = typeof written === "string" ? written : Buffer.from(written).toString("latin1");
  return text.replaceAll("\u0000", "").slice(0, WORDS_MAX);
}

const fieldOf = (text: string, name: string): string | null =>
  new RegExp(`(?:^|\\s)${name}:(\\S*)`, "i").exec(text)?.[1] ?? null;

/**
 * A delivery receipt as an event, or null when it names no message. The optional fields win over the text, whose form every centre
 * writes a little differently.
 */
export function readReceipt(pdu: Pdu, config: Pick<SmppConfig, "errors">, nowMs: number): StatusEvent | null {
  const text = textOf(pdu);
  const ref = pdu.receipted_message_id ?? fieldOf(text, "id");
  if (ref === null || ref === "") return null;
  const word = (fieldOf(text, "stat") ?? "").toUpperCase();
  const known = STATES.find(([name, state]) =>
    pdu.message_state === undefined ? name === word : state === pdu.message_state,
  );
  const code = fieldOf(text, "err") ?? "";
  const stated: NormalResult = known?.[2] ?? "unknown";
  // A centre may put the network's own words where the state belongs (`stat:MK:0001`).
  const meant = config.errors[word] ?? (stated === "failed_permanent" ? config.errors[code] : undefined);
  const result = meant ?? stated;
  const name = `${known?.[0] ?? word}:${code}`.slice(0, 60);
  return {
    eventId: `${ref}:${name}`,
    key: null,
    ref,
    result,
    outcome: null,
    atMs: nowMs,
    costMinor: null,
    values: {},
    raw: { receipt: text, state: pdu.message_state ?? null },
  };
}
