import type { AuthorExitReason } from "#engine/model/exit-reason";
import type { MigrationPlan, StepMove } from "#engine/model/migration-plan";
import type { RouterOutputs } from "../../../_ui/trpc-client";

export type MoveProposal = RouterOutputs["run"]["previewMove"];
export type MoveGroup = MoveProposal["groups"][number];
export type Choices = { readonly [nodeId: string]: StepMove };

/** A choice as one value of a list, and back. */
export function optionOf(move: StepMove): string {
  if (move.act === "move") return `move:${move.to}`;
  return move.act === "exit" ? `exit:${move.reason}` : "stay";
}

export function moveOfOption(option: string): StepMove {
  const at = option.indexOf(":");
  const [act, rest] = at === -1 ? [option, ""] : [option.slice(0, at), option.slice(at + 1)];
  if (act === "move") return { act, to: rest };
  // The options are made by `optionOf`, so what stands behind is a reason of the closed list.
  return act === "exit" ? { act, reason: rest as AuthorExitReason } : { act: "stay" };
}

export function chosenFor({ nodeId, proposed }: MoveGroup, choices: Choices): StepMove {
  return choices[nodeId] ?? proposed;
}

/** Every group as decided, so that the plan says what its author saw. */
export function planOf({ groups }: MoveProposal, choices: Choices): MigrationPlan {
  return { steps: Object.fromEntries(groups.map((group) => [group.nodeId, chosenFor(group, choices)])) };
}

/** Accounts by what becomes of them, and how many of those that move or leave have to wait first. */
export function sumOf({ groups }: MoveProposal, choices: Choices) {
  const sum = { move: 0, stay: 0, exit: 0, waiting: 0 };
  for (const group of groups) {
    const { act } = chosenFor(group, choices);
    sum[act] += group.accounts;
    if (act !== "stay") sum.waiting += Math.min(group.accounts, group.held + group.contactOut);
  }
  return sum;
}
