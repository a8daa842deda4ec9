import { type Desk, requestKey, type Subject } from "../model/execution";
import { ownHoldsOf } from "../model/hold-id";
import type { Advance, ClaimedEnrollment, EnrollmentStore, FrozenEnrollment } from "../ports/enrollment-store";
import type { Due } from "../ports/inbox";
import type { NewIntent } from "../ports/outbox";
import { isInForce } from "../run/freeze";
import { bookPromisesIn, callBackOf, hearIn, putIn } from "./memory-inbox";
import {
  byTime,
  holdsOf,
  invalidateIn,
  isHeld,
  isPaused,
  type MemoryEnrollment,
  type MemoryInboxEntry,
  type MemoryWorld,
  snapshotIn,
  UNTOUCHED,
} from "./memory-world";

/** Enrollments in memory. Passes the same contract as the Postgres store. */
export function memoryEnrollments(world: MemoryWorld): EnrollmentStore {
  return {
    async candidates({ versionId, nowMs, after, limit, accountIds }) {
      const strategyId = world.versions.get(versionId)?.strategyId;
      const ids = [...world.accounts.keys()].sort().filter((id) => id > (after ?? ""));
      const wanted = ids.filter((id) => accountIds === null || accountIds.includes(id)).slice(0, limit);
      return wanted.flatMap((id) => {
        const snapshot = snapshotIn(world, id, nowMs);
        const already = [...world.enrollments.values()].some(
          (own) =>
            own.subject.accountId === id &&
            world.versions.get(own.versionId)?.strategyId === strategyId &&
            (own.versionId === versionId || ["active", "paused", "held"].includes(own.state.status)),
        );
        return snapshot === null ? [] : [{ snapshot, already }];
      });
    },
    async enroll(advances) {
      const fresh = advances.filter((advance) => !world.enrollments.has(advance.subject.enrollmentId));
      for (const advance of fresh) {
        const { subject, versionId, state } = advance;
        world.enrollments.set(subject.enrollmentId, {
          subject,
          versionId,
          state,
          despite: advance.despite,
          fence: 0,
          decisions: [...advance.decisions],
        });
        addWanted(world, advance);
        changeStanding(world, advance);
      }
      return fresh.length;
    },
    async advance(due, work) {
      const claimed = claim(world, due);
      return { claimed: claimed.length, written: writeAll(world, await work(claimed)) };
    },
    async write(advances) {
      return writeAll(world, advances);
    },
    async freeze({ nowMs, limit }) {
      const free = [...world.enrollments.values()].filter(
        (own) => own.state.status === "active" && isHeld(world, own.subject.partyId, { nowMs, despite: own.despite }),
      );
      for (const own of free.slice(0, limit)) {
        own.state = { ...own.state, status: "held" };
        own.fence += 1;
      }
      return Math.min(free.length, limit);
    },
    async thaw(due, work) {
      return writeAll(world, await work(thawableIn(world, due)));
    },
  };
}

function thawableIn(world: MemoryWorld, { nowMs, limit }: Due): readonly FrozenEnrollment[] {
  const frozen = [...world.enrollments.values()].flatMap((own) => {
    if (own.state.status !== "held" || isPaused(world, own.versionId)) return [];
    const holds = holdsOf(world, own.subject.partyId).filter(({ kind }) => !own.despite.includes(kind));
    const free = holds.length > 0 && !holds.some((hold) => isInForce(hold, nowMs));
    return free ? [{ own, holds }] : [];
  });
  return frozen.slice(0, limit).map(({ own, holds }) => ({
    subject: own.subject,
    versionId: own.versionId,
    state: own.state,
    fence: own.fence,
    nextOrdinal: own.decisions.length,
    holds: holds.map((hold) => ({ ...hold, choice: hold.choices?.[own.subject.enrollmentId] ?? null })),
    contactOut: isContactOut(world, own),
  }));
}

const LEFT: readonly string[] = ["sending", "unknown", "sent"];

function isContactOut(world: MemoryWorld, { subject, state }: MemoryEnrollment): boolean {
  const out = world.intents.get(requestKey(subject.enrollmentId, state.stepSeq, state.attempt));
  return state.pending && out?.intent.kind === "contact" && LEFT.includes(out.state);
}

function claim(world: MemoryWorld, { nowMs, limit }: Due): ClaimedEnrollment[] {
  const claimed: ClaimedEnrollment[] = [];
  for (const own of world.enrollments.values()) {
    if (claimed.length >= limit) break;
    const { partyId, accountId } = own.subject;
    const blocked =
      own.state.status === "held" ||
      own.state.status === "faulted" ||
      isHeld(world, partyId, { nowMs, despite: own.despite }) ||
      isPaused(world, own.versionId);
    const entries = waitingFor(world, own, nowMs);
    const timerDue = own.state.status === "active" && own.state.wakeAtMs !== null && own.state.wakeAtMs <= nowMs;
    if (blocked || (!timerDue && entries.length === 0)) continue;
    for (const entry of entries) hearIn(world, entry);
    bookPromisesIn(world, { nowMs, limit }, accountId);
    const snapshot = snapshotIn(world, accountId, nowMs);
    if (snapshot === null) continue;
    const { subject, versionId, state, fence } = own;
    const holds = holdsOf(world, partyId).filter((hold) => isInForce(hold, nowMs));
    claimed.push({ subject, versionId, state, fence, nextOrdinal: own.decisions.length, entries, snapshot, holds });
  }
  return claimed;
}

