import { visitKey } from "../model/execution";
import { LASTING_OUTCOMES } from "../model/policy";
import { DAY_MS } from "../model/time";
import type { Due } from "../ports/inbox";
import {
  BACKLOG_COUNTED,
  GATE_FAILURES_MAX,
  GATE_RETRY_MS,
  type GateDecision,
  type HeldIntents,
  type Lease,
  type Outbox,
  type OutboxLane,
  type ReadyIntent,
  type Settlement,
} from "../ports/outbox";
import { passing } from "../run/freeze";
import { putIn } from "./memory-inbox";
import {
  holdsOf,
  isHeld,
  isPaused,
  type MemoryAttempt,
  type MemoryIntent,
  type MemoryWorld,
  snapshotIn,
} from "./memory-world";

/** Nobody dies in memory: a test says itself whose lease has lapsed. */
const LEASE: Lease = { untilMs: Number.MAX_SAFE_INTEGER, lastsMs: Number.MAX_SAFE_INTEGER };

/** The outbox in memory. Passes the same contract as the Postgres store. */
export function memoryOutbox(world: MemoryWorld): Outbox {
  return {
    async reserve(due, decide) {
      const rows = readyRows(world, due);
      const own = rows.filter((row) => !world.deciding.has(row.subject.partyId));
      const parties = own.map((row) => row.subject.partyId);
      for (const partyId of parties) world.deciding.add(partyId);
      const decisions = await decide(own.flatMap((row) => readyOf(world, row, due.nowMs)));
      for (const partyId of parties) world.deciding.delete(partyId);
      return {
        looked: rows.length,
        decided: decisions.filter((decision) => writeDecision(world, decision, due.nowMs)),
        lease: LEASE,
      };
    },
    async settle(settlements) {
      return settlements.filter((settlement) => writeSettlement(world, settlement)).length;
    },
    backlog: async (nowMs) => readyRows(world, { nowMs, limit: BACKLOG_COUNTED }).length,
    async lapsed(due) {
      const rows = [...world.intents.values()].filter((row) => row.state === "sending" && row.leaseLapsed);
      return heldIn(world, rows, due);
    },
    async unsettled(due) {
      const rows = [...world.intents.values()].filter(
        (row) =>
          row.state === "unknown" &&
          row.askAfterMs !== null &&
          row.askAfterMs <= due.nowMs &&
          !isPaused(world, row.versionId),
      );
      return heldIn(world, rows, due);
    },
  };
}

/** Takes requests nobody knows the fate of for one more lease. */
function heldIn(world: MemoryWorld, rows: readonly MemoryIntent[], { nowMs, limit }: Due): HeldIntents {
  for (const row of rows.slice(0, limit)) Object.assign(row, { leaseLapsed: false, state: "sending" });
  const lapsed = rows.slice(0, limit).flatMap((row) => {
    const attempt = world.attempts.get(row.intent.key);
    const [ready] = readyOf(world, row, nowMs);
    if (ready === undefined) return [];
    const contactPointId = (attempt?.contactPointId ?? null) as `cp_${string}` | null;
    const { provider, unclear } = row;
    return [{ ready, contactPointId, provider, unclear, reservedAtMs: attempt?.atMs ?? null }];
  });
  return { lapsed, lease: LEASE };
}

function readyRows(
  world: MemoryWorld,
  { nowMs, limit, lane = "usual" }: Due & { readonly lane?: OutboxLane },
): readonly MemoryIntent[] {
  const due = [...world.intents.values()].filter((row) => {
    const own = world.enrollments.get(row.subject.enrollmentId);
    const status = own?.state.status;
    const despite = passing(row.intent.kind === "task" ? row.intent.task : null, own?.despite ?? []);
    return (
      (row.intent.kind === "external") === (lane === "external") &&
      row.state === "ready" &&
      row.intent.notBeforeMs <= nowMs &&
      (status === "active" || status === "exited") &&
      !isPaused(world, row.versionId) &&
      !isHeld(world, row.subject.partyId, { nowMs, despite })
    );
  });
  return due.sort((left, right) => left.intent.notBeforeMs - right.intent.notBeforeMs).slice(0, limit);
}

