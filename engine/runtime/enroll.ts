import type { AccountId, EnrollmentId, StrategyVersionId } from "../model/ids";
import { InvariantError } from "../model/invariant";
import { type Issue, issue } from "../model/issue";
import { canonicalHash } from "../model/json";
import { err, ok, type Result } from "../model/result";
import { stopOn } from "../model/stop";
import type { EpochMs } from "../model/time";
import type { AccountSnapshot } from "../ports/account-snapshot";
import type { Advance } from "../ports/enrollment-store";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { factsAt } from "./facts-at";
import type { LinkedVersion } from "./linked-versions";
import { firstAdvance, takeFirstTurn } from "./turn";

/** Accounts one call may look at; a larger portfolio is enrolled page by page with `enrollPage`. */
const ENROLL_PAGES_MAX = 4000;

export type EnrollRequest = {
  readonly versionId: StrategyVersionId;
  /** Only these accounts; null = the whole portfolio. */
  readonly accountIds: readonly AccountId[] | null;
};

export type EnrollCounts = {
  readonly looked: number;
  readonly enrolled: number;
  /** Already in this version, or still under way in another version of the same strategy. */
  readonly already: number;
  readonly notEligible: number;
  readonly unknownEligibility: number;
  readonly faulted: number;
};

/** Counts of a run that has looked at nobody yet. */
export const NOBODY_ENROLLED: EnrollCounts = {
  looked: 0,
  enrolled: 0,
  already: 0,
  notEligible: 0,
  unknownEligibility: 0,
  faulted: 0,
};

/**
 * Lets every account in that the entry rule accepts; the others are counted with the reason and leave no row. Doing it again
 * changes nothing: an account stands at most once in a version. Issues: `run.version-unknown`, `run.stopped`.
 */
export async function enrollAccounts(
  deps: RuntimeDeps,
  request: EnrollRequest,
): Promise<Result<EnrollCounts, readonly Issue[]>> {
  let total = NOBODY_ENROLLED;
  let after: AccountId | null = null;
  for (let page = 0; page < ENROLL_PAGES_MAX; page += 1) {
    const enrolled = await enrollPage(deps, { ...request, after });
    if (!enrolled.ok) return enrolled;
    total = addEnrollCounts(total, enrolled.value.counts);
    after = enrolled.value.after;
    if (after === null) break;
  }
  return ok(total);
}

/** One page of a portfolio, in account id order. `after` of the answer is null when there is nothing more. */
export async function enrollPage(
  deps: RuntimeDeps,
  request: EnrollRequest & { readonly after: AccountId | null },
): Promise<Result<{ readonly counts: EnrollCounts; readonly after: AccountId | null }, readonly Issue[]>> {
  const version = await deps.versions.linked(request.versionId);
  if (version === null) return err([issue("run.version-unknown", {}, { version: request.versionId })]);
  const stop = stopOn(await deps.stops.inForce(), { ...version, channel: null });
  if (stop?.kind === "stop") return err([issue("run.stopped", {}, { version: request.versionId })]);
  const { nowMs } = await deps.clock.read();
  const limit = RUNTIME_LIMITS.enrollPage;
  const candidates = await deps.enrollments.candidates({ ...request, nowMs, limit });
  const tally = { ...NOBODY_ENROLLED, looked: candidates.length };
  const advances: Advance[] = [];
  for (const { snapshot, already } of candidates) {
    if (already) tally.already += 1;
    else await enterSafely(deps, { version, snapshot, nowMs }, { tally, advances });
  }
  const enrolled = advances.length === 0 ? 0 : await deps.enrollments.enroll(advances);
  const last = candidates.at(-1)?.snapshot.account.id ?? null;
  return ok({
    counts: { ...tally, enrolled, already: tally.already + advances.length - enrolled },
    after: candidates.length < limit ? null : last,
  });
}

/**
 * Lets one account that has left a version into it once more, as its round `round` (1 = the second time). `refused` = the entry rule does
 * not let it in, or it is in already; the same round twice is once. Issues: `run.version-unknown`, `run.stopped`.
 */