function waitingFor(world: MemoryWorld, own: MemoryEnrollment, nowMs: number): readonly MemoryInboxEntry[] {
  return [...world.inbox.values()]
    .filter(
      (entry) => entry.enrollmentId === own.subject.enrollmentId && entry.status === "pending" && entry.atMs <= nowMs,
    )
    .sort(byTime);
}

function writeAll(world: MemoryWorld, advances: readonly Advance[]): number {
  let written = 0;
  for (const advance of advances) {
    const own = world.enrollments.get(advance.subject.enrollmentId);
    if (own === undefined || own.fence !== advance.fence) continue;
    own.state = advance.state;
    own.despite = advance.despite;
    own.fence += 1;
    own.decisions.push(...advance.decisions);
    addWanted(world, advance);
    endUnwanted(world, advance);
    // What the strategy ends was there before the turn; what the turn brings stands.
    changeStanding(world, advance);
    hear(world, advance);
    written += 1;
  }
  return written;
}

function addWanted(world: MemoryWorld, { subject, versionId, intents, arms }: Advance): void {
  for (const intent of intents) {
    if (world.intents.has(intent.key)) continue;
    const fresh = {
      intent,
      subject,
      versionId,
      state: intent.state,
      reasons: [],
      leaseLapsed: false,
      costMinor: 0,
      ...UNTOUCHED,
    };
    world.intents.set(intent.key, fresh);
  }
  for (const { experimentKey, phase, arm } of arms) {
    const key = `${subject.partyId}|${experimentKey}:${phase}`;
    if (!world.arms.has(key)) world.arms.set(key, arm);
  }
}

function endUnwanted(world: MemoryWorld, { subject, cancelled, consumed, shiftIntentsMs }: Advance): void {
  for (const key of cancelled) {
    const row = world.intents.get(key);
    const isRecalled = row?.intent.kind === "task" && (row.state === "sending" || row.state === "sent");
    if (row !== undefined && (row.state === "ready" || isRecalled)) row.state = "cancelled";
  }
  for (const row of world.intents.values()) {
    const isOpenWork = row.intent.kind === "task" && (row.state === "sending" || row.state === "sent");
    if (row.subject.enrollmentId !== subject.enrollmentId || !(row.state === "ready" || isOpenWork)) continue;
    row.intent = laterBy(row.intent, shiftIntentsMs);
  }
  for (const { id, status, error } of consumed) {
    const entry = [...world.inbox.values()].find((one) => one.id === id);
    if (entry !== undefined) Object.assign(entry, { status, error });
  }
}

/** A request whose deadline, and the day by which people should have done it, are later. */
function laterBy(intent: NewIntent, shiftMs: number): NewIntent {
  const notAfterMs = intent.notAfterMs + shiftMs;
  const later = (desk: Desk): Desk => ({ ...desk, dueAtMs: desk.dueAtMs + shiftMs });
  if (intent.kind === "task") return { ...intent, notAfterMs, desk: later(intent.desk) };
  if (intent.kind !== "contact" || intent.terms.desk === undefined) return { ...intent, notAfterMs };
  return { ...intent, notAfterMs, terms: { ...intent.terms, desk: later(intent.terms.desk) } };
}

function hear(world: MemoryWorld, { subject, outcomes }: Advance): void {
  for (const heard of outcomes) {
    const { intentKey, outcome, connected, conversed, hold, invalidates, atMs } = heard;
    const attempt = world.attempts.get(intentKey);
    if (attempt !== undefined && attempt.outcome === null) {
      world.attempts.set(intentKey, {
        ...attempt,
        ...callBackOf(heard),
        ...{ outcome, connected, conversed, settled: true },
      });
      if (invalidates === true) invalidateIn(world, attempt.contactPointId);
    }
    const id = `hold_${intentKey}`;
    if (hold === null || world.holds.has(id)) continue;
    world.holds.set(id, { id, partyId: subject.partyId, kind: hold, fromMs: atMs, untilMs: null });
  }
}

/** Whether another enrollment of the account is under way. */
function isFollowed({ enrollments }: MemoryWorld, { enrollmentId, accountId }: Subject): boolean {
  return [...enrollments.values()].some(
    ({ subject, state }) =>
      subject.accountId === accountId &&
      subject.enrollmentId !== enrollmentId &&
      ["active", "paused", "held"].includes(state.status),
  );
}

/** Holds, promises and plans, and what is announced for later. */
function changeStanding(world: MemoryWorld, advance: Advance): void {
  const { subject, holds, promiseClosed, plan, announced, nowMs } = advance;
  const { partyId, accountId } = subject;
  for (const hold of holdsOf(world, partyId)) {
    const isOwn = hold.id.startsWith(ownHoldsOf(subject.enrollmentId));
    if (!isOwn || !holds.released.includes(hold.kind) || !isInForce(hold, nowMs)) continue;
    world.holds.set(hold.id, { ...hold, untilMs: nowMs });
  }
  for (const hold of holds.placed) world.holds.set(hold.id, { ...hold, partyId });
  for (const promise of world.promises.values()) {
    if (promiseClosed === "cancelled" && isFollowed(world, subject)) continue;
    if (promiseClosed === null || promise.accountId !== accountId || promise.result !== null) continue;
    Object.assign(promise, { result: promiseClosed, closedAtMs: nowMs });
  }
  if (plan !== null && !world.plans.has(plan.id)) world.plans.set(plan.id, { ...plan, accountId });
  putIn(world, announced);
}
