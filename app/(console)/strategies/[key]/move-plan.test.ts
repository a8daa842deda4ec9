import { describe, expect, it } from "vitest";
import { AUTHOR_EXIT_REASONS } from "#engine/model/exit-reason";
import type { StepMove } from "#engine/model/migration-plan";
import { type MoveGroup, moveOfOption, optionOf, planOf, sumOf } from "./move-plan";

const group = (nodeId: string, accounts: number, changes: Partial<MoveGroup> = {}): MoveGroup => ({
  nodeId,
  accounts,
  held: 0,
  contactOut: 0,
  promised: 0,
  leaves: "wait",
  proposed: { act: "move", to: nodeId },
  removed: false,
  changed: false,
  ...changes,
});

describe("a plan on screen", () => {
  it("keeps every choice through its list, inner steps included", () => {
    const moves: readonly StepMove[] = [
      { act: "stay" },
      { act: "move", to: "promise/wait" },
      ...AUTHOR_EXIT_REASONS.map((reason) => ({ act: "exit", reason }) as const),
    ];
    for (const move of moves) expect(moveOfOption(optionOf(move))).toEqual(move);
  });

  it("sums up what becomes of whom, and names every group in the plan", () => {
    const proposal = {
      groups: [group("a", 10, { held: 2, contactOut: 3 }), group("b", 5), group("c", 4, { proposed: { act: "stay" } })],
      targets: [],
    };
    const choices = { b: { act: "exit", reason: "escalated" } } as const;
    expect(sumOf(proposal, choices)).toEqual({ move: 10, stay: 4, exit: 5, waiting: 5 });
    expect(planOf(proposal, choices)).toEqual({
      steps: { a: { act: "move", to: "a" }, b: { act: "exit", reason: "escalated" }, c: { act: "stay" } },
    });
  });
});
