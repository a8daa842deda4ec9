import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing";
import { ruleHits } from "./rule-hits";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

it("knows nothing of a version nobody ran", async () => {
  expect(await ruleHits(house.database.sql, { versionId: "ver_none", nodeId: "table" })).toEqual({});
});
