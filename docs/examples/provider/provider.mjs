#!/usr/bin/env node
// A complete provider for Duecourse's HTTP channel contract (docs/guide/channels.en.md), in plain Node without dependencies.
// It contacts nobody: it keeps what it is handed in memory and reports a result a moment later. Copy it into any language.
//
//   PROVIDER_SECRET=whsec_… node docs/examples/provider/provider.mjs
//
// Environment
//   PROVIDER_SECRET    shared secret, whsec_<base64 of 24 to 64 bytes>
//   PROVIDER_PORT      default 4010; 0 = any free one (it is printed)
//   PROVIDER_CHANNEL   sms (default), email, push, robot, …
//   PROVIDER_CALLBACK  address of Duecourse's hook, e.g. http://127.0.0.1:3000/api/hooks/acme; none = no callbacks
//   PROVIDER_RESULT    what contacts come to: delivered (default), answered, no_answer, …
//   PROVIDER_DELAY_MS  how long after taking a contact its result is reported; default 50
//   PROVIDER_FAULT     a fault from the list below, for every request; none by default
//
// Faults, also chosen at run time by POST /_fault {"fault": "<name>" | null}:
//   busy              503 with Retry-After, nothing taken
//   throttled         429 with Retry-After, nothing taken
//   error             500, nothing taken
//   error-accepted    500, although it was taken
//   timeout-accepted  taken, but the answer never comes
//   garbage           200 and something that is not JSON
//   duplicate         every result is reported three times
//   late              results are reported ten times as late
//   early             results are reported before the answer to /v1/send
//   unknown-status    results in words nobody knows, before the real one
//   bad-signature     callbacks signed with another secret

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const channel = process.env.PROVIDER_CHANNEL ?? "sms";
const callbackUrl = process.env.PROVIDER_CALLBACK ?? "";
const result = process.env.PROVIDER_RESULT ?? "delivered";
const delayMs = Number(process.env.PROVIDER_DELAY_MS ?? "50");
const secret = Buffer.from((process.env.PROVIDER_SECRET ?? "").replace(/^whsec_/, ""), "base64");
let fault = process.env.PROVIDER_FAULT ?? null;

if (secret.length < 24 || secret.length > 64) {
  process.stderr.write("PROVIDER_SECRET must be whsec_ and 24 to 64 bytes in base64\n");
  process.exit(2);
}

const BODY_BYTES_MAX = 256 * 1024;
const TOLERANCE_SECONDS = 300;
const CALLBACK_TRIES = 5;

/** key -> { key, ref, to, text, events, cancelled } */
const contacts = new Map();
let taken = 0;

const nowSeconds = () => Math.floor(Date.now() / 1000);

// --- Standard Webhooks: HMAC-SHA256 over "id.timestamp.body", both ways --------------------------------------------

function mac(key, { id, timestamp, body }) {
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}

