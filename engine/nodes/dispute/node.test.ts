import { expect, test } from "vitest";
import { dispute } from "./node";

test("nothing is collected until the dispute is decided, however long that takes", () => {
  expect(dispute.initial()).toMatchObject({ holdDays: 0, dueDays: 15 });
});

test("a debt that is not owed stays frozen; one that is, or was corrected, is treated again", () => {
  expect(dispute.initial().releaseOn).toEqual(["adjusted", "rejected", "withdrawn"]);
  expect(dispute.handles(dispute.initial()).map(({ id }) => id)).toEqual([
    "upheld",
    "adjusted",
    "rejected",
    "withdrawn",
    "other",
    "expired",
  ]);
});
