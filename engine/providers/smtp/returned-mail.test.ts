import { describe, expect, it } from "vitest";
import { messageIdOf } from "./message-id";
import { readReturnedMail } from "./returned-mail";

const KEY = "enr_acct_A-1.ver_1:2:1";
const NOW = Date.UTC(2026, 2, 3);

type Report = { readonly status?: string; readonly returned?: string; readonly type?: string };

/** A report as Postfix writes it. */
function aReport({
  status = "Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such\n user",
  returned = `Message-ID: ${messageIdOf(KEY, "lender.example")}\nSubject: =?UTF-8?B?6LSm5Y2V?=`,
  type = 'multipart/report; report-type=delivery-status;\n\tboundary="B1.x/y"',
}: Report = {}): string {
  return `Return-Path: <>
Date: Mon, 2 Mar 2026 10:30:00 +0800 (CST)
From: MAILER-DAEMON@mx.example
To: notice@lender.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: ${type}

This is a MIME-encapsulated message.

--B1.x/y
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you.

--B1.x/y
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon,  2 Mar 2026 10:29:00 +0800 (CST)

${status}

--B1.x/y
Content-Type: message/rfc822

${returned}

--B1.x/y--
`;
}

const read = (text: string) =>
  readReturnedMail({ headers: {}, body: new TextEncoder().encode(text.replaceAll("\n", "\r\n")), nowMs: NOW });
const resultOf = (status: string) => {
  const parsed = read(aReport({ status }));
  return parsed.kind === "events" ? parsed.events.map(({ result }) => result) : parsed.code;
};

describe("mail that came back", () => {
  it("names the contact, when, and why", () => {
    const parsed = read(aReport());
    expect(parsed).toMatchObject({
      kind: "events",
      events: [{ key: KEY, result: "invalid_vacant", atMs: Date.UTC(2026, 2, 2, 2, 30), ref: null, costMinor: null }],
    });
    expect(JSON.stringify(parsed)).toContain("failed | 5.1.1 | smtp; 550 5.1.1 no such user");
  });

  it("is the same event when it is posted again", () => {
    expect(read(aReport())).toEqual(read(aReport()));
    expect(read(aReport())).not.toEqual(read(aReport({ status: "Action: failed\nStatus: 5.2.2" })));
  });

  it.each([
    ["Action: failed\nStatus: 5.1.10", ["invalid_vacant"]],
    ["Action: failed\nStatus: 5.1.2", ["invalid_vacant"]],
    ["Action: failed\nStatus: 5.2.1", ["invalid_suspended"]],
    ["Action: failed\nStatus: 5.2.2", ["failed_retryable"]],
    ["Action: failed\nStatus: 5.7.1", ["blocked_carrier"]],
    ["Action: FAILED\nStatus: 4.4.7", ["expired"]],
    ["Action: failed\nStatus: 5.0.0", ["failed_permanent"]],
    ["Action: failed", ["failed_permanent"]],
    ["Action: delayed\nStatus: 4.4.1", ["sending"]],
    ["Action: delivered\nStatus: 2.0.0", ["delivered"]],
    ["Action: relayed\nStatus: 2.0.0", ["accepted"]],
    ["Action: teleported\nStatus: 5.1.1", ["unknown"]],
    ["Action: constructor\nStatus: 5.1.1", ["unknown"]],
    ["Action: delivered\n\nAction: failed\nStatus: 5.1.1", ["delivered", "invalid_vacant"]],
    ["Final-Recipient: rfc822; ann@example.com", "no-status"],
  ] as const)("%j is %j", (status, results) => {
    expect(resultOf(status)).toEqual(results);
  });

  it("may be a complaint, and a complaint is one", () => {
    const arf = (kind: string) =>
      aReport({ type: 'multipart/report; report-type=feedback-report; boundary="B1.x/y"' })
        .replace("message/delivery-status", "message/feedback-report")
        .replace(/Reporting-MTA[\s\S]*?no such\n user/, `Feedback-Type: ${kind}\nUser-Agent: x/1`);
    expect(read(arf("abuse"))).toMatchObject({ events: [{ key: KEY, result: "complained" }] });
    expect(read(arf("not-spam"))).toMatchObject({ events: [{ result: "unknown" }] });
  });

  it.each([
    ["that is a person's answer", aReport({ type: "text/plain" }), "no-report"],
    ["of somebody else's mail", aReport({ returned: "Message-ID: <abc@example.com>" }), "not-ours"],
    ["without its message", aReport({ returned: "Subject: x" }), "not-ours"],
    ["without a boundary", aReport({ type: "multipart/report" }), "not-ours"],
    ["that is empty", "", "no-report"],
    ["that is noise", "\u0000\u0001--B1\n\n--\n:::", "no-report"],
    ["that is too large", "x".repeat(2 * 1024 * 1024 + 1), "too-large"],
  ])("%s is left to people", (_, text, code) => {
    expect(read(text)).toEqual({ kind: "unreadable", code });
  });
});
