import { expect, test } from "vitest";
import { hardship } from "../hardship/node";
import { complaint } from "./node";

test("a complaint is due in 15 days and waited for up to 60", () => {
  expect(complaint.initial()).toMatchObject({ dueDays: 15, giveUpDays: 60, holdDays: 0 });
});

test("complaints come before other cases", () => {
  expect(complaint.initial().priority).toBeLessThan(hardship.initial().priority);
});
