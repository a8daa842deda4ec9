import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accountIdOf, partyIdOf } from "#engine/model/ids";
import type { Account } from "#engine/model/party";
import { DAY_MS, HOUR_MS } from "#engine/model/time";
import { factsOf } from "#engine/portfolio/facts";
import type { GateDecision, Outbox, ReadyIntent } from "#engine/ports/outbox";
import { passGate, type TextIntent } from "#engine/runtime/gate";
import { anAccount, aPhone, aTurn, MONDAY_MORNING_MS, SHANGHAI } from "#engine/testing/builders";
import { aContact } from "#engine/testing/contract-scene";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import { recordConsents, recordOutsideContacts } from "../queries/outside-contact";
import { openTestDatabase, type TestDatabase } from "../testing";
import { postgresStores } from "./testing";

/** Workers that decide at the same time, and people two of whose loans both call. */
const WORKERS = 4;
const PEOPLE = 12;
const ROUNDS_MAX = 40;
const NOW = MONDAY_MORNING_MS;
const version = callingVersion();

let house: TestDatabase;
let stores: StoresUnderTest;
beforeAll(async () => {
  house = await openTestDatabase();
});
beforeEach(async () => {
  stores = await postgresStores(house.database);
  await stores.given.version(version);
});
afterAll(() => house.drop());

const partyOf = (person: number) => partyIdOf(`P-${person}`);

function loansOf(person: number): readonly Account[] {
  return [1, 2].map((loan) => anAccount(`P-${person}-${loan}`, { customerNo: `P-${person}` }));
}

/** Two loans of every person call for them at once. */
async function everybodyCallsTwice(): Promise<void> {
  const people = Array.from({ length: PEOPLE }, (_, person) => person);
  const accounts = people.flatMap(loansOf);
  const points = people.map((person) => aPhone(partyOf(person), { address: `sim:${13_800_000_000 + person}` }));
  await stores.given.accounts(accounts, points);
  const turns = accounts.map((account) => {
    const intents = [aContact(`k-${account.accountNo}`, { channel: "robot", contentId: "robot.reminder" })];
    return aTurn(account, version.versionId, { intents });
  });
  await stores.enrollments.enroll(turns);
}

function decide(ready: readonly ReadyIntent[]): readonly GateDecision[] {
  return ready.map((one) => {
    const { account } = one.snapshot;
    const moving = {
      ledger: { paidMinor: 0 },
      counters: { contacts7d: 0, conversations7d: 0 },
      otherAccounts: 1,
      arms: {},
    };
    const facts = factsOf({ account, fields: STRICT_MARKET.fields, ...moving, startedAtMs: NOW }, NOW, SHANGHAI);
    const channelPort = () => ({ id: "robot-house" }) as never;
    const linked = { program: version.program } as never;
    const context = { version: linked, pack: STRICT_MARKET, facts, nowMs: NOW, locale: "zh-CN", channelPort } as const;
    return passGate(one, one.intent as TextIntent, context).decision;
  });
}

/** One request at a time, so that the workers really meet; until nothing is left to decide. */
async function work(outbox: Outbox): Promise<number> {
  let sent = 0;
  let idle = 0;
  for (let round = 0; round < ROUNDS_MAX && idle < 3; round += 1) {
    const { decided } = await outbox.reserve({ nowMs: NOW, limit: 1 }, async (ready) => decide(ready));
    sent += decided.filter(({ kind }) => kind === "send").length;
    idle = decided.length === 0 ? idle + 1 : 0;
  }
  return sent;
}

async function workTogether(): Promise<ReadonlyMap<string, number>> {
  await Promise.all(Array.from({ length: WORKERS }, () => work(stores.outbox)));
  const perPerson = new Map<string, number>();
  for (const { intentKey } of await stores.look.attempts()) {
    const person = intentKey.split("-")[2] ?? "";
    perPerson.set(person, (perPerson.get(person) ?? 0) + 1);
  }
  return perPerson;
}