export async function enrollAgain(
  deps: RuntimeDeps,
  {
    versionId,
    accountId,
    round,
  }: { readonly versionId: StrategyVersionId; readonly accountId: AccountId; readonly round: number },
): Promise<Result<"in" | "refused", readonly Issue[]>> {
  const version = await deps.versions.linked(versionId);
  if (version === null) return err([issue("run.version-unknown", {}, { version: versionId })]);
  const stop = stopOn(await deps.stops.inForce(), { ...version, channel: null });
  if (stop?.kind === "stop") return err([issue("run.stopped", {}, { version: versionId })]);
  const { nowMs } = await deps.clock.read();
  const asked = { versionId, accountIds: [accountId], after: null, nowMs, limit: 1 };
  const [candidate] = await deps.enrollments.candidates(asked);
  if (candidate === undefined) return ok("refused");
  const advances: Advance[] = [];
  const entry = { version, snapshot: candidate.snapshot, nowMs, round };
  await enterSafely(deps, entry, { tally: { ...NOBODY_ENROLLED }, advances });
  return ok((await deps.enrollments.enroll(advances, round)) > 0 ? "in" : "refused");
}

/**
 * Id of an account's enrollment in a version: the same whoever enrolls it, so two workers cannot make two. Every round it is let in
 * again has its own.
 */
export function enrollmentIdOf(versionId: StrategyVersionId, accountId: AccountId, round = 0): EnrollmentId {
  const named = round === 0 ? [versionId, accountId] : [versionId, accountId, round];
  return `enr_${canonicalHash(named).slice(0, 24)}`;
}

type Entered = { readonly tally: { -readonly [count in keyof EnrollCounts]: number }; readonly advances: Advance[] };

/** An account on which the executor breaks does not come in; the page goes on without it. */
async function enterSafely(deps: RuntimeDeps, entry: Entry, { tally, advances }: Entered): Promise<void> {
  try {
    countEntry(tally, await enter(deps, entry), advances);
  } catch (error) {
    const code = error instanceof InvariantError ? error.code : "executor-threw";
    deps.alarm("executor-threw", { accountId: entry.snapshot.account.id, code });
    tally.faulted += 1;
  }
}

type Entry = {
  readonly version: LinkedVersion;
  readonly snapshot: AccountSnapshot;
  readonly nowMs: EpochMs;
  readonly round?: number;
};

async function enter(deps: RuntimeDeps, { version, snapshot, nowMs, round = 0 }: Entry): Promise<Advance> {
  const { account } = snapshot;
  const enrollmentId = enrollmentIdOf(version.versionId, account.id, round);
  const subject = { enrollmentId, partyId: account.partyId, accountId: account.id };
  const pack = deps.packOf(version.program.settings.market);
  const facts = factsAt({ snapshot, startedAtMs: null }, { version, pack, nowMs });
  const { referenceSampleEvery, alarm } = deps;
  const context = { version, facts, nowMs, referenceSampleEvery, alarm };
  const outcome = await takeFirstTurn(subject, context);
  const { versionId } = version;
  const nothing = { entries: [], holds: [] };
  const blank = { subject, versionId, state: outcome.state, fence: 0, nextOrdinal: 0, ...nothing, snapshot };
  return firstAdvance(blank, outcome, context);
}

function countEntry(tally: { -readonly [count in keyof EnrollCounts]: number }, entry: Advance, into: Advance[]): void {
  const exit = entry.state.exit?.reason ?? null;
  if (exit === "not-eligible") tally.notEligible += 1;
  else if (exit === "eligibility-unknown") tally.unknownEligibility += 1;
  else into.push(entry);
  if (entry.state.status === "faulted") tally.faulted += 1;
}

/** The counts of two pages together. */
export function addEnrollCounts(left: EnrollCounts, right: EnrollCounts): EnrollCounts {
  return {
    looked: left.looked + right.looked,
    enrolled: left.enrolled + right.enrolled,
    already: left.already + right.already,
    notEligible: left.notEligible + right.notEligible,
    unknownEligibility: left.unknownEligibility + right.unknownEligibility,
    faulted: left.faulted + right.faulted,
  };
}
