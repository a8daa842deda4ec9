import type { Program } from "../../model/program";

/**
 * Ids of all steps in an order in which every way leads on to a later step, but for ways that close a loop: a forward way is then
 * a jump in the source. Steps that nothing leads to come last.
 */
export function stepOrder({ entry, steps }: Pick<Program, "entry" | "steps">): readonly string[] {
  const known = new Map(Object.entries(steps));
  const seen = new Set<string>();
  const left: string[] = [];
  // By hand and not by recursion: a chain may be as long as a Program.
  const path: { readonly id: string; readonly targets: Iterator<string> }[] = [];
  const enter = (id: string): void => {
    const step = known.get(id);
    if (step === undefined || seen.has(id)) return;
    seen.add(id);
    path.push({ id, targets: Object.values(step.handles)[Symbol.iterator]() });
  };
  enter(entry);
  for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
    const target = here.targets.next();
    if (target.done !== true) {
      enter(target.value);
      continue;
    }
    left.push(here.id);
    path.pop();
  }
  return [...left.reverse(), ...[...known.keys()].filter((id) => !seen.has(id))];
}