const agencyCall = (person: number, id: string, { hoursAgo, conversed }: { hoursAgo: number; conversed: boolean }) => ({
  partyId: partyOf(person),
  id,
  accountId: null,
  contactPointId: null,
  channel: "robot" as const,
  role: "self" as const,
  atMs: NOW - hoursAgo * HOUR_MS,
  outcome: conversed ? "RPC" : "NA",
  connected: conversed,
  conversed,
  source: "agency-1",
});

describe("the last place under a cap", () => {
  it("goes to one of two calls that may become a conversation, however many workers decide at once", async () => {
    await everybodyCallsTwice();
    const perPerson = await workTogether();
    expect([...perPerson.values()]).toEqual(Array(PEOPLE).fill(1));
  });

  it("is gone when an agency has had the day's conversation", async () => {
    await everybodyCallsTwice();
    await recordOutsideContacts(house.database.sql, [
      agencyCall(0, "a-1", { hoursAgo: 1, conversed: true }),
      agencyCall(1, "a-1", { hoursAgo: 30, conversed: true }),
    ]);
    const perPerson = await workTogether();
    expect([perPerson.get("0") ?? 0, perPerson.get("1"), perPerson.size]).toEqual([0, 1, PEOPLE - 1]);
  });

  it("counts an agency's attempts with ours, each once however often it is told", async () => {
    await everybodyCallsTwice();
    const three = [1, 2, 3].map((hours) => agencyCall(0, `a-${hours}`, { hoursAgo: hours / 2, conversed: false }));
    const told = [three, three.slice(0, 2)];
    const fresh: number[] = [];
    for (const contacts of told) fresh.push(await recordOutsideContacts(house.database.sql, contacts));
    await recordOutsideContacts(house.database.sql, [
      agencyCall(1, "a-1", { hoursAgo: 1, conversed: false }),
      agencyCall(1, "a-2", { hoursAgo: 1.5, conversed: false }),
    ]);
    expect(fresh).toEqual([3, 0]);
    const perPerson = await workTogether();
    expect([perPerson.get("0") ?? 0, perPerson.get("1")]).toEqual([0, 1]);
  });
});

describe("what the gate is shown", () => {
  it("is what agencies did, what outlasts every look-back, and what the debtor agreed to", async () => {
    await everybodyCallsTwice();
    const [account] = loansOf(0);
    if (account === undefined) throw new Error("a loan");
    const refused = {
      ...agencyCall(0, "refused", { hoursAgo: 24 * 400, conversed: false }),
      role: "contact-person" as const,
      outcome: "TPR",
    };
    await recordOutsideContacts(house.database.sql, [
      refused,
      agencyCall(0, "old", { hoursAgo: 24 * 70, conversed: true }),
    ]);
    const consent = {
      rules: ["hours"],
      channels: ["robot" as const],
      fromMs: NOW - DAY_MS,
      untilMs: NOW + DAY_MS,
      evidence: "rec-7",
    };
    const own = { partyId: partyOf(0), recordedBy: "actor_1" };
    await recordConsents(house.database.sql, [
      { ...consent, ...own, id: "c-1" },
      { ...consent, ...own, id: "c-0", untilMs: NOW },
    ]);
    const seen: unknown[] = [];
    await stores.outbox.reserve({ nowMs: NOW, limit: 100 }, async (ready) => {
      for (const { subject, party } of ready) {
        if (subject.accountId === accountIdOf(account.accountNo)) seen.push(party.outside, party.consents);
      }
      return [];
    });
    expect(seen).toEqual([
      [
        {
          atMs: refused.atMs,
          channel: "robot",
          role: "contact-person",
          connected: false,
          conversed: false,
          outcome: "TPR",
          by: "agency",
          contactPointId: null,
          visit: null,
        },
      ],
      [consent],
    ]);
  });
});
