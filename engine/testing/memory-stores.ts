import type { Stops } from "../ports/stops";
import { memoryCallbacks } from "./memory-callbacks";
import { memoryDebtors } from "./memory-debtors";
import { memoryEnrollments } from "./memory-enrollments";
import { memoryInbox } from "./memory-inbox";
import { memoryOutbox } from "./memory-outbox";
import { type MemoryWorld, memoryWorld } from "./memory-world";
import type { StoresUnderTest } from "./stores-under-test";

/** All stores of the live shell in memory, empty. */
export function memoryStores(world: MemoryWorld = memoryWorld()): StoresUnderTest {
  return {
    enrollments: memoryEnrollments(world),
    inbox: memoryInbox(world),
    outbox: memoryOutbox(world),
    callbacks: memoryCallbacks(world),
    debtors: memoryDebtors(world),
    programs: {
      leftAlone: async () => [],
      versionOf: async (versionId) => world.versions.get(versionId) ?? null,
    },
    stops: memoryStops(world),
    // Plans are rows people write; a world in memory has none.
    migrations: { carryOn: async () => 0 },
    given: scene(world),
    look: view(world),
    close: async () => undefined,
  };
}

/** Pauses of whole strategies, which is all a test without a database needs; lifting one moves nothing. */
function memoryStops({ versions }: MemoryWorld): Stops {
  return {
    inForce: async () =>
      [...versions.values()].flatMap(({ paused, versionId }, id) =>
        paused ? { id, scope: "version" as const, subject: versionId, kind: "pause" as const, fromMs: 0 } : [],
      ),
    carryOn: async () => 0,
  };
}

function scene(world: MemoryWorld): StoresUnderTest["given"] {
  return {
    async accounts(accounts, contactPoints = []) {
      for (const account of accounts) world.accounts.set(account.id, account);
      world.contactPoints.push(...contactPoints);
    },
    async version(version) {
      world.versions.set(version.versionId, { ...version, paused: false });
    },
    async paused(strategyId, paused) {
      for (const version of world.versions.values()) if (version.strategyId === strategyId) version.paused = paused;
    },
    async hold(partyId, hold) {
      world.holds.set(hold.id, { ...hold, partyId: partyId as `party_${string}` });
    },
    async outside(partyId, contact) {
      world.outside.set(partyId, [...(world.outside.get(partyId) ?? []), { ...contact, by: "agency" }]);
    },
    async endHold(id, untilMs, choices) {
      const hold = world.holds.get(id);
      if (hold !== undefined) world.holds.set(id, { ...hold, untilMs, ...(choices === undefined ? {} : { choices }) });
    },
    async deadSender() {
      for (const row of world.intents.values()) row.leaseLapsed = row.state === "sending";
    },
    callbacksDue: async () => undefined,
  };
}

function view(world: MemoryWorld): StoresUnderTest["look"] {
  return {
    async enrollment(id) {
      const own = world.enrollments.get(id);
      return own === undefined ? null : { state: own.state, fence: own.fence };
    },
    async decisions(enrollmentId) {
      return (world.enrollments.get(enrollmentId)?.decisions ?? []).map((decision, ordinal) => ({
        ...decision,
        ordinal,
      }));
    },
    async intents() {
      return [...world.intents.values()].map((row) => ({
        key: row.intent.key,
        state: row.state,
        notAfterMs: row.intent.notAfterMs,
      }));
    },
    async attempts() {
      return [...world.attempts.values()];
    },
    async sends() {
      return [...world.intents.values()].map(({ intent, unclear, costMinor }) => ({
        key: intent.key,
        unclear,
        costMinor,
      }));
    },
    async desks() {
      return [...world.intents.values()].flatMap(({ intent }) => {
        const desk = intent.kind === "task" ? intent.desk : intent.kind === "contact" ? intent.terms.desk : undefined;
        return desk === undefined ? [] : [{ key: intent.key, dueAtMs: desk.dueAtMs }];
      });
    },
    async contactPoints() {
      return world.contactPoints;
    },
    async inbox() {
      return [...world.inbox.values()];
    },
    async holds() {
      return [...world.holds.values()];
    },
    async promises() {
      return [...world.promises.values()];
    },
    async payments() {
      return [...world.payments.values()];
    },
  };
}
