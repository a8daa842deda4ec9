import { expect, test } from "vitest";
import { briefly, contextWith, contextWithoutSubject } from "../testing/context";
import { email } from "./node";

const waiting = { contentId: "email.late", waitForDelivery: true, giveUpHours: 48 };

test("whatever the reader does with it proves that it arrived; a bounce says that it did not; a complaint says no", () => {
  expect(email.compile(waiting, contextWith())).toMatchObject({
    request: { kind: "contact", channel: "email", contentId: "email.late", partyRole: "self" },
    deadlineMs: 48 * 3_600_000,
    outcomes: {
      DLV: "delivered",
      OPN: "delivered",
      CLK: "delivered",
      RPL: "delivered",
      BNC: "failed",
      CPL: "refused",
    },
    goOn: null,
  });
  expect(email.handles(waiting).map(({ id, role }) => `${id} ${role}`)).toEqual([
    "delivered main",
    "failed branch",
    "refused branch",
    "expired fallback",
    "blocked fallback",
  ]);
});

test("an email nobody waits for goes on at once", () => {
  const data = { ...waiting, waitForDelivery: false };
  expect(email.compile(data, contextWith())).toMatchObject({ goOn: "sent", outcomes: {}, blocked: "sent" });
  expect(email.handles(data).map(({ id }) => id)).toEqual(["sent"]);
});

test("the text must be chosen, exist, be an email and have a subject", () => {
  const problem = (contentId: string, context = contextWith()) =>
    briefly(email.lint({ ...waiting, contentId }, context));
  expect(problem("email.late")).toEqual([]);
  expect(problem("")).toEqual(["error email.content-missing contentId"]);
  expect(problem("email.gone")).toEqual(["error email.content-unknown contentId"]);
  expect(problem("sms.late")).toEqual(["error email.content-channel contentId"]);
  expect(problem("email.late", contextWithoutSubject("email"))).toEqual(["error email.subject-missing contentId"]);
});
