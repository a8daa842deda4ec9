import { expect, test } from "vitest";
import { hardship } from "./node";

test("stops for 30 days and wants an answer in 15, both within the usual 15 to 30", () => {
  expect(hardship.initial()).toMatchObject({ holdDays: 30, dueDays: 15, giveUpDays: 30 });
});

test("goes on holding while evidence is missing or hardship was accepted, and not when there is none", () => {
  expect(hardship.initial().releaseOn).toEqual(["rejected", "withdrawn"]);
});

test("says on its card how long it holds and waits", () => {
  const data = { ...hardship.initial(), queue: "care" };
  expect(hardship.summary(hardship.initial()).key).toBe("missing");
  expect(hardship.summary(data)).toEqual({
    key: "for-days",
    params: { queue: "care", giveUpMinutes: 30 * 1440, holdMinutes: 30 * 1440 },
  });
  expect(hardship.summary({ ...data, holdDays: 0 }).key).toBe("until-released");
});
