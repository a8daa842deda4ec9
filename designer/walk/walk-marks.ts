import type { WalkFrame } from "#engine";
import { bundleId } from "../canvas/bundles";
import type { Marks } from "../canvas/spotlight";

/** The way that was taken lit, everything else left in the shade. Several ways on inside one drawn step are none on the chart. */
export function walkMarks(frames: readonly WalkFrame[], cursor: number, here: string | undefined): Marks {
  const visited = frames.slice(0, cursor).map(({ drawnStep }) => drawnStep);
  const path = here === undefined ? visited : [...visited, here];
  const steps = Object.fromEntries(path.map((id) => [id, id === here ? "here" : "taken"]));
  const lines = path.flatMap((id, index): [string, string][] => {
    const before = path[index - 1];
    return before === undefined || before === id ? [] : [[bundleId(before, id), "taken"]];
  });
  return { steps, lines: Object.fromEntries(lines) };
}

export type WayOfStep = { readonly step: string; readonly handle: string };

/** Ways on of the drawing that no test takes, by step. */
export function untestedByStep(untested: readonly WayOfStep[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { step, handle } of untested) found.set(step, [...(found.get(step) ?? []), handle]);
  return found;
}

/** What tests take and what nobody tests. A line that carries several ways on is tested when all of them are. */
export function coverageMarks(
  untested: readonly WayOfStep[],
  bundles: readonly { readonly id: string; readonly source: string; readonly handles: readonly string[] }[],
): Marks {
  const open = untestedByStep(untested);
  const lines = bundles.map(({ id, source, handles }): [string, string] => {
    const missing = open.get(source) ?? [];
    return [id, handles.some((handle) => missing.includes(handle)) ? "untested" : "covered"];
  });
  return {
    steps: Object.fromEntries([...open.keys()].map((id) => [id, "untested"])),
    lines: Object.fromEntries(lines),
  };
}
