import { expect, test } from "vitest";
import { briefly, contextWith } from "../testing/context";
import { sms } from "./node";

const waiting = { contentId: "sms.late", waitForDelivery: true, giveUpHours: 24 };

test("a waiting message goes on by the delivery report; an answer of the debtor proves delivery", () => {
  const spec = sms.compile(waiting, contextWith());
  expect(spec).toMatchObject({
    kind: "request",
    request: { kind: "contact", channel: "sms", contentId: "sms.late", partyRole: "self" },
    deadlineMs: 86_400_000,
    outcomes: { DLV: "delivered", CLK: "delivered", RPL: "delivered", UND: "failed" },
    retry: null,
    blocked: "blocked",
    expired: "expired",
    goOn: null,
  });
});

test("a message nobody waits for goes on at once and never stands still", () => {
  const data = { ...waiting, waitForDelivery: false };
  expect(sms.compile(data, contextWith())).toMatchObject({
    goOn: "sent",
    outcomes: {},
    exhausted: "sent",
    blocked: "sent",
    expired: "sent",
  });
  expect(sms.handles(data).map(({ id }) => id)).toEqual(["sent"]);
  expect(sms.simulate(data)).toEqual([]);
});

test("the text must be chosen, exist and be a message", () => {
  const problem = (contentId: string) => briefly(sms.lint({ ...waiting, contentId }, contextWith()));
  expect(problem("sms.late")).toEqual([]);
  expect(problem("")).toEqual(["error sms.content-missing contentId"]);
  expect(problem("sms.gone")).toEqual(["error sms.content-unknown contentId"]);
  expect(problem("constructor")).toEqual(["error sms.content-unknown contentId"]);
  expect(problem("robot.late")).toEqual(["error sms.content-channel contentId"]);
});

test("waiting is bounded: 1 to 720 hours", () => {
  for (const giveUpHours of [0, 721, 1.5, -1])
    expect(sms.schema.safeParse({ ...waiting, giveUpHours }).success).toBe(false);
  for (const giveUpHours of [1, 720]) expect(sms.schema.safeParse({ ...waiting, giveUpHours }).success).toBe(true);
});
