import { describe, expect, test } from "vitest";
import type { StrategyDoc } from "../model/strategy";
import { lintStrategy } from "./lint";
import { emptyStrategy } from "./new";
import { exitStep, samplePack, startStep, step, strategy } from "./testing/sample";

type Drawn = Parameters<typeof strategy>[0];

function lint(made: Drawn): readonly string[] {
  return problemsOf(strategy(made));
}

function problemsOf(doc: StrategyDoc): readonly string[] {
  return lintStrategy(doc, samplePack).map(({ severity, code, nodeId, path, params }) => {
    const shown = params.handle ?? params.steps ?? params.step ?? params.id;
    return [severity[0], code, nodeId ?? path, shown].filter((part) => part !== undefined).join(" ");
  });
}

const SMS = { contentId: "sms.reminder", waitForDelivery: true };
const SMS_ON = { contentId: "sms.reminder", waitForDelivery: false };
const DAY = { mode: "duration", durationMinutes: 1440 };
const REPEAT = step("rounds", "repeat", { maxTimes: 3, when: null });
const LATE = { id: "late", when: { fact: "dpd", operator: "greaterThan", value: 10 } };

function fullyWired(id: string, to: string): readonly (readonly [string, string, string])[] {
  return ["delivered", "failed", "expired", "blocked"].map((handle) => [id, handle, to] as const);
}

