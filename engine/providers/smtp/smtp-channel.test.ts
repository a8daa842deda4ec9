import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ContactPoint } from "../../model/party";
import { DAY_MS } from "../../model/time";
import type { SendRequest } from "../../ports/channel";
import { channelConformance, type ProviderFault } from "../../testing/channel-conformance";
import { LOCALHOST_CERTIFICATE } from "../testing/localhost-certificate";
import {
  headerNames,
  MAIL_USER,
  type MailMood,
  type MailServer,
  openMailServer,
  readable,
} from "../testing/mail-server";
import { SmtpConfigSchema } from "./config";
import { keyOfMessageId, messageIdOf } from "./message-id";
import { smtpChannel } from "./smtp-channel";

const FROM = { name: "示例银行", address: "notice@lender.example" };

function adapterTo({ port }: Pick<MailServer, "port">, change: object = {}) {
  const config = {
    kind: "smtp",
    host: "localhost",
    port,
    ca: LOCALHOST_CERTIFICATE,
    from: FROM,
    ...MAIL_USER,
    ...change,
  };
  return smtpChannel("mail", SmtpConfigSchema.parse(JSON.parse(JSON.stringify(config))));
}

const MOODS: { readonly [fault in ProviderFault]?: MailMood } = {
  busy: "busy-recipient",
  throttled: "busy-content",
  "timeout-accepted": "silent-after-content",
  "error-accepted": "hangs-up-after-content",
};

channelConformance("SMTP email against a real server", async () => {
  const server = await openMailServer();
  return {
    adapter: adapterTo(server),
    faults: Object.keys(MOODS) as ProviderFault[],
    addresses: { good: "ann@example.com", refused: "not a mailbox" },
    taken: async () =>
      server.mails.map(({ headers, to, text }) => ({
        key: keyOfMessageId(headers.get("message-id") ?? "") ?? "",
        address: to,
        subject: readable(headers.get("subject") ?? ""),
        text,
      })),
    setFault: async (fault) => {
      server.mood = fault === null ? "friendly" : (MOODS[fault] ?? "friendly");
    },
    forget: async () => {
      server.mails.splice(0);
    },
    heard: () => ({ events: [], turnedAway: 0 }),
    close: server.close,
  };
});

let server: MailServer;
let plain: MailServer;
beforeAll(async () => {
  server = await openMailServer();
  plain = await openMailServer({ startTls: false });
});
afterAll(async () => {
  await server.close();
  await plain.close();
});
afterEach(() => {
  server.mood = "friendly";
  server.mails.splice(0);
});

function aMail(change: Partial<SendRequest> = {}): SendRequest {
  const nowMs = Date.UTC(2026, 2, 2, 2);
  const to: ContactPoint = {
    ...{ id: "cp_1", partyId: "party_1", kind: "email", rank: 1, address: "ann@example.com", simulated: false },
    ...{ status: "valid", consent: { email: "granted" } },
  };
  return {
    ...{
      key: "enr_acct_A-1.ver_1:2:1",
      partyId: "party_1",
      channel: "email",
      to,
      subject: "账单逾期提醒",
      text: "您好,请还款。",
    },
    ...{ notAfterMs: nowMs + DAY_MS, nowMs, resent: 0, simulation: { dpd: 1, attempt: 1 } },
    ...change,
  };
}
const send = (change: Partial<SendRequest> = {}, over = adapterTo(server), deadlineMs = 2000) =>
  over.send(aMail(change), { signal: AbortSignal.timeout(deadlineMs) });

