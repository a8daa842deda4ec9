import type { StrategyChange, StrategyDoc } from "#engine";
import type { Bundle } from "../canvas/bundles";
import type { Marks } from "../canvas/spotlight";

export const SIDES = ["before", "after"] as const;
export type Side = (typeof SIDES)[number];
/** `reworded`: a name or a note, nothing the engine looks at. */
export type StepMark = "added" | "removed" | "changed" | "reworded";

const WEIGHT: { readonly [mark in StepMark]: number } = { reworded: 0, changed: 1, removed: 2, added: 3 };

/** What a change does to its step, as it is drawn. */
function markOf({ kind, path, logic }: StrategyChange): StepMark {
  if (path.length === 0 && (kind === "added" || kind === "removed")) return kind;
  return logic ? "changed" : "reworded";
}

/** Marks of the steps of one drawing: `within` is the strategy inside that is open, or null. */
export function stepMarks(changes: readonly StrategyChange[], within: string | null): ReadonlyMap<string, StepMark> {
  const found = new Map<string, StepMark>();
  for (const change of changes) {
    const { subject } = change;
    if (subject.kind !== "step" || subject.within !== within) continue;
    const mark = markOf(change);
    const known = found.get(subject.id);
    if (known === undefined || WEIGHT[mark] > WEIGHT[known]) found.set(subject.id, mark);
  }
  return found;
}

/** Ways on that lead elsewhere, as `<step>.<handle>`. */
function changedWays(changes: readonly StrategyChange[], within: string | null): ReadonlySet<string> {
  const ways = changes.flatMap(({ subject, path }) =>
    subject.kind === "step" && subject.within === within && path[0] === "ways" ? [`${subject.id}.${path[1]}`] : [],
  );
  return new Set(ways);
}

export type Drawn = {
  readonly doc: Pick<StrategyDoc, "nodes">;
  readonly bundles: readonly Bundle[];
  readonly within: string | null;
};

/** What one of two drawings shows of their difference. */
export function marksOf(changes: readonly StrategyChange[], side: Side, { doc, bundles, within }: Drawn): Marks {
  const marks = stepMarks(changes, within);
  const ways = changedWays(changes, within);
  const here = doc.nodes.flatMap(({ id }): [string, StepMark][] => {
    const mark = marks.get(id);
    return mark === undefined ? [] : [[id, mark]];
  });
  const gone = (id: string): boolean => marks.get(id) === (side === "before" ? "removed" : "added");
  const lines = bundles.filter(
    ({ source, target, members }) =>
      gone(source) || gone(target) || members.some(({ edge }) => ways.has(`${edge.from.node}.${edge.from.handle}`)),
  );
  const word = side === "before" ? "removed" : "added";
  return { steps: Object.fromEntries(here), lines: Object.fromEntries(lines.map(({ id }) => [id, word])) };
}

/** Changes by what they are about, in their order. */
export function bySubject(changes: readonly StrategyChange[]): readonly (readonly StrategyChange[])[] {
  const groups = new Map<string, StrategyChange[]>();
  for (const change of changes) {
    const { kind, id, within } = change.subject;
    const key = `${kind}:${within ?? ""}:${id}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()];
}