describe("a strategy without mistakes", () => {
  test("has no issues: the sample, and a new strategy", () => {
    expect(lint({})).toEqual([]);
    const made = emptyStrategy({ id: "strat_new", key: "new", name: { "zh-CN": "新策略" }, market: "cn" });
    expect(problemsOf(made)).toEqual([]);
  });

  test("may go round a bounded number of times, as long as it waits and can leave", () => {
    const nodes = [
      startStep(),
      step("text", "sms", SMS_ON),
      step("pause", "wait", DAY),
      step("rounds", "repeat", { maxTimes: 3, when: null }),
      exitStep("done"),
    ];
    const edges = [
      ["start", "enter", "text"],
      ["text", "sent", "pause"],
      ["pause", "elapsed", "rounds"],
      ["rounds", "again", "text"],
      ["rounds", "done", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual([]);
  });
});

describe("steps and wiring", () => {
  test("a step type nobody knows is an error at its step, and its ways on are not guessed", () => {
    const nodes = [startStep(), { id: "letter", type: "fax", version: 1, data: {} }, exitStep("done")];
    const edges = [
      ["start", "enter", "letter"],
      ["letter", "posted", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.unknown-step-type letter"]);
  });

  test("data of a newer version is an error, and so is data that was changed behind the schema's back", () => {
    const newer = { id: "text", type: "sms", version: 9, data: {} };
    const edges = [
      ["start", "enter", "text"],
      ["text", "delivered", "done"],
    ] as const;
    const nodes = [startStep(), newer, exitStep("done")];
    expect(lint({ nodes, edges })).toEqual(["e graph.newer-step-version text"]);
    const doc = strategy();
    const broken = {
      ...doc,
      nodes: doc.nodes.map((node) => ({ ...node, data: node.id === "done" ? { reason: "fired" } : node.data })),
    };
    expect(problemsOf(broken)).toEqual(["e shape.choice done"]);
    expect(lintStrategy(broken, samplePack)[0]?.path).toBe("nodes[1].data.reason");
  });

  test("edges to and from nowhere are found at both ends", () => {
    const edges = [
      ["start", "enter", "gone"],
      ["ghost", "sent", "done"],
    ] as const;
    expect(lint({ edges })).toEqual([
      "e graph.edge-to-nowhere start gone",
      "e graph.edge-from-nowhere done ghost",
      "w graph.unreachable-step done",
    ]);
  });

  test("every way on of a waiting message has to lead somewhere", () => {
    const nodes = [startStep(), step("text", "sms", SMS), exitStep("done")];
    const edges = [
      ["start", "enter", "text"],
      ["text", "delivered", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual([
      "e graph.dangling-handle text failed",
      "e graph.dangling-handle text expired",
      "e graph.dangling-handle text blocked",
    ]);
  });

  test("a message that goes on at once has only one way on", () => {
    const nodes = [startStep(), step("text", "sms", SMS_ON), exitStep("done")];
    const edges = [
      ["start", "enter", "text"],
      ["text", "sent", "done"],
      ["text", "delivered", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.unknown-handle text delivered"]);
  });

  test("a branch must say what happens to accounts it cannot judge", () => {
    const nodes = [startStep(), step("who", "branch", { rules: [LATE] }), exitStep("done")];
    const edges = [
      ["start", "enter", "who"],
      ["who", "late", "done"],
      ["who", "otherwise", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.dangling-handle who unknown"]);
  });

  test("two edges from one way on are refused", () => {
    const nodes = [startStep(), exitStep("done"), exitStep("other")];
    const edges = [
      ["start", "enter", "done"],
      ["start", "enter", "other"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.handle-wired-twice start enter"]);
  });

  test("ids used twice are found, whatever they name", () => {
    const doc = strategy({ nodes: [startStep(), exitStep("done"), exitStep("done")] });
    const [edge] = doc.edges;
    const [exit] = doc.settings.exits;
    if (edge === undefined || exit === undefined) throw new Error("the sample has both");
    const twice = {
      ...doc,
      edges: [edge, { ...edge, from: { node: "ghost", handle: "x" } }],
      settings: { ...doc.settings, exits: [exit, exit] },
    };
    expect(problemsOf(twice).filter((found) => found.includes("duplicate"))).toEqual([
      "e graph.duplicate-exit-id settings.exits[1].id paid",
      "e graph.duplicate-step-id done done",
      "e graph.duplicate-edge-id edges[1].id e1",
    ]);
  });

  test("a rule called like something every object inherits is refused", () => {
    const rules = [{ ...LATE, id: "valueOf" }];
    const edges = [
      ["start", "enter", "who"],
      ["who", "valueOf", "done"],
      ["who", "otherwise", "done"],
      ["who", "unknown", "done"],
    ] as const;
    expect(lint({ nodes: [startStep(), step("who", "branch", { rules }), exitStep("done")], edges })).toEqual([
      "e graph.reserved-handle who valueOf",
    ]);
  });
});

describe("where accounts can get to", () => {
  test("a step no line leads to is a warning", () => {
    expect(lint({ nodes: [startStep(), exitStep("done"), exitStep("island")] })).toEqual([
      "w graph.unreachable-step island",
    ]);
  });

  test("a loop that never waits is an error with the way round, once", () => {
    const nodes = [
      startStep(),
      step("a", "branch", { rules: [LATE] }),
      step("b", "branch", { rules: [LATE] }),
      step("c", "sms", SMS_ON),
      exitStep("done"),
    ];
    const edges = [
      ["start", "enter", "a"],
      ["a", "late", "b"],
      ["a", "otherwise", "done"],
      ["a", "unknown", "done"],
      ["b", "late", "c"],
      ["b", "otherwise", "done"],
      ["b", "unknown", "done"],
      ["c", "sent", "a"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.instant-loop a a → b → c → a"]);
  });

  test("a step that leads to itself at once is a loop too", () => {
    const nodes = [startStep(), step("a", "branch", { rules: [LATE] }), exitStep("done")];
    const edges = [
      ["start", "enter", "a"],
      ["a", "late", "a"],
      ["a", "otherwise", "done"],
      ["a", "unknown", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.instant-loop a a → a"]);
  });

  test("an instant loop is found even where nothing leads to it", () => {
    const nodes = [startStep(), exitStep("done"), step("a", "sms", SMS_ON), step("b", "sms", SMS_ON)];
    const edges = [
      ["start", "enter", "done"],
      ["a", "sent", "b"],
      ["b", "sent", "a"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual([
      "e graph.instant-loop a a → b → a",
      "w graph.unreachable-step a",
      "w graph.unreachable-step b",
    ]);
  });

  test("a loop through a way on that is taken on the spot does not wait, though its step does otherwise", () => {
    const data = {
      queue: "agencies",
      priority: 5,
      hand: "1",
      agency: "",
      eligibleWhen: LATE.when,
      commissionShare: 0.2,
      dueHours: 48,
      termDays: 90,
      returnDays: 3,
      recallRules: [{ id: "cured", when: { fact: "dpd", operator: "equal", value: 0 } }],
      lookEveryHours: 24,
    };
    const nodes = [startStep(), step("out", "placement", data), exitStep("done")];
    const wired = (again: string) =>
      lint({
        nodes,
        edges: [
          ["start", "enter", "out"],
          ...["returned", "recalled", "refused", "not-eligible", "expired", "blocked", "unknown"].map(
            (handle) => ["out", handle, handle === again ? "out" : "done"] as const,
          ),
        ],
      });
    const instant = "e graph.instant-loop out out → out";
    expect(wired("returned")).not.toContain(instant);
    expect(wired("not-eligible")).toEqual([instant]);
  });

  test("a loop of nothing but contacts is a warning: a blocked contact would start over within seconds", () => {
    const nodes = [startStep(), step("text", "sms", SMS), REPEAT, exitStep("done")];
    const edges = [
      ["start", "enter", "text"],
      ...fullyWired("text", "done").slice(0, 3),
      ["text", "blocked", "rounds"],
      ["rounds", "again", "text"],
      ["rounds", "done", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["w graph.prompt-loop text text → rounds → text"]);
  });

  test("a loop nobody counts is an error, once, with or without a way out", () => {
    const nodes = [startStep(), step("a", "wait", DAY), step("b", "wait", DAY), exitStep("done")];
    const edges = [
      ["start", "enter", "a"],
      ["a", "elapsed", "b"],
      ["b", "elapsed", "a"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.unbounded-loop a a → b → a", "w graph.unreachable-step done"]);
    const contact = [startStep(), step("text", "sms", SMS), exitStep("done")];
    const blocked = [["start", "enter", "text"], ...fullyWired("text", "done").slice(0, 3)] as const;
    expect(lint({ nodes: contact, edges: [...blocked, ["text", "blocked", "text"]] })).toEqual([
      "e graph.unbounded-loop text text → text",
    ]);
  });

  test("a counted loop may contain no uncounted one", () => {
    const nodes = [
      startStep(),
      step("a", "wait", DAY),
      step("who", "branch", { rules: [LATE] }),
      REPEAT,
      exitStep("done"),
    ];
    const edges = [
      ["start", "enter", "a"],
      ["a", "elapsed", "who"],
      ["who", "late", "a"],
      ["who", "otherwise", "rounds"],
      ["who", "unknown", "done"],
      ["rounds", "again", "a"],
      ["rounds", "done", "done"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual(["e graph.unbounded-loop a a → who → a"]);
  });

  test("a counted loop without a way to an exit is a loop nobody counts", () => {
    const nodes = [startStep(), step("a", "wait", DAY), REPEAT, exitStep("done")];
    const edges = [
      ["start", "enter", "a"],
      ["a", "elapsed", "rounds"],
      ["rounds", "again", "a"],
      ["rounds", "done", "a"],
    ] as const;
    expect(lint({ nodes, edges })).toEqual([
      "e graph.unbounded-loop a a → rounds → a",
      "w graph.unreachable-step done",
    ]);
  });

  test("a missing line is reported as such and not as a missing way out", () => {
    const nodes = [startStep(), step("a", "wait", DAY), exitStep("done")];
    expect(lint({ nodes, edges: [["start", "enter", "a"]] })).toEqual([
      "e graph.dangling-handle a elapsed",
      "w graph.unreachable-step done",
    ]);
  });

  test("a strategy needs an exit, an entry, and only one of it", () => {
    const wait = step("a", "wait", DAY);
    expect(
      lint({
        nodes: [startStep(), wait],
        edges: [
          ["start", "enter", "a"],
          ["a", "elapsed", "a"],
        ],
      }),
    ).toEqual(["e graph.no-exit nodes", "e graph.unbounded-loop a a → a"]);
    expect(lint({ entry: { node: "begin" } })).toEqual([
      "e graph.entry-missing entry.node begin",
      "e graph.second-entry start",
    ]);
    expect(lint({ entry: { node: "done" } })).toContain("e graph.entry-wrong done done");
    const second = { ...(startStep() as object), id: "again" };
    expect(
      lint({
        nodes: [startStep(), exitStep("done"), second],
        edges: [
          ["start", "enter", "done"],
          ["again", "enter", "done"],
        ],
      }),
    ).toEqual(["e graph.second-entry again", "w graph.unreachable-step again"]);
  });

  test("nothing leads back into the entry", () => {
    const nodes = [startStep(), step("a", "wait", DAY), exitStep("done")];
    const edges = [
      ["start", "enter", "a"],
      ["a", "elapsed", "start"],
    ] as const;
    expect(lint({ nodes, edges })).toContain("e graph.edge-into-entry start");
  });
});

describe("settings", () => {
  test.each([
    ["Mars/Olympus", ["e graph.zone-unknown settings.timeZone"]],
    ["", ["e graph.zone-unknown settings.timeZone"]],
    ["+08:00", ["e graph.zone-unknown settings.timeZone"]],
    ["Asia/Taipei", []],
  ])("zone %s", (timeZone, expected) => {
    expect(lint({ settings: { timeZone } })).toEqual(expected);
  });

  test("rule pack and market must be those of the market's pack", () => {
    expect(lint({ settings: { rulePack: "toString", market: "us" } })).toEqual([
      "e graph.market-mismatch settings.market",
      "e graph.rule-pack-unknown settings.rulePack",
    ]);
  });

  test("without an exit for those who paid there is a warning; engine reasons are not the author's", () => {
    expect(lint({ settings: { exits: [] } })).toEqual(["w graph.no-cured-exit settings.exits"]);
    const when = { fact: "dpd", operator: "equal", value: 0 };
    expect(lint({ settings: { exits: [{ id: "x", reason: "horizon", when }] } })).toEqual([
      "e graph.exit-reason-reserved settings.exits[0].reason",
      "w graph.no-cured-exit settings.exits",
    ]);
  });

  test("the conditions of strategy-wide exits are checked as well", () => {
    const exits = [{ id: "paid", reason: "cured", when: { fact: "mood", operator: "equal", value: 1 } }];
    expect(lint({ settings: { exits } })).toEqual(["e condition.fact-unknown settings.exits[0].when.fact"]);
  });

  test("a frame may not name steps that are gone", () => {
    const frames = [{ id: "f", title: { en: "Early" }, nodes: ["start", "gone"] }];
    expect(lint({ frames })).toEqual(["w graph.frame-step-unknown frames[0].nodes gone"]);
  });
});
