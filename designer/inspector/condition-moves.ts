import { asGroup, type ConditionView, depthOf, editAt, type ViewPath } from "./condition-model";

type GroupView = ReturnType<typeof asGroup>;

/** Where a question goes: before or behind another, or into one group with it. */
export type Zone = "before" | "behind" | "together";
/** Keys that move a question: along its group and out of its ends, into the group beside it, out of its group. */
export type Step = "up" | "down" | "in" | "out";
export type Moved = { readonly root: GroupView; readonly path: ViewPath };

function at(view: ConditionView, path: ViewPath): ConditionView | null {
  const [index, ...rest] = path;
  if (index === undefined) return view;
  const item = view.kind === "group" ? view.items[index] : undefined;
  return item === undefined ? null : at(item, rest);
}

function pathOf(view: ConditionView, wanted: ConditionView): ViewPath | null {
  if (view === wanted) return [];
  if (view.kind === "leaf") return null;
  for (const [index, item] of view.items.entries()) {
    const found = pathOf(item, wanted);
    if (found !== null) return [index, ...found];
  }
  return null;
}

function isInside(path: ViewPath, around: ViewPath): boolean {
  return around.every((index, depth) => path[depth] === index);
}

function withItems(view: ConditionView, change: (items: readonly ConditionView[]) => readonly ConditionView[]) {
  const group = asGroup(view);
  return { ...group, items: change(group.items) };
}

/**
 * The tree with what stands at `from` put before, behind or together with what stands at `target`. Together with a group is at
 * its end; together with a question makes a group of both, joined the other way than the group around them, since another of the
 * same would say nothing new. Null = nothing would change, it would lie in itself, or lie deeper than `depthMax`.
 */
export function moveTo(
  root: GroupView,
  { from, target, zone }: { readonly from: ViewPath; readonly target: ViewPath; readonly zone: Zone },
  depthMax: number,
): Moved | null {
  const item = at(root, from);
  const aim = at(root, target);
  if (item === null || aim === null || from.length === 0 || isInside(target, from)) return null;
  if (target.length === 0 && zone !== "together") return null;
  // A mark keeps the place while the item is put in elsewhere, so that no index shifts meanwhile.
  const mark: ConditionView = { kind: "group", denied: false, join: "all", items: [] };
  const marked = editAt(root, from, () => mark) ?? root;
  const placed = zone === "together" ? joined(marked, target, item) : beside(marked, target, { item, zone });
  const hole = placed === null ? null : pathOf(placed, mark);
  if (placed === null || hole === null) return null;
  const next = asGroup(editAt(placed, hole, () => null) ?? placed);
  const path = pathOf(next, item);
  const deeper = depthOf(next) > Math.max(depthMax, depthOf(root));
  return path === null || deeper || JSON.stringify(next) === JSON.stringify(root) ? null : { root: next, path };
}

function joined(root: ConditionView, target: ViewPath, item: ConditionView): ConditionView | null {
  const around = asGroup(at(root, target.slice(0, -1)) ?? root);
  const join = around.join === "all" ? "any" : "all";
  return editAt(root, target, (found) =>
    found.kind === "group"
      ? withItems(found, (items) => [...items, item])
      : { kind: "group", denied: false, join, items: [found, item] },
  );
}

type Beside = { readonly item: ConditionView; readonly zone: Zone };

function beside(root: ConditionView, target: ViewPath, { item, zone }: Beside): ConditionView | null {
  const index = (target.at(-1) ?? 0) + (zone === "behind" ? 1 : 0);
  return editAt(root, target.slice(0, -1), (found) => withItems(found, (items) => items.toSpliced(index, 0, item)));
}

/** One step of a question by keyboard; null where there is none to take. */
export function moveBy(
  root: GroupView,
  from: ViewPath,
  { step, depthMax }: { readonly step: Step; readonly depthMax: number },
) {
  const index = from.at(-1);
  if (index === undefined) return null;
  const around = from.slice(0, -1);
  const sibling = (by: number): ViewPath | null =>
    at(root, [...around, index + by]) === null ? null : [...around, index + by];
  const go = (target: ViewPath | null, zone: Zone): Moved | null =>
    target === null ? null : moveTo(root, { from, target, zone }, depthMax);
  const leave = (zone: Zone): Moved | null => (around.length === 0 ? null : go(around, zone));
  switch (step) {
    case "up":
      return index > 0 ? go(sibling(-1), "before") : leave("before");
    case "down":
      return go(sibling(1), "behind") ?? leave("behind");
    case "in":
      return go(index > 0 ? sibling(-1) : sibling(1), "together");
    case "out":
      return leave("behind");
    default:
      throw step satisfies never;
  }
}
