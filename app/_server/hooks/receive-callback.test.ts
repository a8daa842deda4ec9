import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { callbackStore } from "#db/stores/callback-store";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { secretBytes, signatureHeaders } from "#engine/providers/http/sign";
import { HttpChannelConfigSchema } from "#engine/providers/http-channel/config";
import { httpChannel } from "#engine/providers/http-channel/http-channel";
import { CALLBACK_BYTES_MAX, type CallbackDoor, receiveCallback } from "./receive-callback";

const NOW = Date.UTC(2026, 2, 2, 2);
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const NEXT_SECRET = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const STRANGER = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

let house: TestDatabase;
let door: CallbackDoor;
beforeAll(async () => {
  house = await openTestDatabase();
  const config = { kind: "http", channel: "sms", url: "https://acme.example", secrets: [SECRET, NEXT_SECRET] };
  const acme = httpChannel("acme", HttpChannelConfigSchema.parse(config));
  door = {
    adapterOf: (name) => (name === "acme" ? acme : null),
    callbacks: callbackStore(house.database),
    now: () => NOW,
  };
});
afterAll(() => house.drop());
beforeEach(async () => {
  await house.database.sql`truncate channel_callback`;
});

const event = (id: string, change: object = {}) => ({
  ...{ eventId: id, key: "enr_1:2:1", result: "delivered", at: "2026-03-02T10:00:00+08:00" },
  ...change,
});

type Written = { readonly body?: string | Uint8Array<ArrayBuffer>; readonly secret?: string; readonly atMs?: number };

function callback({ body = JSON.stringify({ events: [event("e1")] }), secret = SECRET, atMs = NOW }: Written = {}) {
  const key = secretBytes(secret);
  if (key === null) throw new Error("secret");
  const signed = signatureHeaders(key, { id: "cb_1", timestampSeconds: Math.floor(atMs / 1000), body });
  return { headers: { ...signed, "content-type": "application/json" } as Record<string, string>, body };
}

const post = (
  { headers, body }: { headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> },
  to = "acme",
) => receiveCallback(door, to, new Request("http://localhost/api/hooks/acme", { method: "POST", headers, body }));
const stored = async (): Promise<number> => {
  const [row] = await house.database.sql<{ count: number }[]>`select count(*)::int as count from channel_callback`;
  return row?.count ?? -1;
};

describe("a callback", () => {
  it("is stored as it was said, with its own words", async () => {
    const said = event("e1", { result: "teleported", outcome: "beamed", note: "尊敬的 👋" });
    expect(await post(callback({ body: JSON.stringify(said) }))).toEqual({ status: 200, received: 1, stored: 1 });
    const [row] = await house.database.sql`select event_id, intent_key, event from channel_callback`;
    expect(row).toMatchObject({ event_id: "e1", intent_key: "enr_1:2:1", event: { result: "unknown", raw: said } });
  });

  it("may hold five thousand events, and is stored once however often it is replayed", async () => {
    const body = JSON.stringify({ events: Array.from({ length: 5000 }, (_, index) => event(`e${index}`)) });
    expect(await post(callback({ body }))).toEqual({ status: 200, received: 5000, stored: 5000 });
    expect(await post(callback({ body }))).toEqual({ status: 200, received: 5000, stored: 0 });
    expect(await stored()).toBe(5000);
  });

  it("may be signed with the secret that comes next, and by either of two signatures", async () => {
    expect(await post(callback({ secret: NEXT_SECRET }))).toMatchObject({ status: 200 });
    const twice = callback({ secret: STRANGER });
    const good = callback().headers["webhook-signature"];
    const headers = { ...twice.headers, "webhook-signature": `${twice.headers["webhook-signature"]} ${good}` };
    expect(await post({ ...twice, headers })).toMatchObject({ status: 200 });
  });

  it("may be an array of events or a single one", async () => {
    expect(await post(callback({ body: JSON.stringify([event("a"), event("b")]) }))).toMatchObject({ received: 2 });
    expect(await post(callback({ body: JSON.stringify(event("c")) }))).toMatchObject({ received: 1 });
  });
});

const without = (name: string) => {
  const { headers, body } = callback();
  return { body, headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)) };
};
const withHeaders = (headers: Record<string, string>) => ({
  ...callback(),
  headers: { ...callback().headers, ...headers },
});
const minutes = (count: number): number => NOW + count * 60_000;
const huge = "x".repeat(CALLBACK_BYTES_MAX + 1);

describe("turned away before anything changes is a callback", () => {
  it.each([
    ["without an id", without("webhook-id"), 401],
    ["without a time", without("webhook-timestamp"), 401],
    ["without a signature", without("webhook-signature"), 401],
    ["signed by a stranger", callback({ secret: STRANGER }), 401],
    ["whose body was changed by one space", { ...callback(), body: `${callback().body} ` }, 401],
    ["that is six minutes old", callback({ atMs: minutes(-6) }), 401],
    ["from ten minutes in the future", callback({ atMs: minutes(10) }), 401],
    ["whose id was changed", withHeaders({ "webhook-id": "cb_2" }), 401],
    ["whose time is no number", withHeaders({ "webhook-timestamp": "1e3" }), 401],
    ["whose signature is cut short", withHeaders({ "webhook-signature": "v1,AAAA" }), 401],
    [
      "that says where it comes from",
      {
        ...callback({ secret: STRANGER }),
        ...withHeaders({ "x-forwarded-for": "127.0.0.1", "webhook-signature": "v1,x" }),
      },
      401,
    ],
    ["that is packed", { ...withHeaders({ "content-encoding": "gzip" }), body: new Uint8Array(gzipSync("{}")) }, 415],
    ["that is too large", callback({ body: huge }), 413],
    [
      "that lies about its length",
      { ...callback({ body: huge }), headers: { ...callback({ body: huge }).headers, "content-length": "2" } },
      413,
    ],
    [
      "with more events than a batch holds",
      callback({ body: JSON.stringify({ events: Array.from({ length: 5001 }, (_, index) => event(`e${index}`)) }) }),
      413,
    ],
    ["that is no JSON", callback({ body: "{" }), 422],
    ["that is JSON5", callback({ body: "{events: []}" }), 422],
    ["that is a form", callback({ body: "a=1&b=2" }), 422],
    ["nested too deep", callback({ body: `${"[".repeat(50)}${"]".repeat(50)}` }), 422],
    [
      "of which one event cannot be read",
      callback({ body: JSON.stringify({ events: [event("e1"), { eventId: "e2" }] }) }),
      422,
    ],
    ["about nobody", callback({ body: JSON.stringify(event("e1", { key: undefined })) }), 422],
    ["on the 30th of February", callback({ body: JSON.stringify(event("e1", { at: "2026-02-30T10:00:00Z" })) }), 422],
    ["whose time has no zone", callback({ body: JSON.stringify(event("e1", { at: "2026-03-02T10:00:00" })) }), 422],
    ["with a NUL in its name", callback({ body: JSON.stringify(event("e\u0000")) }), 422],
    [
      "at a negative price",
      callback({ body: JSON.stringify(event("e1", { cost: { minor: -1, currency: "CNY" } })) }),
      422,
    ],
  ] as const)("%s", async (_, written, status) => {
    expect(await post(written)).toMatchObject({ status });
    expect(await stored()).toBe(0);
  });

  it("of a provider nobody set up", async () => {
    expect(await post(callback(), "somebody")).toEqual({ status: 404, code: "unknown-integration" });
  });
});
