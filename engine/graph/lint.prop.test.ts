import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StrategyDoc } from "../model/strategy";
import { lintStrategy } from "./lint";
import { drawn, exitStep, samplePack, startStep, step, strategy } from "./testing/sample";

const SMS = { contentId: "sms.reminder", waitForDelivery: true };
const SMS_ON = { contentId: "sms.reminder", waitForDelivery: false };
const DAY = { mode: "duration", durationMinutes: 1440 };
const LATE = { id: "late", when: { fact: "dpd", operator: "greaterThan", value: 10 } };

describe("any drawing", () => {
  const ids = ["start", "a", "b", "c", "d", "done"];
  const handles = ["enter", "sent", "elapsed", "late", "otherwise", "unknown", "nowhere"];
  const types = fc.constantFrom<readonly [string, { readonly [name: string]: unknown }]>(
    ["sms", SMS_ON],
    ["sms", SMS],
    ["wait", DAY],
    ["branch", { rules: [LATE] }],
    ["fax", {}],
    ["exit", { reason: "completed" }],
  );
  const drawing = fc.record({
    steps: fc.array(fc.tuple(fc.constantFrom(...ids), types), { maxLength: 8 }),
    edges: fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...handles), fc.constantFrom(...ids)), {
      maxLength: 14,
    }),
  });

  function docOf({
    steps,
    edges,
  }: {
    steps: [string, readonly [string, { readonly [name: string]: unknown }]][];
    edges: [string, string, string][];
  }): StrategyDoc {
    return strategy({ nodes: [startStep(), ...steps.map(([id, [type, data]]) => step(id, type, data))], edges });
  }

  test("is linted without a crash, the same way every time, errors first and each with a place", () => {
    fc.assert(
      fc.property(drawing, (made) => {
        const doc = docOf(made);
        const issues = lintStrategy(doc, samplePack);
        expect(lintStrategy(structuredClone(doc), samplePack)).toEqual(issues);
        const severities = issues.map(({ severity }) => ["error", "warning", "info"].indexOf(severity));
        expect(severities).toEqual([...severities].sort((left, right) => left - right));
        for (const { path } of issues) expect(path).not.toBe("");
      }),
    );
  });

  test("without errors sends every account to a step that waits or to an exit within as many steps as there are", () => {
    const KINDS = [
      { type: "sms", data: SMS_ON, handles: ["sent"] },
      { type: "wait", data: DAY, handles: ["elapsed"] },
      { type: "branch", data: { rules: [LATE] }, handles: ["late", "otherwise", "unknown"] },
    ];
    const target = fc.constantFrom("a", "b", "c", "d", "done");
    const wiredStep = fc.record({ kind: fc.constantFrom(...KINDS), targets: fc.tuple(target, target, target) });
    let clean = 0;
    fc.assert(
      fc.property(fc.tuple(wiredStep, wiredStep, wiredStep, wiredStep), (made) => {
        const named = made.map(({ kind, targets }, index) => ({
          id: ["a", "b", "c", "d"][index] ?? "",
          kind,
          targets,
        }));
        const doc = strategy({
          nodes: [startStep(), ...named.map(({ id, kind }) => step(id, kind.type, kind.data)), exitStep("done")],
          edges: [
            ["start", "enter", "a"],
            ...named.flatMap(({ id, kind, targets }) =>
              kind.handles.map((handle, index) => [id, handle, targets[index] ?? "done"] as const),
            ),
          ],
        });
        if (lintStrategy(doc, samplePack).some(({ severity }) => severity === "error")) return;
        clean += 1;
        const walk = (id: string, steps: number): void => {
          expect(steps).toBeLessThanOrEqual(doc.nodes.length);
          if (doc.nodes.find((node) => node.id === id)?.type === "wait") return;
          for (const edge of doc.edges) if (edge.from.node === id) walk(edge.to, steps + 1);
        };
        walk("start", 0);
      }),
      { numRuns: 500 },
    );
    expect(clean).toBeGreaterThan(20);
  });
});

test("5,000 steps are linted in well under two seconds", () => {
  const count = 4_998;
  const nodes = [
    startStep(),
    ...Array.from({ length: count }, (_, index) => step(`n${index}`, "branch", { rules: [LATE] })),
    exitStep("done"),
  ];
  const edges = [
    ["start", "enter", "n0"] as const,
    ...Array.from({ length: count }, (_, index) => index).flatMap((index) => [
      [`n${index}`, "late", index + 1 < count ? `n${index + 1}` : "done"] as const,
      [`n${index}`, "otherwise", "done"] as const,
      [`n${index}`, "unknown", "done"] as const,
    ]),
  ];
  const doc = strategy({ nodes, edges });
  const startedMs = performance.now();
  expect(lintStrategy(doc, samplePack)).toEqual([]);
  expect(performance.now() - startedMs).toBeLessThan(2000);
  expect(drawn({ nodes }).nodes).toHaveLength(5000);
});
