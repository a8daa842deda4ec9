import type { AsyncExecutor, EnrollmentState, Outcome, SyncExecutor } from "#engine/model/execution";
import { InvariantError } from "#engine/model/invariant";
import { canonicalJson } from "#engine/model/json";
import { linkCompiled } from "#engine/run/compiled";
import { linkGenerated } from "#engine/run/generated/executor";
import { newVolume } from "#engine/run/generated/volume";
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
import { bytesHeld } from "./garbage";
import {
  attendTo,
  liveByEvents,
  liveInVolume,
  outcomesByEvents,
  outcomesOfLife,
  type VolumeWorld,
  volumeWorld,
} from "./volume-world";

/** Accounts in the ring that every contestant goes round. */
const ACCOUNTS = 10_000;
/** A round is told in stretches of so many accounts, and the best stretch counts: a busy machine disturbs few of them. */
const STRETCH = 1000;
/** The reference goes round a part of it: it is some hundred times slower. */
const REFERENCE_ACCOUNTS = 300;
const REFERENCE_STRETCH = 20;
/** Rounds, contestants in turn, so that a busy machine disturbs all alike. */
const ROUNDS = 200;
/** Rounds of the contestants that are there for comparison only. */
const SLOW_ROUNDS = 12;
const REFERENCE_ROUNDS = 3;
/** Live enrollments held at once, for the time per step to be compared. */
const HELD = [10_000, 100_000, 1_000_000] as const;
/** Events every held enrollment is sent, so that each number of them is measured over the same part of their lives. */
const HELD_ROUNDS = 8;
const HELD_ROUNDS_LINKED = 4;
const WARMING_EVENTS = 1_000_000;
/** Longest life of an account in the bench's strategy, in events. */
const EVENTS_MAX = 50;

type Held = { readonly n: number; readonly nsPerStep: number; readonly bytesPerEnrollment: number };

/**
 * `compiled` is the generated code in the form of `Volume.live`: enrollments in columns, a call for an account's whole life, which
 * asks the world for one event after the other; state, decisions and effects can be read from columns and sink whenever it asks.
 * `byEvents` is the same code with a call for every event, which is what many accounts need whose events come mixed;
 * `generatedOutcomes` the same code behind the ordinary calls, every state, decision and effect made into objects; `linked` are
 * the closures. `accounts` are lives in so many rows, `accountsByEvents` events of all rows in turn.
 */
export type ExecutorBench = {
  readonly handLoopStepsPerSecond: number;
  readonly compiledStepsPerSecond: number;
  readonly referenceStepsPerSecond: number;
  readonly compiledOverHandLoop: number;
  readonly compiledOverReference: number;
  readonly accounts: readonly Held[];
  readonly byEventsStepsPerSecond: number;
  readonly byEventsOverHandLoop: number;
  readonly accountsByEvents: readonly Held[];
  readonly generatedOutcomesStepsPerSecond: number;
  readonly linkedStepsPerSecond: number;
  readonly linkedOverHandLoop: number;
  readonly linkedOverReference: number;
  readonly linkedAccounts: readonly Held[];
};

function subjectOf({ partyId }: BenchAccount) {
  return { enrollmentId: "enr_1", accountId: "acct_1", partyId } as const;
}

/** One account's life by the ordinary calls. `hear` is told every outcome. */
function live(executor: SyncExecutor, account: BenchAccount, hear: (outcome: Outcome, nowMs: number) => void): void {
  const subject = subjectOf(account);
  const { facts } = account;
  let nowMs = STARTED_AT_MS;
  let outcome: Outcome = executor.start({ subject, facts, nowMs });
  hear(outcome, nowMs);
  for (let events = 0; outcome.state.status === "active"; events += 1) {
    if (events > EVENTS_MAX) throw new InvariantError("bench.endless", { partyId: account.partyId });
    const next = nextEvent(account, outcome.state, nowMs);
    nowMs = next.nowMs;
    outcome = executor.send(outcome.state, next.event, { subject, facts, nowMs });
    hear(outcome, nowMs);
  }
}

