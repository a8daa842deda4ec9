import { afterAll, beforeAll, expect, it } from "vitest";
import { askToDelete } from "#engine/contact/act";
import { marketPack } from "#engine/packs/index";
import { openTestDatabase, type TestDatabase } from "../testing";
import { dropLogBefore, ensureLogPartitions } from "./log-partitions";

const MARCH = Date.parse("2026-03-02T02:00:00Z");

/** What the shipped rules on retention say on a day. */
const byRulesOf = (today: string) => (createdOn: string) => {
  const rulePacks = Object.values(marketPack("cn").rulePacks);
  const record = { class: "collection-record", createdOn } as const;
  return askToDelete(record, { rulePacks, nowMs: Date.parse(today) }).verdict === "allow";
};

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

async function decide(at: string, ordinal: number): Promise<string> {
  const { sql } = house.database;
  await sql`insert into decision (party_id, enrollment_id, ordinal, step_seq, node_id, code, facts, at)
    values ('party_1', 'enr_1', ${ordinal}, 1, 'n', 'entered', '{}', ${at})`;
  const [row] = await sql<
    { place: string }[]
  >`select tableoid::regclass::text as place from decision where ordinal = ${ordinal}`;
  return row?.place ?? "";
}

it("the log goes into months, and old months are dropped whole", async () => {
  expect(await decide("2026-03-01T00:00:00Z", 0)).toBe("decision_default");
  // March has decisions in the default partition already and stays there; two workers at once make the rest once.
  const made = await Promise.all([
    ensureLogPartitions(house.database, MARCH),
    ensureLogPartitions(house.database, MARCH),
  ]);
  expect(made[0] + made[1]).toBe(3);
  expect(await decide("2026-04-30T23:59:59Z", 1)).toBe("decision_2026_04");
  expect(await decide("2026-05-01T00:00:00Z", 2)).toBe("decision_2026_05");
  // Five years by the shipped rules: in 2026 nothing goes, in 2032 what is old enough does.
  const beforeMs = Date.parse("2026-05-10T00:00:00Z");
  const none = { going: [], kept: ["decision_2026_04"] };
  expect(await dropLogBefore(house.database, { beforeMs, mayGo: byRulesOf("2026-06-01") })).toEqual(none);
  expect(await dropLogBefore(house.database, { beforeMs, mayGo: byRulesOf("2031-04-30") })).toEqual(none);
  const dropped = await dropLogBefore(house.database, { beforeMs, mayGo: byRulesOf("2031-05-02") });
  expect(dropped).toEqual({ going: ["decision_2026_04"], kept: [] });
  expect(await house.database.sql`select ordinal from decision order by ordinal`).toEqual([
    { ordinal: 0 },
    { ordinal: 2 },
  ]);
});

it("however often several workers make the same months at once, each is made once and nobody fails", async () => {
  const next = Date.parse("2027-03-02T02:00:00Z");
  for (let round = 0; round < 10; round += 1) {
    const made = await Promise.all([1, 2, 3].map(() => ensureLogPartitions(house.database, next)));
    expect(made.sort()).toEqual([0, 0, 4]);
    await dropLogBefore(house.database, { beforeMs: Date.parse("2028-01-01T00:00:00Z"), mayGo: () => true });
  }
});
