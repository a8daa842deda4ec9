import { describe, expect, test } from "vitest";
import { FieldSchema } from "../../model/facts";
import type { AuthoredRule, NodeContext } from "../define";
import { briefly, contextWith } from "../testing/context";
import { promise } from "./node";

function field(key: string, type: string) {
  return [key, FieldSchema.parse({ key, type, label: { en: key }, origin: "history", usableInRules: true })] as const;
}

const CONTEXT: NodeContext = {
  ...contextWith(),
  fields: Object.fromEntries([
    field("promise_status", "text"),
    field("promise_due_date", "date"),
    field("promise_paid_share", "percent"),
  ]),
};
const quiet = promise.initial();
const reminding = { ...quiet, confirmContentId: "sms.late", remindContentId: "sms.late" };

function partsOf(data: typeof quiet, rules: AuthoredRule[] = []) {
  const compiled = promise.compile(data, contextWith(rules));
  if (compiled.kind !== "compound") throw new Error("a promise has several parts");
  return compiled.parts;
}

describe("following a promise", () => {
  test("sends nothing but its confirmation and its reminder", () => {
    const asks = (data: typeof quiet) =>
      Object.entries(partsOf(data)).flatMap(([part, { spec }]) => (spec.kind === "request" ? [part] : []));
    expect(asks(reminding)).toEqual(["confirm", "remind"]);
    expect(asks(quiet)).toEqual([]);
    // Nobody waits for a delivery report: the money is what counts.
    const { confirm } = partsOf(reminding);
    expect(confirm?.spec.kind === "request" && confirm.spec.goOn).toBe("sent");
  });

  test("waits until the last day of grace is over", () => {
    const due = partsOf({ ...quiet, graceDays: 2 }).due?.spec;
    expect(due?.kind === "wait" && due.wait).toEqual({
      mode: "until-fact-date",
      fact: "promise_due_date",
      offsetDays: 3,
      at: "00:00",
    });
  });

  test("keeps an eye on the money all the time, and takes a new promise's date", () => {
    for (const part of ["remind-wait", "due"]) {
      const spec = partsOf(reminding)[part]?.spec;
      if (spec?.kind !== "wait") throw new Error(part);
      expect(spec.watch?.events).toEqual(["payment.posted", "payment.reversed", "facts.changed"]);
      expect(spec.recomputeOn).toEqual(["promise.made"]);
    }
  });

  test("settles the promise on every way out that judges it", () => {
    const closing = Object.values(partsOf(reminding)).flatMap(({ spec, ways }) =>
      spec.kind === "act" && spec.act.act === "promise.close" ? [[spec.act.result, ways.next]] : [],
    );
    expect(closing).toEqual(["kept", "partial", "broken"].map((result) => [result, { handle: result }]));
  });

  test("asks the ledger with the author's shares", () => {
    const rules: AuthoredRule[] = [];
    partsOf({ ...quiet, toleranceShare: 0.8, partialShare: 0.2 }, rules);
    const shares = rules.flatMap(({ rule, when }) =>
      "fact" in when && when.fact === "promise_paid_share" ? [[rule, when.value]] : [],
    );
    expect(new Set(shares.map((share) => share.join(" ")))).toEqual(new Set(["kept 0.8", "partial 0.2"]));
  });
});

test.each([
  ["nothing wrong", reminding, []],
  ["a text that is gone", { ...quiet, confirmContentId: "sms.gone" }, ["promise.content-unknown confirmContentId"]],
  ["a robot's text", { ...quiet, remindContentId: "robot.late" }, ["promise.content-channel remindContentId"]],
  ["no time for the reminder", { ...reminding, remindAt: "" }, ["promise.time-missing remindAt"]],
  ["no reminder, so no time", { ...quiet, remindAt: "" }, []],
  ["shares the wrong way round", { ...quiet, partialShare: 0.9 }, ["promise.partial-too-high partialShare"]],
])("%s", (_, data, expected) => {
  expect(briefly(promise.lint(data, CONTEXT))).toEqual(expected.map((found) => `error ${found}`));
});

test("a market that knows nothing of promises cannot follow one", () => {
  expect(briefly(promise.lint(quiet, contextWith()))).toEqual(["error promise.facts-missing "]);
});

test("a share of nothing would call every promise kept", () => {
  for (const toleranceShare of [0, -1, 1.01]) {
    expect(promise.schema.safeParse({ ...quiet, toleranceShare }).success).toBe(false);
  }
});