async function liveReference(executor: AsyncExecutor, account: BenchAccount, outcomes: Outcome[]): Promise<void> {
  const subject = subjectOf(account);
  const { facts } = account;
  let nowMs = STARTED_AT_MS;
  let outcome = await executor.start({ subject, facts, nowMs });
  outcomes.push(outcome);
  for (let events = 0; outcome.state.status === "active"; events += 1) {
    if (events > EVENTS_MAX) throw new InvariantError("bench.endless", { partyId: account.partyId });
    const next = nextEvent(account, outcome.state, nowMs);
    nowMs = next.nowMs;
    outcome = await executor.send(outcome.state, next.event, { subject, facts, nowMs });
    outcomes.push(outcome);
  }
}

type Contestants = {
  readonly linked: SyncExecutor;
  readonly generated: SyncExecutor;
  readonly reference: AsyncExecutor;
  /** A volume for each form, and one to be looked into. */
  readonly world: VolumeWorld;
  readonly eventWorld: VolumeWorld;
  readonly readWorld: VolumeWorld;
};

/**
 * Every contestant must send every account the same way for the same time, and those that record decisions must record the same
 * ones, or the figures compare different work. The reference is asked about the accounts it is timed with.
 */
async function expectEqualLives(accounts: readonly BenchAccount[], contestants: Contestants): Promise<void> {
  const { linked, generated, reference, world, readWorld } = contestants;
  for (const [index, account] of accounts.entries()) {
    const byHand = { steps: 0, endedAtMs: 0 };
    const inVolume = { steps: 0, endedAtMs: 0 };
    const told: { [name: string]: Outcome[] } = { linked: [], generated: [] };
    liveByHand(account, byHand);
    live(linked, account, (outcome) => told.linked?.push(outcome));
    live(generated, account, (outcome) => told.generated?.push(outcome));
    liveInVolume(world, account, { row: index, life: inVolume });
    told.life = [...outcomesOfLife(readWorld, account, index)];
    told.byEvents = [...outcomesByEvents(readWorld, account, index)];
    if (index < REFERENCE_ACCOUNTS) {
      told.reference = [];
      await liveReference(reference, account, told.reference);
    }
    const [first, ...others] = Object.values(told).map((outcomes) => canonicalJson(outcomes));
    const sameLife = byHand.steps === inVolume.steps && byHand.endedAtMs === inVolume.endedAtMs;
    const sameSteps = told.linked?.at(-1)?.state.stepSeq === byHand.steps;
    if (!sameLife || !sameSteps || others.some((other) => other !== first)) {
      throw new InvariantError("bench.results-differ", { partyId: account.partyId, byHand, inVolume });
    }
  }
}

/** Steps per second of the best stretch so far. */
type Best = { perSecond: number };

/** Tells a round of the ring in stretches. `one` answers the steps of an account. */
function round(
  best: Best,
  accounts: readonly BenchAccount[],
  one: (account: BenchAccount, row: number) => number,
): void {
  for (let from = 0; from < accounts.length; from += STRETCH) {
    let steps = 0;
    const sinceMs = performance.now();
    for (let row = from; row < from + STRETCH; row += 1) {
      const account = accounts[row];
      if (account !== undefined) steps += one(account, row);
    }
    best.perSecond = Math.max(best.perSecond, (steps * 1000) / (performance.now() - sinceMs));
  }
}

async function referenceRound(best: Best, accounts: readonly BenchAccount[], reference: AsyncExecutor): Promise<void> {
  for (let from = 0; from < accounts.length; from += REFERENCE_STRETCH) {
    let steps = 0;
    const sinceMs = performance.now();
    for (const account of accounts.slice(from, from + REFERENCE_STRETCH)) {
      const outcomes: Outcome[] = [];
      await liveReference(reference, account, outcomes);
      steps += outcomes.at(-1)?.state.stepSeq ?? 0;
    }
    best.perSecond = Math.max(best.perSecond, (steps * 1000) / (performance.now() - sinceMs));
  }
}

function accountAt(accounts: readonly BenchAccount[], index: number): BenchAccount {
  const account = accounts[index % accounts.length];
  if (account === undefined) throw new InvariantError("bench.no-accounts");
  return account;
}

