import { describe, expect, test } from "vitest";
import type { Issue } from "../model/issue";
import { issueText } from "./issue-text";
import { lintStrategy } from "./lint";
import { exitStep, samplePack, startStep, step, strategy } from "./testing/sample";

const SOON = { mode: "duration", durationMinutes: 1440 };
const CALL = { contentId: "robot.reminder" };
const JOINS = ["graph.release-of-nothing", "graph.no-conversation", "graph.arm-not-drawn"];

function joins(
  nodes: readonly ReturnType<typeof step>[],
  edges: readonly (readonly [string, string, string])[],
  more: object = {},
): readonly Issue[] {
  const doc = strategy({ nodes: [startStep(), ...nodes, exitStep("end")], edges, ...more });
  return lintStrategy(doc, samplePack).filter(({ code }) => JOINS.includes(code));
}

describe("the release of a hold", () => {
  const release = step("release", "release", { hold: "hardship" });
  const line = [
    ["start", "enter", "release"],
    ["release", "next", "end"],
  ] as const;

  test("that nothing before it can have placed is called out, in the words of its form", () => {
    const found = joins([release], line);
    expect(found).toMatchObject([{ code: "graph.release-of-nothing", nodeId: "release", severity: "warning" }]);
    expect(found.map((issue) => issueText(issue, "zh-CN")).join()).toContain("“困难帮扶”");
    expect(found.map((issue) => issueText(issue, "en")).join()).not.toMatch(/[{}]/);
  });

  test("is no release of nothing once a step before it places that hold, however far back", () => {
    const placed = (hold: string) =>
      joins(
        [step("hold", "hold", { hold, until: "released" }), step("later", "wait", SOON), release],
        [
          ["start", "enter", "hold"],
          ["hold", "next", "later"],
          ["later", "elapsed", "release"],
          ["release", "next", "end"],
        ],
      ).map(({ code }) => code);
    expect(placed("hardship")).toEqual([]);
    expect(placed("dispute")).toEqual(["graph.release-of-nothing"]);
  });

  test("may follow any contact: what is said in it can bring a hold", () => {
    const call = step("call", "sms", { contentId: "sms.reminder", waitForDelivery: false, giveUpHours: 24 });
    expect(
      joins(
        [call, release],
        [
          ["start", "enter", "call"],
          ["call", "sent", "release"],
          ["release", "next", "end"],
        ],
      ),
    ).toEqual([]);
  });

  test("is not helped by a step that only comes after it", () => {
    const found = joins(
      [release, step("hold", "hold", { hold: "hardship", until: "released" })],
      [
        ["start", "enter", "release"],
        ["release", "next", "hold"],
        ["hold", "next", "end"],
      ],
    );
    expect(found.map(({ code }) => code)).toEqual(["graph.release-of-nothing"]);
  });

  test("is left alone behind a step nobody can read", () => {
    const found = joins(
      [step("riddle", "riddle", {}), release],
      [
        ["start", "enter", "riddle"],
        ["riddle", "solved", "release"],
        ["release", "next", "end"],
      ],
    );
    expect(found).toEqual([]);
  });
});

describe("the check of a conversation", () => {
  const check = step("check", "qa.conversation", {
    channel: "robot",
    lexicon: "words",
    passScore: 80,
    giveUpHours: 72,
  });
  const out = ["pass", "fail", "review", "expired"].map((handle) => ["check", handle, "end"] as const);

  test("wants a contact over its channel before it, on one way at least", () => {
    expect(joins([check], [["start", "enter", "check"], ...out])).toMatchObject([
      { code: "graph.no-conversation", nodeId: "check", params: { channel: "robot" } },
    ]);
    const called = joins(
      [step("call", "robot", CALL), check],
      [["start", "enter", "call"], ["call", "spoke", "check"], ...out],
    );
    expect(called).toEqual([]);
  });
});

describe("a question for the arm of an experiment", () => {
  const split = step("split", "split", {
    experimentKey: "robot-first",
    arms: [
      { id: "champion", weight: 5000 },
      { id: "challenger", weight: 5000 },
    ],
  });
  const asking = step("asking", "branch", {
    rules: [{ id: "new", when: { fact: "arm.robot-first", operator: "equal", value: "challenger" } }],
  });

  test("is answered behind the experiment and not before it", () => {
    const behind = joins(
      [split, asking],
      [
        ["start", "enter", "split"],
        ["split", "champion", "asking"],
        ["split", "challenger", "asking"],
      ],
    );
    const before = joins(
      [asking, split],
      [
        ["start", "enter", "asking"],
        ["asking", "new", "split"],
        ["split", "champion", "end"],
      ],
    );
    expect(behind).toEqual([]);
    expect(before).toMatchObject([
      { code: "graph.arm-not-drawn", nodeId: "asking", params: { fact: "arm.robot-first" } },
    ]);
  });
});
