import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { AsyncExecutor, EnrollmentState, Outcome, SyncExecutor } from "#engine/model/execution";
import { InvariantError } from "#engine/model/invariant";
import { linkCompiled } from "#engine/run/compiled";
import { linkReference } from "#engine/run/reference";
import {
  type BenchAccount,
  benchAccounts,
  benchProgram,
  type Life,
  liveByHand,
  nextEvent,
  STARTED_AT_MS,
} from "./executor-strategy";

/** Accounts in the ring that every contestant goes round. */
const ACCOUNTS = 10_000;
/** The reference goes round a part of it: it is some hundred times slower. */
const REFERENCE_ACCOUNTS = 300;
/** Rounds of which the best counts, contestants in turn, so that a busy machine disturbs all alike. */
const ROUNDS = 5;
/** Live enrollments held at once, for the time per step to be compared. */
const HELD = [10_000, 100_000, 1_000_000] as const;
/** Longest life of an account in the bench's strategy, in events. */
const EVENTS_MAX = 50;

export type ExecutorBench = {
  readonly handLoopStepsPerSecond: number;
  readonly compiledStepsPerSecond: number;
  readonly referenceStepsPerSecond: number;
  readonly compiledOverHandLoop: number;
  readonly compiledOverReference: number;
  readonly accounts: readonly { readonly n: number; readonly nsPerStep: number; readonly bytesPerEnrollment: number }[];
};

function subjectOf({ partyId }: BenchAccount) {
  return { enrollmentId: "enr_1", accountId: "acct_1", partyId } as const;
}

function liveCompiled(executor: SyncExecutor, account: BenchAccount, life: Life): void {
  const subject = subjectOf(account);
  const { facts } = account;
  let nowMs = STARTED_AT_MS;
  let outcome: Outcome = executor.start({ subject, facts, nowMs });
  for (let events = 0; outcome.state.status === "active"; events += 1) {
    if (events > EVENTS_MAX) throw new InvariantError("bench.endless", { partyId: account.partyId });
    const next = nextEvent(account, outcome.state, nowMs);
    nowMs = next.nowMs;
    outcome = executor.send(outcome.state, next.event, { subject, facts, nowMs });
  }
  life.steps = outcome.state.stepSeq;
  life.endedAtMs = nowMs;
}

async function liveReference(executor: AsyncExecutor, account: BenchAccount, life: Life): Promise<void> {
  const subject = subjectOf(account);
  const { facts } = account;
  let nowMs = STARTED_AT_MS;
  let outcome = await executor.start({ subject, facts, nowMs });
  for (let events = 0; outcome.state.status === "active"; events += 1) {
    if (events > EVENTS_MAX) throw new InvariantError("bench.endless", { partyId: account.partyId });
    const next = nextEvent(account, outcome.state, nowMs);
    nowMs = next.nowMs;
    outcome = await executor.send(outcome.state, next.event, { subject, facts, nowMs });
  }
  life.steps = outcome.state.stepSeq;
  life.endedAtMs = nowMs;
}

/** Every contestant must send every account the same way for the same time, or the figures compare different work. */
async function expectEqualLives(accounts: readonly BenchAccount[], compiled: SyncExecutor, reference: AsyncExecutor) {
  for (const [index, account] of accounts.entries()) {
    const lives: readonly Life[] = [0, 1, 2].map(() => ({ steps: 0, endedAtMs: 0 }));
    const [byHand, byCompiled, byReference] = lives;
    if (byHand === undefined || byCompiled === undefined || byReference === undefined) return;
    liveByHand(account, byHand);
    liveCompiled(compiled, account, byCompiled);
    if (index < REFERENCE_ACCOUNTS) await liveReference(reference, account, byReference);
    const different = byHand.steps !== byCompiled.steps || byHand.endedAtMs !== byCompiled.endedAtMs;
    const differentReference = index < REFERENCE_ACCOUNTS && byReference.steps !== byCompiled.steps;
    if (different || differentReference) {
      throw new InvariantError("bench.results-differ", { partyId: account.partyId, byHand, byCompiled, byReference });
    }
  }
}

