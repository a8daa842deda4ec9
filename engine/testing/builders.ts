import { perChannel } from "../model/content";
import type { EnrollmentState } from "../model/execution";
import type { AccountId, PartyId, StrategyVersionId } from "../model/ids";
import { accountIdOf, partyIdOf } from "../model/ids";
import type { Account, ContactPoint } from "../model/party";
import { PROGRAM_FORMAT, type Program, type ProgramStep } from "../model/program";
import { DAY_MS, type EpochMs, instantAt } from "../model/time";
import type { Advance } from "../ports/enrollment-store";
import type { PublishedVersion } from "../ports/program-store";

/** 2026-03-02, a Monday, 10:00 in Shanghai: inside every contact window. */
export const MONDAY_MORNING_MS: EpochMs = instantAt("Asia/Shanghai", "2026-03-02", 600);
export const SHANGHAI = "Asia/Shanghai";

/** An account ten days past due, owing 1,000.00 yuan. */
export function anAccount(accountNo: string, changes: Partial<Account> = {}): Account {
  const customerNo = changes.customerNo ?? `C-${accountNo}`;
  return {
    id: accountIdOf(accountNo),
    partyId: partyIdOf(customerNo),
    accountNo,
    customerNo,
    currency: "CNY",
    overdueSince: "2026-02-21",
    overdueMinor: 100_000,
    totalOutstandingMinor: 500_000,
    dataDate: "2026-03-02",
    status: "open",
    timeZone: SHANGHAI,
    fields: { customer_name: "测试客户" },
    ...changes,
  };
}

/** A phone that cannot exist, with consent to everything. */
export function aPhone(partyId: PartyId, changes: Partial<ContactPoint> = {}): ContactPoint {
  const id = `cp_${partyId.slice("party_".length)}` as const;
  const consent = perChannel(() => "granted" as const);
  return {
    id,
    partyId,
    kind: "phone",
    rank: 1,
    address: "sim:13800000001",
    simulated: true,
    status: "valid",
    consent,
    ...changes,
  };
}

/** A published version whose Program has these steps; for tests that do not need the compiler. */
export function aVersion(key: string, steps: readonly ProgramStep[] = []): PublishedVersion {
  const program: Program = {
    format: PROGRAM_FORMAT,
    strategyKey: key,
    contentHash: "0".repeat(64),
    settings: {
      market: "cn",
      currency: "CNY",
      timeZone: SHANGHAI,
      rulePack: "cn-default",
      horizonDays: 400,
      exits: [],
      variables: [],
      fields: [],
    },
    entry: steps[0]?.id ?? "start",
    machine: {},
    ruleSets: {},
    steps: Object.fromEntries(steps.map((step) => [step.id, step])),
    contents: {},
    limits: { stepsPerAdvance: 100, horizonMs: 400 * DAY_MS },
    hash: "0".repeat(64),
  };
  return { versionId: `ver_${key}-1`, strategyId: `strat_${key}`, program };
}

export function aState(changes: Partial<EnrollmentState> = {}): EnrollmentState {
  return {
    status: "active",
    nodeId: "wait",
    stepSeq: 2,
    startedAtMs: MONDAY_MORNING_MS,
    enteredAtMs: MONDAY_MORNING_MS,
    wakeAtMs: null,
    attempt: 0,
    pending: false,
    loopCounts: {},
    vars: {},
    exit: null,
    fault: null,
    ...changes,
  };
}

/** The turn of an account that changes nothing but what is given. */
export function aTurn(account: Account, versionId: StrategyVersionId, changes: Partial<Advance> = {}): Advance {
  return {
    subject: { enrollmentId: enrollmentOf(account.id), partyId: account.partyId, accountId: account.id },
    versionId,
    fence: 0,
    firstOrdinal: 0,
    state: aState(),
    decisions: [],
    intents: [],
    cancelled: [],
    arms: [],
    consumed: [],
    outcomes: [],
    holds: { released: [], placed: [] },
    promiseClosed: null,
    plan: null,
    announced: [],
    despite: [],
    shiftIntentsMs: 0,
    nowMs: MONDAY_MORNING_MS,
    ...changes,
  };
}

export function enrollmentOf(accountId: AccountId): `enr_${string}` {
  return `enr_${accountId.slice("acct_".length)}`;
}