describe("a mail", () => {
  it("goes over STARTTLS after logging in, with the key as its id and Chinese that reads right", async () => {
    expect(await send()).toEqual({ kind: "accepted", ref: aMail().key, costMinor: 1, announced: [] });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: FROM.address, to: "ann@example.com", text: "您好,请还款。", isSecure: true });
    expect(readable(mail?.headers.get("subject") ?? "")).toBe("账单逾期提醒");
    expect(readable(mail?.headers.get("from") ?? "")).toContain("示例银行");
    expect(mail?.headers.get("message-id")).toBe(messageIdOf(aMail().key, "lender.example"));
    expect(mail?.raw).not.toMatch(/[^\t\r\n -~]/);
  });

  it("is never sent where the connection cannot be made safe", async () => {
    expect(await send({}, adapterTo(plain))).toMatchObject({ kind: "rejected", retryable: true });
    expect(plain.mails).toEqual([]);
    expect(await send({}, adapterTo(server, { ca: undefined }))).toMatchObject({ kind: "rejected", retryable: true });
    expect(server.mails).toEqual([]);
  });

  it.each([
    ["subject", { subject: "账单\r\nBcc: everybody@example.com\r\n\r\nhello" }],
    ["subject with a bare line feed", { subject: "a\nBcc: everybody@example.com" }],
    ["text", { text: "hi\r\n.\r\nMAIL FROM:<x@example.com>" }],
  ] as const)("cannot be given headers or envelopes through its %s", async (_, change) => {
    expect((await send(change)).kind).toBe("accepted");
    expect(server.mails).toHaveLength(1);
    expect(headerNames(server.mails[0]?.raw ?? "")).not.toContain("bcc");
    expect(server.mails[0]).toMatchObject({ to: "ann@example.com" });
  });

  it.each([
    "ann@example.com\r\nBcc: x@example.com",
    "ann@example.com>,<eve@example.com",
    "ann@example.com, eve@example.com",
    "ann @example.com",
    "ann@",
    "@example.com",
    "ann@example.com\u0000",
  ])("is not sent to %j", async (address) => {
    const { to } = aMail();
    expect(await send({ to: { ...to, address } })).toEqual({
      kind: "rejected",
      code: "address-invalid",
      retryable: false,
    });
    expect(server.mails).toEqual([]);
  });
});

describe("what a mail server says", () => {
  it.each([
    ["busy-recipient", { kind: "rejected", code: "smtp-451", retryable: true }],
    ["busy-content", { kind: "rejected", code: "smtp-452", retryable: true }],
    ["refuses-recipient", { kind: "rejected", code: "smtp-550", retryable: false }],
    ["refuses-content", { kind: "rejected", code: "smtp-554", retryable: false }],
    ["hangs-up-on-recipient", { kind: "rejected", code: "unreachable", retryable: true }],
    ["silent-greeting", { kind: "rejected", code: "unreachable", retryable: true }],
    ["hangs-up-after-content", { kind: "unknown" }],
    ["silent-after-content", { kind: "unknown" }],
  ] as const)("when it %s", async (mood, outcome) => {
    server.mood = mood;
    expect(await send({}, adapterTo(server), 600)).toEqual(outcome);
  });

  it("about our password can be put right: the mail is tried again", async () => {
    expect(await send({}, adapterTo(server, { password: "wrong" }))).toEqual({
      ...{ kind: "rejected", code: "smtp-535", retryable: true },
    });
    const signal = AbortSignal.timeout(2000);
    expect(await adapterTo(server, { password: "wrong" }).check({ signal })).toEqual({
      ok: false,
      problems: ["smtp-535"],
    });
  });

  it("is nothing when nobody listens", async () => {
    expect(await send({}, adapterTo({ port: 1 }))).toEqual({ kind: "rejected", code: "unreachable", retryable: true });
  });
});

describe("a key", () => {
  it.each(["enr_A-1:2:1", "enr_合同/1:20:3", "x".repeat(200)])("%s comes back from its Message-ID", (key) => {
    const id = messageIdOf(key, "lender.example");
    expect(id).toMatch(/^<[A-Za-z0-9._-]+@lender\.example>$/);
    expect(keyOfMessageId(id)).toBe(key);
    expect(keyOfMessageId(` ${id.slice(1, -1)} `)).toBe(key);
  });

  it.each(["<abc@example.com>", "<due.@x>", "<due.a b@x>", "<due.YQ==@x>", ""])("is not in %s", (id) => {
    expect(keyOfMessageId(id)).toBeNull();
  });
});