type Measure = { readonly steps: number; readonly seconds: number };

function better(best: Measure, steps: number, sinceMs: number): Measure {
  const seconds = (performance.now() - sinceMs) / 1000;
  return steps / seconds > best.steps / best.seconds ? { steps, seconds } : best;
}

const NOTHING: Measure = { steps: 0, seconds: 1 };

function perSecond({ steps, seconds }: Measure): number {
  return Math.round(steps / seconds);
}

/** Heap sizes mean something only after a collection; the flag is set here so that the bench needs no options of node. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}

/** Holds `n` enrollments at once and sends each its next event, round after round; those that end begin anew. */
function measureHeld(executor: SyncExecutor, n: number, accounts: readonly BenchAccount[]) {
  const accountOf = (index: number): BenchAccount => {
    const account = accounts[index % accounts.length];
    if (account === undefined) throw new InvariantError("bench.no-accounts");
    return account;
  };
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const begin = (index: number) => {
    const { facts } = accountOf(index);
    return executor.start({ subject: subjectOf(accountOf(index)), facts, nowMs: STARTED_AT_MS }).state;
  };
  const states: EnrollmentState[] = Array.from({ length: n }, (_, index) => begin(index));
  collectGarbage();
  const bytesPerEnrollment = Math.round((process.memoryUsage().heapUsed - heapBefore) / n);
  const clocks = new Float64Array(n).fill(STARTED_AT_MS);
  let steps = 0;
  const sinceMs = performance.now();
  for (let round = 0; round * n < 3_000_000; round += 1) {
    for (let index = 0; index < n; index += 1) {
      const state = states[index];
      if (state === undefined) continue;
      const account = accountOf(index);
      if (state.status !== "active") {
        states[index] = begin(index);
        clocks[index] = STARTED_AT_MS;
        steps += states[index]?.stepSeq ?? 0;
        continue;
      }
      const { event, nowMs } = nextEvent(account, state, clocks[index] ?? STARTED_AT_MS);
      clocks[index] = nowMs;
      const next = executor.send(state, event, { subject: subjectOf(account), facts: account.facts, nowMs }).state;
      steps += next.stepSeq - state.stepSeq;
      states[index] = next;
    }
  }
  return { n, nsPerStep: Math.round(((performance.now() - sinceMs) * 1e6) / steps), bytesPerEnrollment };
}

/** Steps per second of the hand-written loop, the compiled and the reference executor: one thread, one strategy, equal results. */
export async function benchExecutor(): Promise<ExecutorBench> {
  const program = benchProgram();
  const compiled = linkCompiled(program);
  const reference = linkReference(program);
  const accounts = benchAccounts(ACCOUNTS);
  await expectEqualLives(accounts, compiled, reference);
  const life: Life = { steps: 0, endedAtMs: 0 };
  const best = { hand: NOTHING, compiled: NOTHING, reference: NOTHING };
  for (let round = 0; round < ROUNDS; round += 1) {
    let steps = 0;
    let sinceMs = performance.now();
    for (const account of accounts) {
      liveByHand(account, life);
      steps += life.steps;
    }
    best.hand = better(best.hand, steps, sinceMs);
    steps = 0;
    sinceMs = performance.now();
    for (const account of accounts) {
      liveCompiled(compiled, account, life);
      steps += life.steps;
    }
    best.compiled = better(best.compiled, steps, sinceMs);
    steps = 0;
    sinceMs = performance.now();
    for (const account of accounts.slice(0, REFERENCE_ACCOUNTS)) {
      await liveReference(reference, account, life);
      steps += life.steps;
    }
    best.reference = better(best.reference, steps, sinceMs);
  }
  const [hand, linked, slow] = [perSecond(best.hand), perSecond(best.compiled), perSecond(best.reference)];
  return {
    handLoopStepsPerSecond: hand,
    compiledStepsPerSecond: linked,
    referenceStepsPerSecond: slow,
    compiledOverHandLoop: Number((linked / hand).toFixed(3)),
    compiledOverReference: Number((linked / slow).toFixed(1)),
    accounts: HELD.map((n) => measureHeld(compiled, n, accounts)),
  };
}