function isSigned(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
  if (!id || !/^\d+$/.test(timestamp ?? "")) return false;
  if (Math.abs(nowSeconds() - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = mac(secret, { id, timestamp, body });
  return signatures.split(" ").some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
    return one.startsWith("v1,") && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// --- Callbacks: batches of events, tried again when Duecourse does not answer 2xx -----------------------------------

let callbacks = 0;

async function report(events) {
  if (callbackUrl === "") return;
  callbacks += 1;
  const id = `cb_${process.pid}_${callbacks}`;
  const body = JSON.stringify({ events });
  const key = fault === "bad-signature" ? Buffer.alloc(32, 9) : secret;
  for (let attempt = 1; attempt <= CALLBACK_TRIES; attempt += 1) {
    const timestamp = String(nowSeconds());
    const signature = `v1,${mac(key, { id, timestamp, body }).toString("base64")}`;
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signature,
    };
    const answer = await fetch(callbackUrl, { method: "POST", headers, body }).catch(() => null);
    // Anything in the 400s will not become right by saying it again.
    if (answer !== null && answer.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
  }
}

function event(contact, what, ordinal) {
  return {
    eventId: `${contact.ref}-${ordinal}`,
    key: contact.key,
    ref: contact.ref,
    result: what,
    at: new Date().toISOString(),
    cost: { minor: 5, currency: "CNY" },
  };
}

async function conclude(contact) {
  if (contact.cancelled) return;
  if (fault === "unknown-status") await report([event(contact, "teleported", 0)]);
  const said = event(contact, result, 1);
  contact.events.push(said);
  const times = fault === "duplicate" ? 3 : 1;
  for (let time = 0; time < times; time += 1) await report([said]);
}

// --- The contract ---------------------------------------------------------------------------------------------------

function take(body) {
  const { key, to, text, subject } = body;
  taken += 1;
  // Never given twice, also not after a restart.
  const ref = `acme-${process.pid}-${taken}`;
  const contact = { key, ref, to, text, subject, events: [], cancelled: false };
  contacts.set(key, contact);
  return contact;
}

async function send(body, response) {
  const known = contacts.get(body.key);
  // One key is one contact: whoever sends it again is told of the first.
  if (known !== undefined) return json(response, [409, { ref: known.ref, cost: { minor: 5, currency: "CNY" } }]);
  if (fault === "busy") return json(response, [503, {}, { "retry-after": "2" }]);
  if (fault === "throttled") return json(response, [429, {}, { "retry-after": "7" }]);
  if (fault === "error") return json(response, [500, {}]);
  if (fault === "garbage") return void response.writeHead(200, { "content-type": "application/json" }).end("<html>");
  if (String(body.to?.address ?? "").endsWith("0000")) return json(response, [422, { code: "invalid-number" }]);
  const contact = take(body);
  if (fault === "early") await conclude(contact);
  else setTimeout(conclude, fault === "late" ? delayMs * 10 : delayMs, contact);
  if (fault === "error-accepted") return json(response, [500, {}]);
  if (fault === "timeout-accepted") return;
  json(response, [200, { ref: contact.ref, cost: { minor: 5, currency: "CNY" } }]);
}

function status(key, response) {
  const contact = contacts.get(key);
  if (contact === undefined) return json(response, [404, { state: "not_found" }]);
  json(response, [200, { state: "known", ref: contact.ref, events: contact.events }]);
}

function cancel(key, response) {
  const contact = contacts.get(key);
  const canStop = contact !== undefined && contact.events.length === 0;
  if (canStop) contact.cancelled = true;
  json(response, [200, { state: canStop ? "cancelled" : "too_late" }]);
}

function capabilities(response) {
  json(response, [
    200,
    {
      contract: 1,
      channel,
      idempotency: "key",
      results: ["accepted", "delivered", "failed_permanent"],
    },
  ]);
}

/** For tests only: choose a fault, look at what was taken. A real provider has nothing of the sort. */
function control(path, body, response) {
  if (path === "/_fault") fault = body.fault ?? null;
  if (path === "/_forget") contacts.clear();
  json(response, [200, { fault, contacts: [...contacts.values()] }]);
}

function json(response, [statusCode, body, headers = {}]) {
  response.writeHead(statusCode, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function read(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    request.on("data", (chunk) => {
      size += chunk.length;
      if (size > BODY_BYTES_MAX) reject(new Error("too large"));
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
  });
}

async function answer(request, response) {
  const raw = await read(request);
  const path = new URL(request.url, "http://localhost").pathname;
  const body = raw.length === 0 ? {} : JSON.parse(raw.toString("utf8"));
  if (path.startsWith("/_")) return control(path, body, response);
  if (!isSigned(request.headers, raw)) return json(response, [401, {}]);
  const key = decodeURIComponent(path.split("/")[3] ?? "");
  if (request.method === "POST" && path === "/v1/send") return send(body, response);
  if (request.method === "GET" && path.startsWith("/v1/status/")) return status(key, response);
  if (request.method === "POST" && path.startsWith("/v1/cancel/")) return cancel(key, response);
  if (request.method === "GET" && path === "/v1/capabilities") return capabilities(response);
  json(response, [404, {}]);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => {
    if (!response.headersSent) json(response, [400, {}]);
  });
});
server.listen(Number(process.env.PROVIDER_PORT ?? "4010"), "127.0.0.1", () => {
  process.stdout.write(`listening on ${server.address().port}\n`);
});
