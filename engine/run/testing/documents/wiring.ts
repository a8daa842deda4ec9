import { InvariantError } from "../../../model/invariant";
import type { JsonValue } from "../../../model/json";
import type { AnyNodeDefinition, Handle } from "../../../nodes/define";
import { nodeDefinitions } from "../../../nodes/index";
import type { StepDraft } from "./step";

/** A step of the document, as it stands in a file. */
export type DrawnNode = {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: { readonly [member: string]: JsonValue };
};
export type DrawnEdge = {
  readonly id: string;
  readonly from: { readonly node: string; readonly handle: string };
  readonly to: string;
};
export type Drawing = {
  readonly entry: { readonly node: string };
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
};

export type Placed = { readonly id: string; readonly draft: StepDraft };

/** A step that holds up whoever comes by, whatever the world answers: what leads back on the spot goes through it. */
function pause(): StepDraft {
  const definition = nodeDefinitions.find(({ simulate, initial }) => {
    const [only, ...others] = simulate(initial());
    return only?.event === "timer.fired" && others.length === 0;
  });
  if (definition === undefined) throw new InvariantError("nodes.no-wait", {});
  const data: { readonly [member: string]: JsonValue } = JSON.parse(JSON.stringify(definition.initial()));
  return { definition, version: definition.version, data };
}
const PAUSE = pause();

const parsed = ({ definition, version, data }: StepDraft) => ({
  handles: definition.handles(data),
  instant: definition.simulate(data).length === 0 && version > 0,
});

/** Lines along which accounts go on the spot. */
class OnTheSpot {
  readonly #lines = new Map<string, Set<string>>();

  add(from: string, to: string): void {
    const known = this.#lines.get(from) ?? new Set();
    this.#lines.set(from, known.add(to));
  }

  reaches(from: string, to: string): boolean {
    const seen = new Set([from]);
    for (const id of seen) {
      if (id === to) return true;
      for (const next of this.#lines.get(id) ?? []) seen.add(next);
    }
    return false;
  }
}

/**
 * Draws the lines: every way on leads forward to a step or an exit further down, ways that repeat lead back to any step above, by
 * themselves or, where an account would run round without waiting, through a pause. `seeds` says which.
 */
export function wired(steps: readonly Placed[], exits: readonly Placed[], seeds: readonly number[]): Drawing {
  const nodes: DrawnNode[] = [];
  const edges: DrawnEdge[] = [];
  const onTheSpot = new OnTheSpot();
  let drawn = 0;
  const seed = (): number => {
    drawn += 1;
    return seeds[drawn % seeds.length] ?? 0;
  };
  const put = ({ id, draft: { definition, version, data } }: Placed): void => {
    nodes.push({ id, type: definition.type, version, data });
  };
  const draw = (from: string, handle: string, to: string): void => {
    edges.push({ id: `e-${from}-${handle}`, from: { node: from, handle }, to });
  };
  const ahead = [...steps, ...exits].map(({ id }) => id);
  const backwards: { readonly from: number; readonly handle: Handle }[] = [];
  steps.forEach((step, index) => {
    put(step);
    const { handles, instant } = parsed(step.draft);
    const below = ahead.slice(index + 1);
    for (const handle of handles) {
      if (handle.repeats === true) {
        backwards.push({ from: index, handle });
        continue;
      }
      // Mostly the next step, so that accounts get far.
      const jump = index === 0 ? 0 : seed();
      const to = below[jump % 4 === 1 ? seed() % below.length : 0] ?? "";
      draw(step.id, handle.id, to);
      if (instant || handle.instant === true) onTheSpot.add(step.id, to);
    }
  });
  for (const { from, handle } of backwards) {
    const source = steps[from]?.id ?? "";
    const above = steps.slice(0, from + 1).filter(({ draft }) => draft.definition.group !== "entry");
    const target = above[seed() % above.length]?.id ?? "";
    if (!onTheSpot.reaches(target, source)) {
      draw(source, handle.id, target);
      onTheSpot.add(source, target);
      continue;
    }
    const pauseId = `${source}-pause`;
    put({ id: pauseId, draft: PAUSE });
    draw(source, handle.id, pauseId);
    for (const { id } of parsed(PAUSE).handles) draw(pauseId, id, target);
  }
  for (const exit of exits) put(exit);
  return { entry: { node: steps[0]?.id ?? "" }, nodes, edges };
}

/** Step types by where they may stand. */
export const ENTRIES: readonly AnyNodeDefinition[] = nodeDefinitions.filter(({ group }) => group === "entry");
export const EXITS: readonly AnyNodeDefinition[] = nodeDefinitions.filter(({ group }) => group === "exit");
export const BETWEEN: readonly AnyNodeDefinition[] = nodeDefinitions.filter(
  ({ group }) => group !== "entry" && group !== "exit",
);
