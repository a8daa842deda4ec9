import MailComposer from "nodemailer/lib/mail-composer";
import { contentIssues, priceAtMost, refusalOf } from "../../channels/request-check";
import {
  type AdapterHealth,
  CHANNEL_CONTRACT,
  type ChannelAdapter,
  type SendOutcome,
  type SendRequest,
} from "../../ports/channel";
import { isSigned, secretBytes } from "../http/sign";
import { MAILBOX, type SmtpConfig } from "./config";
import { messageIdOf } from "./message-id";
import { readReturnedMail } from "./returned-mail";
import { type Submission, submit } from "./submit";

/** Codes that speak of us and not of the recipient (RFC 5321, RFC 4954): closing, busy, log in first. */
const LOGIN_CODES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/**
 * Email over SMTP. The Message-ID is the contact's key, so a message that is handed over twice is one message to who reads it; a
 * server that falls silent after the message began leaves the outcome unknown. Returned mail comes in through the hook, signed.
 */
export function smtpChannel(name: string, config: SmtpConfig): ChannelAdapter {
  const kind = { channel: config.channel, simulated: false };
  const secrets = config.secrets.flatMap((text) => secretBytes(text) ?? []);
  return {
    id: name,
    contract: CHANNEL_CONTRACT,
    ...kind,
    capabilities: {
      idempotency: "client-id",
      queryDelayMs: 0,
      callbacks: secrets.length > 0 ? "push" : "none",
      cancel: false,
      maxPerSecond: config.maxPerSecond ?? null,
      maxConcurrent: config.maxConcurrent ?? null,
      results: [
        ...(["accepted", "sending", "delivered", "failed_retryable", "failed_permanent", "expired"] as const),
        ...(["invalid_vacant", "invalid_suspended", "blocked_carrier", "complained", "unknown"] as const),
      ],
      personalData: ["email", "name"],
    },
    validate: (content) => contentIssues(config.channel, content),
    estimate: ({ text }) => priceAtMost(config.channel, text),
    send: async (request, { signal }) => {
      const code = refusalOf(kind, request) ?? (MAILBOX.test(request.to.address) ? null : "address-invalid");
      if (code !== null) return { kind: "rejected", code, retryable: false };
      const letter = { from: config.from.address, to: request.to.address, signal };
      const taken = await submit(config, { ...letter, bytes: await composed(config, request) });
      return outcomeOf(taken, request);
    },
    verify: (callback) => isSigned(secrets, callback),
    parse: (callback) => readReturnedMail(callback),
    check: async ({ signal }) => check(config, signal),
  };
}

const domainOf = ({ from }: SmtpConfig): string => from.address.slice(from.address.lastIndexOf("@") + 1);

/** A line of its own in a header would be a header of its own: control characters become spaces. */
const inOneLine = (text: string): string => text.replace(/\p{C}+/gu, " ").trim();

function composed(config: SmtpConfig, { key, to, subject, text, nowMs }: SendRequest): Promise<Buffer> {
  const { from, replyTo } = config;
  return new MailComposer({
    messageId: messageIdOf(key, domainOf(config)),
    date: new Date(nowMs),
    from: { name: inOneLine(from.name), address: from.address },
    to: { name: "", address: to.address },
    ...(replyTo === undefined ? {} : { replyTo }),
    subject: inOneLine(subject ?? ""),
    text,
    // Machines that answer mail by themselves leave this one alone (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

function outcomeOf(submission: Submission, { key, text }: SendRequest): SendOutcome {
  if (submission.kind === "unclear") return { kind: "unknown" };
  if (submission.kind === "taken") {
    return { kind: "accepted", ref: key, costMinor: priceAtMost("email", text), announced: [] };
  }
  const { code, phase } = submission;
  if (code === null) return { kind: "rejected", code: "unreachable", retryable: true };
  const isOurs = phase !== "message" || LOGIN_CODES.has(code);
  return { kind: "rejected", code: `smtp-${code}`, retryable: code < 500 || isOurs };
}

/** Whether the server lets us in; no message is sent. */
async function check(config: SmtpConfig, signal: AbortSignal): Promise<AdapterHealth> {
  const answer = await submit(config, { from: config.from.address, to: "", bytes: Buffer.alloc(0), signal });
  const reached = answer.kind !== "refused" || answer.phase === "message";
  const why = answer.kind === "refused" && answer.code !== null ? `smtp-${answer.code}` : "unreachable";
  return reached ? { ok: true, problems: [] } : { ok: false, problems: [why] };
}
