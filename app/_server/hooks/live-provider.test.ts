import { createServer } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callbackStore } from "#db/stores/callback-store";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { MINUTE_MS } from "#engine/model/time";
import { adapterOf, type ChannelsConfig, ChannelsConfigSchema } from "#engine/providers/channels-config";
import { type Listening, startListening } from "#engine/providers/testing/child";
import { SECRET } from "#engine/providers/testing/http-subject";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { until } from "#engine/testing/channel-conformance";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../worker-runtime";
import { receiveCallback } from "./receive-callback";

/** The live shell on a real database, a provider in a process of its own, and callbacks over the wire between them. */

const PEOPLE = 16;
const FAULTS = [null, "timeout-accepted", "error-accepted", "duplicate", "early", "unknown-status", "busy", "error"];

let house: TestDatabase;
let provider: Listening;
let door: Awaited<ReturnType<typeof aDoor>>;
let deps: RuntimeDeps;
let nowMs = MONDAY_MORNING_MS + 60 * MINUTE_MS;

/** Our hook, on a port. */
async function aDoor(channels: () => ChannelsConfig) {
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const body = Readable.toWeb(request) as ReadableStream<Uint8Array<ArrayBuffer>>;
    const asked = new Request("http://localhost/api/hooks/acme", {
      method: "POST",
      headers,
      body,
      duplex: "half",
    } as RequestInit);
    const acme = channels().providers.acme;
    const adapter = acme === undefined ? null : adapterOf("acme", acme);
    const callbacks = callbackStore(house.database);
    const answer = await receiveCallback({ adapterOf: () => adapter, callbacks, now: Date.now }, "acme", asked);
    answers.push(answer.status);
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}/`, answers, close };
}

type Contact = { readonly key: string; readonly to: { readonly address: string } };

async function control(path: string, body: object): Promise<readonly Contact[]> {
  const url = `http://127.0.0.1:${provider.port}${path}`;
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return ((await answer.json()) as { contacts: readonly Contact[] }).contacts;
}

beforeAll(async () => {
  house = await openTestDatabase();
  let channels: ChannelsConfig | null = null;
  door = await aDoor(() => channels ?? ChannelsConfigSchema.parse({}));
  provider = await startListening(["docs/examples/provider/provider.mjs"], {
    ...{ PROVIDER_SECRET: SECRET, PROVIDER_PORT: "0", PROVIDER_CHANNEL: "robot", PROVIDER_RESULT: "no_answer" },
    ...{ PROVIDER_CALLBACK: door.url, PROVIDER_DELAY_MS: "20" },
  });
  const url = `http://127.0.0.1:${provider.port}`;
  const acme = { kind: "http", channel: "robot", url, secrets: [SECRET], allowLoopback: true };
  channels = ChannelsConfigSchema.parse({ providers: { acme } });
  deps = {
    ...runtimeOn(house.database, { alarm: () => undefined, channels, now: () => nowMs }),
    clock: { read: async () => ({ nowMs, isDemo: false }) },
    packOf: () => STRICT_MARKET,
    sendDeadlineMs: 400,
  };
});
afterAll(async () => {
  await provider.close();
  await door.close();
  await house.drop();
});

const pending = async (): Promise<number> => {
  const [row] = await house.database.sql<{ count: number }[]>`
    select count(*)::int as count from channel_callback where status = 'pending'`;
  return row?.count ?? 0;
};

describe("a provider that misbehaves in every way it can", () => {
  it("calls nobody twice for one attempt, and everything it reports is heard once", async () => {
    const { sql } = house.database;
    const stores = await postgresStores(house.database);
    const accounts = Array.from({ length: PEOPLE }, (_, index) => anAccount(`A-${index}`));
    await stores.given.accounts(
      accounts,
      accounts.map(({ partyId }, index) =>
        aPhone(partyId, { simulated: false, address: `+86138001380${String(index + 11)}` }),
      ),
    );
    const version = callingVersion();
    await stores.given.version(version);
    const reported = async (keys: readonly string[]): Promise<boolean> => {
      const [row] = await sql<{ count: number }[]>`select count(distinct intent_key)::int as count from channel_callback
        where event ->> 'result' = 'no_answer'`;
      return row?.count === keys.length;
    };
    let keys: readonly string[] = [];
    for (const [index, fault] of [...FAULTS, ...FAULTS.map(() => null)].entries()) {
      // Somebody new meets each fault, beside those who are called again.
      const accountIds = accounts.slice(2 * index, 2 * index + 2).map(({ id }) => id);
      await enrollAccounts(deps, { versionId: version.versionId, accountIds });
      await control("/_fault", { fault });
      await tickEngine(deps);
      keys = (await control("/_look", {})).map(({ key }) => key);
      await until("every call's result is here", () => reported(keys));
      await sql`update channel_callback set look_after = clock_timestamp() where status = 'pending'`;
      nowMs += 15 * MINUTE_MS;
    }
    await until("every event is taken in", async () => {
      await sql`update channel_callback set look_after = clock_timestamp() where status = 'pending'`;
      await tickEngine(deps);
      return (await pending()) === 0;
    });

    expect(keys.length).toBeGreaterThan(PEOPLE);
    expect(new Set(keys).size).toBe(keys.length);
    const attempts = await sql<{ intent_key: string; outcome: string | null }[]>`
      select intent_key, outcome from contact_attempt order by intent_key`;
    expect(attempts.map(({ intent_key }) => intent_key)).toEqual([...keys].sort());
    expect(new Set(attempts.map(({ outcome }) => outcome))).toEqual(new Set(["NA"]));
    const states = await sql`select distinct state from intent where kind = 'contact'`;
    expect(states.map(({ state }) => state)).not.toContain("unknown");
    const twice =
      await sql`select data ->> 'intentKey' from inbox where type = 'contact.result' group by 1 having count(*) > 1`;
    expect(twice).toHaveLength(0);
    const [unclear] = await sql<{ count: number }[]>`select count(*)::int as count from intent where unclear > 0`;
    expect(unclear?.count).toBeGreaterThan(0);
    expect(new Set(door.answers)).toEqual(new Set([200]));
  }, 120_000);
});
