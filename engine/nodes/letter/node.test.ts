import { expect, test } from "vitest";
import { briefly, contextWith, contextWithoutSubject } from "../testing/context";
import { letter } from "./node";

const waiting = { contentId: "letter.late", waitForDelivery: true, giveUpHours: 240 };

test("only delivery is delivery: somebody else's hands, a refusal, a return and mere posting are ways on of their own", () => {
  expect(letter.compile(waiting, contextWith())).toMatchObject({
    request: { channel: "letter", contentId: "letter.late" },
    outcomes: {
      DLV: "delivered",
      SGN: "delivered",
      SGO: "other-person",
      UND: "failed",
      REF: "refused",
      PST: "expired",
    },
  });
  expect(letter.handles(waiting).map(({ id }) => id)).toEqual([
    "delivered",
    "other-person",
    "failed",
    "refused",
    "expired",
    "blocked",
  ]);
});

test("waits as long as the mail takes, a month at most", () => {
  expect(letter.initial().giveUpHours).toBe(240);
  expect(letter.schema.safeParse({ ...waiting, giveUpHours: 720 }).success).toBe(true);
  expect(letter.schema.safeParse({ ...waiting, giveUpHours: 721 }).success).toBe(false);
});

test("has a heading, like every letter", () => {
  expect(briefly(letter.lint(waiting, contextWithoutSubject("letter")))).toEqual([
    "error letter.subject-missing contentId",
  ]);
});