/** Something that holds enrollments by number: what a round of events does to one of them, in steps. */
type Holder = { readonly begin: (index: number) => number; readonly next: (index: number) => number };

/** Holds `n` enrollments at once and sends each its next event, round after round; those that end begin anew. */
function measureHeld(n: number, rounds: number, holderOf: (n: number) => Holder): Held {
  const before = bytesHeld();
  const holder = holderOf(n);
  for (let index = 0; index < n; index += 1) holder.begin(index);
  const bytesPerEnrollment = Math.round((bytesHeld() - before) / n);
  // Few enrollments would otherwise be measured before their code is warm.
  for (let warmed = 0; warmed < WARMING_EVENTS; warmed += n) {
    for (let index = 0; index < n; index += 1) holder.next(index);
  }
  for (let index = 0; index < n; index += 1) holder.begin(index);
  let nsPerStep = 0;
  for (let done = 0; done < rounds; done += 1) {
    const stretches: number[] = [];
    for (let from = 0; from < n; from += STRETCH) {
      let steps = 0;
      const sinceMs = performance.now();
      for (let index = from; index < from + STRETCH; index += 1) steps += holder.next(index);
      stretches.push(((performance.now() - sinceMs) * 1e6) / Math.max(1, steps));
    }
    // The lower quartile: a busy machine disturbs many stretches, and the least of a million is luckier than that of ten.
    stretches.sort((left, right) => left - right);
    nsPerStep += (stretches[Math.floor(stretches.length / 4)] ?? 0) / rounds;
  }
  return { n, nsPerStep: Math.round(nsPerStep), bytesPerEnrollment };
}

function heldAsObjects(executor: SyncExecutor, accounts: readonly BenchAccount[]): (n: number) => Holder {
  return (n) => {
    const states: EnrollmentState[] = [];
    const clocks = new Float64Array(n);
    const begin = (index: number): number => {
      const account = accountAt(accounts, index);
      const { state } = executor.start({ subject: subjectOf(account), facts: account.facts, nowMs: STARTED_AT_MS });
      states[index] = state;
      clocks[index] = STARTED_AT_MS;
      return state.stepSeq;
    };
    return {
      begin,
      next: (index) => {
        const state = states[index];
        if (state === undefined || state.status !== "active") return begin(index);
        const account = accountAt(accounts, index);
        const { event, nowMs } = nextEvent(account, state, clocks[index] ?? STARTED_AT_MS);
        clocks[index] = nowMs;
        const context = { subject: subjectOf(account), facts: account.facts, nowMs };
        const next = executor.send(state, event, context).state;
        states[index] = next;
        return next.stepSeq - state.stepSeq;
      },
    };
  };
}

/** Lives in so many rows; what comes next for one of them is all of it. */
function heldInLives(accounts: readonly BenchAccount[]): (n: number) => Holder {
  return (n) => {
    const world = volumeWorld(newVolume(benchProgram(), n));
    const { volume } = world;
    return {
      begin: (row) => {
        attendTo(world, accountAt(accounts, row));
        volume.begin(row);
        return volume.stepSeq(row);
      },
      next: (row) => {
        attendTo(world, accountAt(accounts, row));
        volume.live(row, world);
        return volume.stepSeq(row);
      },
    };
  };
}

function heldByEvents(accounts: readonly BenchAccount[]): (n: number) => Holder {
  return (n) => {
    const world = volumeWorld(newVolume(benchProgram(), n));
    const { volume } = world;
    const clocks = new Float64Array(n);
    const begin = (row: number): number => {
      clocks[row] = STARTED_AT_MS;
      attendTo(world, accountAt(accounts, row));
      volume.begin(row);
      return volume.stepSeq(row);
    };
    return {
      begin,
      next: (row) => {
        if (!volume.active(row)) return begin(row);
        const before = volume.stepSeq(row);
        attendTo(world, accountAt(accounts, row));
        volume.frame.nowMs = clocks[row] ?? STARTED_AT_MS;
        volume.look(row);
        world.next(row);
        volume.advance(row);
        clocks[row] = volume.frame.nowMs;
        return volume.stepSeq(row) - before;
      },
    };
  };
}

