import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Decision } from "../model/execution";
import type { FactValue } from "../model/facts";
import { utcText } from "../model/time";

/** Fingerprint of everything one account's strategy decided, taken in as the decisions are made; nothing is kept but the hash. */
export type AccountTrace = {
  /** Lines that are not hashed yet. */
  lines: string;
  /** Null while all lines are still there. */
  hash: ReturnType<typeof sha256.create> | null;
};

/** Lines are hashed in stretches of about so many characters: hashing each by itself costs more than making it. */
const STRETCH = 8192;

const utf8 = new TextEncoder();
/** Written over with every stretch that fits; a character is at most three bytes. */
const scratch = new Uint8Array(6 * STRETCH);

function bytesOf(lines: string): Uint8Array {
  if (3 * lines.length > scratch.length) return utf8.encode(lines);
  return scratch.subarray(0, utf8.encodeInto(lines, scratch).written);
}

/** The trace of an account of which nothing has been decided yet. */
export function newTrace(): AccountTrace {
  return { lines: "", hash: null };
}

/** Takes decisions in. Their order counts, the calls they were added in do not. */
export function addToTrace(trace: AccountTrace, decisions: readonly Decision[]): void {
  for (const decision of decisions) trace.lines += `${canonicalDecision(decision)}\n`;
  if (trace.lines.length < STRETCH) return;
  trace.hash ??= sha256.create();
  trace.hash.update(bytesOf(trace.lines));
  trace.lines = "";
}

/** Lower-case hex, 64 characters. Ends the trace: nothing may be added afterwards. */
export function traceDigest({ lines, hash }: AccountTrace): string {
  if (hash !== null) return bytesToHex(hash.update(bytesOf(lines)).digest());
  return lines.length > SHORT_LENGTH ? bytesToHex(sha256(bytesOf(lines))) : shortDigest(lines);
}

const shortDigests = new Map<string, string>();
const SHORT_DIGESTS_MAX = 20_000;
const SHORT_LENGTH = 600;

/** Whoever is refused at the door leaves one line, and thousands leave the same. */
function shortDigest(lines: string): string {
  const known = shortDigests.get(lines);
  if (known !== undefined) return known;
  const made = bytesToHex(sha256(bytesOf(lines)));
  if (shortDigests.size >= SHORT_DIGESTS_MAX) shortDigests.clear();
  shortDigests.set(lines, made);
  return made;
}

const LINES_AT_ONCE = 128;

/**
 * One hash over the traces of all accounts, ordered by account id, so that any number of threads, either executor and a live run
 * fed the same events give the same (semantics.md, "In the simulator").
 */
export function traceHash(digests: Iterable<readonly [accountId: string, digest: string]>): string {
  const hash = sha256.create();
  const lines = Array.from(digests, ([accountId, digest]) => `${accountId}:${digest}\n`).sort();
  for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
    hash.update(bytesOf(lines.slice(from, from + LINES_AT_ONCE).join("")));
  }
  return bytesToHex(hash.digest());
}

/**
 * A decision as its canonical JSON (`canonicalJson` of it with `at` for `atMs`). The instant is in UTC, so that the trace does
 * not depend on the zone it is looked at from. Written out member by member, because it runs once per decision of every account.
 */
export function canonicalDecision(decision: Decision): string {
  const { stepSeq, nodeId, handle, code, detail, factsRead, atMs } = decision;
  return `{"at":"${utcText(atMs)}","code":"${code}","detail":${quoted(detail)},"factsRead":${sortedFacts(factsRead)},"handle":${quoted(handle)},"nodeId":${quoted(nodeId)},"stepSeq":${stepSeq}}`;
}

/** Text that stands in JSON as it is; nearly every id, code and fact. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string | null): string {
  if (text === null) return "null";
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function sortedFacts(facts: { readonly [fact: string]: FactValue }): string {
  let members = "";
  for (const key of Object.keys(facts).sort()) {
    const value = facts[key];
    const written = typeof value === "string" ? quoted(value) : JSON.stringify(value);
    members += `${members === "" ? "" : ","}${quoted(key)}:${written}`;
  }
  return `{${members}}`;
}
