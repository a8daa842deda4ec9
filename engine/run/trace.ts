import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Decision } from "../model/execution";
import type { FactValue } from "../model/facts";

/** Fingerprint of everything one account's strategy decided, taken in as the decisions are made; nothing is kept but the hash. */
export type AccountTrace = {
  readonly add: (decisions: readonly Decision[]) => void;
  /** Lower-case hex, 64 characters. Ends the trace: nothing may be added afterwards. */
  readonly digest: () => string;
};

/** Starts the trace of one account. The order of the decisions counts, the calls they were added in do not. */
export function accountTrace(): AccountTrace {
  const hash = sha256.create();
  return {
    add: (decisions) => {
      for (const decision of decisions) hash.update(utf8ToBytes(`${canonicalDecision(decision)}\n`));
    },
    digest: () => bytesToHex(hash.digest()),
  };
}

/**
 * One hash over the traces of all accounts, ordered by account id, so that any number of threads, either executor and a live run
 * fed the same events give the same (semantics.md, "In the simulator").
 */
export function traceHash(digests: Iterable<readonly [accountId: string, digest: string]>): string {
  const hash = sha256.create();
  const lines = Array.from(digests, ([accountId, digest]) => `${accountId}:${digest}\n`).sort();
  for (const line of lines) hash.update(utf8ToBytes(line));
  return bytesToHex(hash.digest());
}

/**
 * A decision as its canonical JSON (`canonicalJson` of it with `at` for `atMs`). The instant is in UTC, so that the trace does
 * not depend on the zone it is looked at from. Written out member by member, because it runs once per decision of every account.
 */
export function canonicalDecision(decision: Decision): string {
  const { stepSeq, nodeId, handle, code, detail, factsRead, atMs } = decision;
  const at = new Date(atMs).toISOString();
  return `{"at":"${at}","code":"${code}","detail":${quoted(detail)},"factsRead":${sortedFacts(factsRead)},"handle":${quoted(handle)},"nodeId":${quoted(nodeId)},"stepSeq":${stepSeq}}`;
}

function quoted(text: string | null): string {
  return text === null ? "null" : JSON.stringify(text);
}

function sortedFacts(facts: { readonly [fact: string]: FactValue }): string {
  const keys = Object.keys(facts).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(facts[key])}`).join(",")}}`;
}
