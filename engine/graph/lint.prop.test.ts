import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StrategyDoc } from "../model/strategy";
import { lintStrategy } from "./lint";
import { exitStep, samplePack, startStep, step, strategy } from "./testing/sample";

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

/** A chain of branches, each of which may also end it: every step is looked at by every rule of lint. */
function chainOf(steps: number): StrategyDoc {
  const count = steps - 2;
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
  return strategy({ nodes, edges });
}

/** The document, and how often its steps and lines have been read: a count of work that no clock and no busy machine changes. */
function countingReads(doc: StrategyDoc) {
  let reads = 0;
  const counting = <TValue extends object>(value: TValue): TValue =>
    new Proxy(value, {
      get: (target, member, receiver) => {
        reads += 1;
        return Reflect.get(target, member, receiver);
      },
    });
  const counted = { ...doc, nodes: counting(doc.nodes.map(counting)), edges: counting(doc.edges.map(counting)) };
  return { counted, reads: () => reads };
}

function readsOf(doc: StrategyDoc): number {
  const { counted, reads } = countingReads(doc);
  expect(lintStrategy(counted, samplePack)).toEqual([]);
  return reads();
}

test("eight times the steps are read eight times as often, up to 5,000 of them", () => {
  const [few, many] = [chainOf(625), chainOf(5000)];
  expect(many.nodes).toHaveLength(5000);
  const reads = readsOf(few);
  expect(reads).toBeGreaterThan(10 * few.nodes.length);
  // What goes through every line for every step makes it 60 times.
  expect(readsOf(many) / reads).toBeLessThan(8.5);
});
