import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { draw } from "#engine/model/draw";
import type { Handed, ProviderFault, ProviderLine } from "./faults";

/**
 * The fake provider: a process of its own that nobody kills. It writes the history the checkers read, misbehaves by the seed, and
 * reports results early, late, twice and out of order. Simulated: it reaches nobody.
 */

const { CHAOS_SEED = "1", CHAOS_HISTORY = "history.ndjson", CHAOS_CALLBACK = "" } = process.env;
const SEED = Number(CHAOS_SEED);
const CALLBACK_TRIES_MAX = 200;
const SHARES: readonly (readonly [ProviderFault, number])[] = [
  ["500", 0.04],
  ["429", 0.04],
  ["timeout-but-accepted", 0.02],
  ["garbage", 0.02],
];

const known = new Set<string>();
const asked = new Map<string, number>();

function note(line: ProviderLine): void {
  appendFileSync(CHAOS_HISTORY, `${JSON.stringify(line)}\n`);
}

function faultOf(key: string, time: number): ProviderFault {
  let chance = draw(SEED, key, `fault:${time}`);
  for (const [fault, share] of SHARES) {
    if (chance < share) return fault;
    chance -= share;
  }
  return "none";
}

async function bodyOf(request: IncomingMessage): Promise<Handed> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Handed;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = new URL(request.url ?? "", "http://provider").searchParams.get("key");
  if (key !== null) {
    response.writeHead(200).end(JSON.stringify({ known: known.has(key) }));
    return;
  }
  const one = await bodyOf(request);
  const time = (asked.get(one.key) ?? 0) + 1;
  asked.set(one.key, time);
  const fault = faultOf(one.key, time);
  const takes = fault !== "500" && fault !== "429";
  const reached = takes && !(one.class === "idempotent" && known.has(one.key));
  if (takes) known.add(one.key);
  note({ kind: "received", ...one, realMs: Date.now(), fault, reached });
  if (reached) void report(one);
  if (fault === "500" || fault === "429") {
    response.writeHead(Number(fault)).end("{}");
    return;
  }
  // Early: the result may be told before the request is answered.
  await delay(draw(SEED, one.key, "slow") * 25);
  if (fault === "timeout-but-accepted") return;
  response.writeHead(200).end(fault === "garbage" ? '{"ref": tru' : JSON.stringify({ ref: `r-${one.key}` }));
}

const OUTCOMES = ["NA", "NA", "NA", "PTP", "RTP"] as const;

/** One to three reports of one result, shuffled by their delays; asked again until the other side has taken them. */
async function report({ key, class: kind }: Handed): Promise<void> {
  const outcome =
    kind === "queryable" ? "DLV" : (OUTCOMES[Math.floor(draw(SEED, key, "outcome") * OUTCOMES.length)] ?? "NA");
  const times = 1 + Math.floor(draw(SEED, key, "times") * 3);
  await Promise.all(
    Array.from({ length: times }, async (_, index) => {
      const isLate = draw(SEED, key, `late:${index}`) < 0.05;
      await delay(draw(SEED, key, `callback:${index}`) * (isLate ? 5000 : 150));
      await tell(JSON.stringify({ key, outcome, eventId: `${key}-e` }), key);
    }),
  );
}

async function tell(body: string, key: string): Promise<void> {
  for (let attempt = 0; attempt < CALLBACK_TRIES_MAX; attempt += 1) {
    try {
      const { status } = await fetch(CHAOS_CALLBACK, { method: "POST", body });
      if (status === 200) {
        note({ kind: "callback", key, eventId: `${key}-e`, status });
        return;
      }
    } catch {
      // Nobody there; a provider tries again.
    }
    await delay(100);
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address !== null ? address.port : 0);
});
process.once("disconnect", () => process.exit(0));
