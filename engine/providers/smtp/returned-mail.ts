import { createHash } from "node:crypto";
import type { NormalResult } from "../../model/contact-result";
import type { ParsedCallback, RawCallback, StatusEvent } from "../../ports/channel";
import { contentTypeOf, fieldsOf, MAIL_BYTES_MAX, type MailPart, partsOf, splitPart } from "./mail-parts";
import { keyOfMessageId } from "./message-id";

/** People a report may speak of; ours are sent to one each. */
const RECIPIENTS_MAX = 50;
const WORDS_MAX = 500;

/** Status codes of RFC 3463 and the registry behind it, the first that fits. */
const FAILURES: readonly (readonly [pattern: RegExp, result: NormalResult])[] = [
  // No such mailbox or domain; the domain takes no mail (RFC 7505).
  [/^5\.1\.(1|2|3|6|10)$/, "invalid_vacant"],
  [/^5\.2\.1$/, "invalid_suspended"],
  [/^5\.2\.2$/, "failed_retryable"],
  [/^5\.7\./, "blocked_carrier"],
  [/^4\./, "expired"],
];
const ACTIONS: { readonly [action: string]: NormalResult } = {
  delayed: "sending",
  delivered: "delivered",
  relayed: "accepted",
  expanded: "accepted",
};

/** What a report says of one recipient, in normal form; a word nobody knows is `unknown`. */
function resultOf(fields: ReadonlyMap<string, string>): NormalResult {
  const action = (fields.get("action") ?? "").toLowerCase();
  if (action !== "failed") return Object.hasOwn(ACTIONS, action) ? (ACTIONS[action] ?? "unknown") : "unknown";
  const status = (fields.get("status") ?? "").trim();
  return FAILURES.find(([pattern]) => pattern.test(status))?.[1] ?? "failed_permanent";
}

/** Key of the message a report returns, by the Message-ID in what it returns; null = none of ours. */
function keyIn(parts: readonly MailPart[]): string | null {
  for (const part of parts) {
    const { type } = contentTypeOf(part);
    if (type !== "message/rfc822" && type !== "text/rfc822-headers" && type !== "message/global") continue;
    const returned = splitPart(part.body).headers.get("message-id");
    const key = returned === undefined ? null : keyOfMessageId(returned);
    if (key !== null) return key;
  }
  return null;
}

/**
 * Mail that came back, as events: reports of delivery (RFC 3464) and complaints (RFC 5965). Anything else, such as an answer by a
 * person or an absence note, is unreadable and left to whoever reads the mailbox.
 */
export function readReturnedMail({ body, nowMs }: RawCallback): ParsedCallback {
  if (body.byteLength > MAIL_BYTES_MAX) return { kind: "unreadable", code: "too-large" };
  const mail = splitPart(Buffer.from(body).toString("utf8").replaceAll("\u0000", ""));
  const { type, of } = contentTypeOf(mail);
  if (type !== "multipart/report") return { kind: "unreadable", code: "no-report" };
  const parts = partsOf(mail);
  const key = keyIn(parts);
  if (key === null) return { kind: "unreadable", code: "not-ours" };
  const results =
    (of("report-type") ?? "").toLowerCase() === "feedback-report" ? complaintIn(parts) : reportedIn(parts);
  if (results.length === 0) return { kind: "unreadable", code: "no-status" };
  const atMs = Date.parse(mail.headers.get("date") ?? "");
  const digest = createHash("sha256").update(body).digest("hex");
  const events = results.map(({ result, words }, index): StatusEvent => {
    const event = { eventId: `mail-${digest}-${index}`, key, ref: null, result, outcome: null, costMinor: null };
    return { ...event, atMs: Number.isNaN(atMs) ? nowMs : atMs, values: {}, raw: { report: words } };
  });
  return { kind: "events", events };
}

type Said = { readonly result: NormalResult; readonly words: string };

function reportedIn(parts: readonly MailPart[]): readonly Said[] {
  const report = parts.find((part) => /^message\/(global-)?delivery-status$/.test(contentTypeOf(part).type));
  if (report === undefined) return [];
  // The first block is about the message, each other about one recipient.
  return report.body
    .split(/\n[ \t]*\n/, RECIPIENTS_MAX + 1)
    .map(fieldsOf)
    .filter((fields) => fields.has("action"))
    .map((fields) => ({ result: resultOf(fields), words: wordsOf(fields, ["action", "status", "diagnostic-code"]) }));
}

function complaintIn(parts: readonly MailPart[]): readonly Said[] {
  const report = parts.find((part) => contentTypeOf(part).type === "message/feedback-report");
  if (report === undefined) return [];
  const fields = fieldsOf(report.body);
  const kind = (fields.get("feedback-type") ?? "").toLowerCase();
  const result = kind === "abuse" || kind === "fraud" ? "complained" : "unknown";
  return [{ result, words: wordsOf(fields, ["feedback-type"]) }];
}

function wordsOf(fields: ReadonlyMap<string, string>, names: readonly string[]): string {
  const words = names.flatMap((name) => fields.get(name) ?? []).join(" | ");
  return [...words].slice(0, WORDS_MAX).join("");
}
