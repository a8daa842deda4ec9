import { expect, it } from "vitest";
import type { Account, ContactPoint } from "../model/party";
import { instantAt } from "../model/time";
import { simulatePart } from "../simulate/simulate";
import { anAccount, aPhone, SHANGHAI } from "../testing/builders";
import { says } from "../testing/live-run";
import { liveShell } from "../testing/live-shell";
import { callingVersion, STRICT_MARKET } from "../testing/live-story";
import { memoryStores } from "../testing/memory-stores";
import { enrollAccounts, enrollmentIdOf } from "./enroll";

/** Simulated accounts come in at nine; so do these. */
const FROM = "2026-03-02";
const NINE_MS = instantAt(SHANGHAI, FROM, 9 * 60);

type Scene = { readonly accounts: readonly Account[]; readonly contactPoints: readonly ContactPoint[] };

/** Rules that refused the first requests of a live run, or put them off. */
async function refusedLive({ accounts, contactPoints }: Scene): Promise<readonly string[]> {
  const stores = memoryStores();
  const version = callingVersion();
  await stores.given.accounts(accounts, contactPoints);
  await stores.given.version(version);
  const { deps, tick } = liveShell({ stores, pack: STRICT_MARKET, fromMs: NINE_MS, answer: says("NA") });
  await enrollAccounts(deps, { versionId: version.versionId, accountIds: null });
  await tick();
  await tick();
  const rules = new Set<string>();
  for (const account of accounts) {
    const decisions = await stores.look.decisions(enrollmentIdOf(version.versionId, account.id));
    const refusals = decisions.filter(({ code }) => code === "deferred" || code === "blocked");
    for (const rule of refusals.flatMap(({ detail }) => detail?.split(",") ?? [])) rules.add(rule);
  }
  return [...rules].sort();
}

function refusedSimulated({ accounts, contactPoints }: Scene): readonly string[] {
  const { program } = callingVersion();
  const input = { program, pack: STRICT_MARKET, accounts, contactPoints, from: FROM, days: 1, seed: 3 };
  return Object.keys(simulatePart({ ...input, locale: "zh-CN" }).blockedBy).sort();
}

function oneLoan(about: Partial<Account>, phone: Partial<ContactPoint> | null = {}): Scene {
  const account = anAccount("A-1", about);
  return { accounts: [account], contactPoints: phone === null ? [] : [aPhone(account.partyId, phone)] };
}

function loansOfOnePerson(count: number): Scene {
  const accounts = Array.from({ length: count }, (_, index) => anAccount(`A-${index}`, { customerNo: "ann" }));
  return { accounts, contactPoints: accounts.slice(0, 1).map(({ partyId }) => aPhone(partyId)) };
}

const SCENES: readonly (readonly [story: string, scene: Scene, rule: string])[] = [
  ["without a phone", oneLoan({}, null), "floor.contact-point"],
  ["whose number is masked", oneLoan({}, { status: "masked" }), "floor.contact-point"],
  ["who never consented", oneLoan({}, { consent: { sms: "granted" } }), "consent"],
  ["who refused", oneLoan({}, { consent: { robot: "refused" } }), "consent"],
  ["whose place nobody knows", oneLoan({ timeZone: null }), "floor.time-zone"],
  ["for whom it is night", oneLoan({ timeZone: "Europe/London" }), "hours"],
  ["whose name nobody knows", oneLoan({ fields: {} }), "dispatch.content-incomplete"],
  ["whose name is a threat", oneLoan({ fields: { customer_name: "威胁" } }), "dispatch.content-blocked"],
  ["with two loans that call at once", loansOfOnePerson(2), "talks"],
  ["with four loans that call at once", loansOfOnePerson(4), "talks"],
];

it.each(SCENES)("a person %s is refused for the same reason live and simulated", async (_, scene, rule) => {
  expect(await refusedLive(scene)).toEqual([rule]);
  expect(refusedSimulated(scene)).toEqual([rule]);
});
