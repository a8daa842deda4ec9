import { beforeEach } from "vitest";
import type { Decision } from "../model/execution";
import type { Counter } from "../model/facts";
import { DAY_MS } from "../model/time";
import type { Advance, FrozenEnrollment } from "../ports/enrollment-store";
import type { Due, NewInboxEntry } from "../ports/inbox";
import type { GateDecision, IntentOf, NewIntent, ReadyIntent } from "../ports/outbox";
import type { PublishedVersion } from "../ports/program-store";
import { anAccount, aPhone, aTurn, aVersion, enrollmentOf, MONDAY_MORNING_MS } from "./builders";
import type { StoresUnderTest } from "./stores-under-test";

export const NOW = MONDAY_MORNING_MS;
export const ANN = anAccount("A-1");
export const SECOND_LOAN = anAccount("A-2", { customerNo: "C-A-1" });
export const BEN = anAccount("B-1");
/** Its counters look back a week and a month. */
export const VERSION = aCountingVersion([
  { metric: "conversations", days: 7 },
  { metric: "payments", days: 30 },
  { metric: "promises_broken", days: 30 },
]);
export const DUE = { nowMs: NOW, limit: 100 };

/** Enrollments that would be set free, left as they are. */
export async function freedBy(stores: StoresUnderTest, due: Due): Promise<readonly FrozenEnrollment[]> {
  let freed: readonly FrozenEnrollment[] = [];
  await stores.enrollments.thaw(due, async (frozen) => {
    freed = frozen;
    return [];
  });
  return freed;
}

function aCountingVersion(counters: readonly Counter[]): PublishedVersion {
  const version = aVersion("gentle");
  return { ...version, program: { ...version.program, counters } };
}

export function aDecision(code: Decision["code"], changes: Partial<Decision> = {}): Decision {
  return {
    stepSeq: 2,
    nodeId: "wait",
    handle: null,
    code,
    detail: null,
    factsRead: { dpd: 10 },
    atMs: NOW,
    ...changes,
  };
}

export function aContact(key: string, changes: Partial<Extract<NewIntent, { kind: "contact" }>> = {}): NewIntent {
  return {
    key,
    stepSeq: 2,
    attempt: 1,
    nodeId: "text",
    contentId: "sms.m1",
    notBeforeMs: NOW,
    notAfterMs: NOW + DAY_MS,
    state: "ready",
    kind: "contact",
    channel: "sms",
    lexicon: null,
    terms: {},
    ...changes,
  };
}

export function anEntry(dedupeKey: string, changes: Partial<NewInboxEntry> = {}): NewInboxEntry {
  return {
    dedupeKey,
    partyId: ANN.partyId,
    enrollmentId: enrollmentOf(ANN.id),
    accountId: ANN.id,
    type: "facts.changed",
    atMs: NOW,
    stepSeq: null,
    attempt: null,
    data: null,
    ...changes,
  };
}

export function aResult(key: string, hold: string | null = null): NewInboxEntry {
  const data = { intentKey: key, outcome: "promised", connected: true, conversed: true, hold };
  return anEntry(`result:${key}`, { type: "contact.result", stepSeq: 2, attempt: 1, data });
}

/** A request for each kind of thing that is no contact, all of one enrollment. */
export function aTask(key: string, changes: Partial<IntentOf<"task">> = {}): IntentOf<"task"> {
  return {
    ...asked(key),
    ...{ kind: "task", channel: null, contentId: null, lexicon: null },
    task: "placement",
    desk: { queue: "agencies", priority: 3, dueAtMs: NOW + DAY_MS },
    details: { term_days: 90, note: null, region: "华东" },
    ...changes,
  };
}

export function aQuestion(key: string): IntentOf<"external"> {
  const nowhere = { channel: null, contentId: null, lexicon: null } as const;
  const question = { integration: "score", send: { dpd: 10, region: null }, timeoutMs: 5000 };
  return { ...asked(key), ...nowhere, kind: "external", ...question };
}

export function aConversationCheck(key: string): IntentOf<"conversation-qa"> {
  return {
    ...asked(key),
    ...{ kind: "conversation-qa", channel: "robot", contentId: null, lexicon: "basic" },
    passScore: 80,
  };
}

function asked(key: string) {
  return {
    key,
    stepSeq: 2,
    attempt: 1,
    nodeId: "ask",
    notBeforeMs: NOW,
    notAfterMs: NOW + DAY_MS,
    state: "ready",
  } as const;
}

/** An account-level promise: a thousand yuan by the sixth. */
export function aPromise(dedupeKey: string, changes: Partial<NewInboxEntry> = {}): NewInboxEntry {
  const data = { amountMinor: 100_000, dueDate: "2026-03-06" };
  return anEntry(dedupeKey, { type: "promise.made", enrollmentId: null, data, ...changes });
}

export function sending(ready: ReadyIntent): GateDecision {
  const reservation = {
    contactPointId: "cp_C-A-1",
    channel: "sms",
    currency: "CNY",
    provider: "simulated-sms",
  } as const;
  return { kind: "send", key: ready.intent.key, inbox: [], reasons: [], reservation };
}

/** What the suites of the contract do again and again, on the stores of the present test. */
export type ContractScene = {
  readonly stores: () => StoresUnderTest;
  /** Enrolls an account (Ann's first loan) as the turn says. */
  readonly enter: (changes?: Partial<Advance>, account?: typeof ANN) => Promise<number>;
  /** Claims whoever is due and writes their turns, changed as asked. */
  readonly claimOnce: (
    change?: (claimed: Advance) => Partial<Advance>,
  ) => Promise<{ readonly claimed: number; readonly written: number; readonly seen: readonly string[] }>;
};

/** Opens fresh stores before every test: three loans of two people, one published version, nobody enrolled. */
export function contractScene(open: () => Promise<StoresUnderTest>): ContractScene {
  let present: StoresUnderTest | null = null;
  const stores = () => {
    if (present === null) throw new Error("the stores are opened before each test");
    return present;
  };
  beforeEach(async () => {
    present = await open();
    await present.given.accounts([ANN, SECOND_LOAN, BEN], [aPhone(ANN.partyId), aPhone(BEN.partyId)]);
    await present.given.version(VERSION);
  });
  return {
    stores,
    enter: (changes = {}, account = ANN) => stores().enrollments.enroll([aTurn(account, VERSION.versionId, changes)]),
    async claimOnce(change = () => ({})) {
      const seen: string[] = [];
      const counts = await stores().enrollments.advance(DUE, async (all) =>
        all.map((one) => {
          seen.push(one.subject.enrollmentId);
          const { subject, versionId, fence, state, nextOrdinal } = one;
          const unchanged = { ...aTurn(ANN, versionId), subject, fence, state, firstOrdinal: nextOrdinal };
          return { ...unchanged, ...change(unchanged) };
        }),
      );
      return { ...counts, seen };
    },
  };
}
