import { describe, expect, it } from "vitest";
import { ChannelsConfigSchema } from "#engine/providers/channels-config";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const ACME = { kind: "http", channel: "sms", url: "https://acme.example/duecourse", secrets: [SECRET] };
const CENTRE = {
  kind: "smpp",
  host: "smsc.example",
  systemId: "due",
  password: "secret",
  source: { address: "10690000" },
};
const MAIL = { kind: "smtp", host: "smtp.example", port: 587, from: { address: "a@lender.example" } };
const reads = (providers: object, simulated: object = {}) =>
  ChannelsConfigSchema.safeParse({ providers, simulated }).success;

describe("the file of providers", () => {
  it("is not needed, and may set up one provider a channel", () => {
    expect(ChannelsConfigSchema.parse({})).toEqual({ providers: {}, simulated: {}, qa: {} });
    expect(reads({ acme: ACME, mail: MAIL })).toBe(true);
  });

  it("keeps one that sends nothing any more, so that its late results are heard", () => {
    expect(reads({ acme: ACME, centre: CENTRE })).toBe(false);
    expect(reads({ acme: { ...ACME, retired: true }, centre: CENTRE })).toBe(true);
  });

  it.each([
    ["a name that rows would take for a simulated provider", { "simulated-sms": ACME }],
    ["an address with a password in it", { acme: { ...ACME, url: "https://u:p@acme.example" } }],
    ["a secret that is too short", { acme: { ...ACME, secrets: ["whsec_AAAA"] } }],
    ["no secret at all", { acme: { ...ACME, secrets: [] } }],
    ["a member nobody knows", { acme: { ...ACME, urll: "x" } }],
    ["mail in the clear to another machine", { mail: { ...MAIL, security: "none" } }],
    ["a user without a password", { mail: { ...MAIL, user: "due" } }],
    ["a sender with a line break", { mail: { ...MAIL, from: { address: "a@b.example\r\nBcc: c@d.example" } } }],
    ["a password longer than the protocol has room for", { centre: { ...CENTRE, password: "too-long-a-word" } }],
    ["an error that means nothing", { centre: { ...CENTRE, errors: { "MK:0001": "gone" } } }],
  ] as const)("is refused with %s", (_, providers) => {
    expect(reads(providers)).toBe(false);
  });

  it("may ask simulated providers for faults, no more than all of the time", () => {
    expect(reads({}, { sms: { busy: 0.5, garbage: 0.5 } })).toBe(true);
    expect(reads({}, { sms: { busy: 0.6, garbage: 0.5 } })).toBe(false);
    expect(reads({}, { sms: { late: 1, early: 0.1 } })).toBe(false);
    expect(reads({}, { fax: { busy: 0.5 } })).toBe(false);
  });
});