/** How far back the gate is shown contacts, as by the database. */
const HISTORY_MS = 61 * DAY_MS;

function isShown({ atMs, outcome, notice }: MemoryAttempt, nowMs: number): boolean {
  const lasting: readonly string[] = LASTING_OUTCOMES;
  return atMs > nowMs - HISTORY_MS || notice !== undefined || (outcome !== null && lasting.includes(outcome));
}

function readyOf(world: MemoryWorld, row: MemoryIntent, nowMs: number): readonly ReadyIntent[] {
  const snapshot = snapshotIn(world, row.subject.accountId, nowMs);
  const own = world.enrollments.get(row.subject.enrollmentId);
  if (snapshot === null || own === undefined) return [];
  const { partyId } = row.subject;
  return [
    {
      intent: row.intent,
      subject: row.subject,
      versionId: row.versionId,
      startedAtMs: own.state.startedAtMs,
      snapshot,
      party: {
        history: [...world.attempts.values()].filter(
          (attempt) => attempt.partyId === partyId && isShown(attempt, nowMs),
        ),
        holds: holdsOf(world, partyId),
        outside: world.outside.get(partyId) ?? [],
      },
    },
  ];
}

function writeDecision(world: MemoryWorld, decision: GateDecision, nowMs: number): boolean {
  const row = world.intents.get(decision.key);
  if (row?.state !== "ready") return false;
  row.reasons = decision.reasons;
  if (decision.kind === "defer") row.intent = { ...row.intent, notBeforeMs: decision.untilMs };
  if (decision.kind === "deny") row.state = "denied";
  if (decision.kind === "answered" || decision.kind === "open") row.state = "sent";
  if (decision.kind === "broken") {
    row.failures = (row.failures ?? 0) + 1;
    if (row.failures >= GATE_FAILURES_MAX) row.state = "failed";
    else row.intent = { ...row.intent, notBeforeMs: nowMs + GATE_RETRY_MS * 2 ** (row.failures - 1) };
  }
  if (decision.kind === "hand-over") Object.assign(row, { state: "sending", provider: decision.provider });
  if (decision.kind === "send") {
    Object.assign(row, { state: "sending", provider: decision.reservation.provider });
    const { contactPointId, channel, notice } = decision.reservation;
    world.attempts.set(decision.key, {
      intentKey: decision.key,
      partyId: row.subject.partyId,
      enrollmentId: row.subject.enrollmentId,
      contactPointId,
      ...(notice === undefined ? {} : { notice }),
      channel,
      atMs: nowMs,
      outcome: null,
      settled: false,
      connected: false,
      conversed: false,
      visit: visitKey(row.subject.enrollmentId, row.intent.stepSeq),
    });
  }
  putIn(world, decision.inbox);
  return true;
}

function writeSettlement(world: MemoryWorld, settlement: Settlement): boolean {
  const row = world.intents.get(settlement.key);
  if (row?.state !== "sending" && !(row?.state === "unknown" && settlement.kind === "sent")) return false;
  if (settlement.kind === "sent") {
    row.state = "sent";
    row.costMinor = settlement.costMinor;
    row.providerRef = settlement.providerRef;
  } else if (settlement.kind === "unknown") {
    row.state = "unknown";
    row.unclear += 1;
    row.askAfterMs = settlement.askAgainMs;
  } else {
    row.state = settlement.kind === "failed" ? "failed" : "ready";
    row.reasons = settlement.reasons;
    world.attempts.delete(settlement.key);
  }
  if (settlement.kind === "retry") row.intent = { ...row.intent, notBeforeMs: settlement.notBeforeMs };
  putIn(world, settlement.inbox);
  return true;
}