/** Steps per second of the hand-written loop and the executors: one thread, one strategy, one seed, equal results. */
export async function benchExecutor(): Promise<ExecutorBench> {
  const program = benchProgram();
  const accounts = benchAccounts(ACCOUNTS);
  const reference = linkReference(program);
  const [linked, generated] = [linkCompiled(program), linkGenerated(program)];
  // Each of another size: V8 shares what it learns about equal sources, and each form is to be measured by itself.
  const [world, eventWorld, readWorld] = [0, 1, 2].map((more) => volumeWorld(newVolume(program, ACCOUNTS + more)));
  if (!world || !eventWorld || !readWorld) throw new InvariantError("bench.contestants");
  const contestants = { linked, generated, reference, world, eventWorld, readWorld };
  await expectEqualLives(accounts, contestants);
  const best = await race(accounts, contestants);
  const ratio = (of: number, to: number, digits: number): number => Number((of / to).toFixed(digits));
  return {
    handLoopStepsPerSecond: Math.round(best.hand),
    compiledStepsPerSecond: Math.round(best.lives),
    referenceStepsPerSecond: Math.round(best.reference),
    compiledOverHandLoop: ratio(best.lives, best.hand, 3),
    compiledOverReference: ratio(best.lives, best.reference, 1),
    accounts: HELD.map((n) => measureHeld(n, HELD_ROUNDS, heldInLives(accounts))),
    byEventsStepsPerSecond: Math.round(best.byEvents),
    byEventsOverHandLoop: ratio(best.byEvents, best.hand, 3),
    accountsByEvents: HELD.map((n) => measureHeld(n, HELD_ROUNDS, heldByEvents(accounts))),
    generatedOutcomesStepsPerSecond: Math.round(best.generated),
    linkedStepsPerSecond: Math.round(best.linked),
    linkedOverHandLoop: ratio(best.linked, best.hand, 3),
    linkedOverReference: ratio(best.linked, best.reference, 1),
    linkedAccounts: HELD.map((n) => measureHeld(n, HELD_ROUNDS_LINKED, heldAsObjects(linked, accounts))),
  };
}

/** Rounds of all contestants in turn; the best stretch of each, in steps per second. */
async function race(accounts: readonly BenchAccount[], contestants: Contestants) {
  const { linked, generated, reference, world, eventWorld } = contestants;
  const newBest = (): Best => ({ perSecond: 0 });
  const [hand, lives, byEvents, closures, outcomes, slow] = [
    newBest(),
    newBest(),
    newBest(),
    newBest(),
    newBest(),
    newBest(),
  ] as const;
  const life: Life = { steps: 0, endedAtMs: 0 };
  const byCalls = (executor: SyncExecutor) => (account: BenchAccount) => {
    live(executor, account, (outcome, nowMs) => {
      life.steps = outcome.state.stepSeq;
      life.endedAtMs = nowMs;
    });
    return life.steps;
  };
  for (let done = 0; done < ROUNDS; done += 1) {
    round(hand, accounts, (account) => {
      liveByHand(account, life);
      return life.steps;
    });
    round(lives, accounts, (account, row) => {
      liveInVolume(world, account, { row, life });
      return life.steps;
    });
    if (done < SLOW_ROUNDS) {
      round(byEvents, accounts, (account, row) => {
        liveByEvents(eventWorld, account, { row, life });
        return life.steps;
      });
    }
    if (done < SLOW_ROUNDS) round(closures, accounts, byCalls(linked));
    if (done < SLOW_ROUNDS) round(outcomes, accounts, byCalls(generated));
    if (done < REFERENCE_ROUNDS) await referenceRound(slow, accounts.slice(0, REFERENCE_ACCOUNTS), reference);
  }
  return {
    hand: hand.perSecond,
    lives: lives.perSecond,
    byEvents: byEvents.perSecond,
    linked: closures.perSecond,
    generated: outcomes.perSecond,
    reference: slow.perSecond,
  };
}
