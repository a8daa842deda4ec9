import { afterAll, beforeAll } from "vitest";
import { storesContract } from "#engine/testing/stores-contract";
import { openTestDatabase, type TestDatabase } from "../testing";
import { postgresStores } from "./testing";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

storesContract("Postgres", () => postgresStores(house.database));
