import type { Bundle } from "../bundles";

/**
 * How many layers down each step stands: right below the deepest of the steps that lead to it, so that every line leads down
 * and a step stands as close as it may below the one that first leads to it. Linear in steps and lines.
 */
export function layersOf(order: readonly string[], forward: readonly Bundle[]): ReadonlyMap<string, number> {
  const waysOut = new Map<string, Bundle[]>();
  const waitsFor = new Map(order.map((id) => [id, 0]));
  for (const bundle of forward) {
    const ways = waysOut.get(bundle.source);
    if (ways === undefined) waysOut.set(bundle.source, [bundle]);
    else ways.push(bundle);
    waitsFor.set(bundle.target, (waitsFor.get(bundle.target) ?? 0) + 1);
  }
  const layers = new Map<string, number>();
  const ready = order.filter((id) => waitsFor.get(id) === 0);
  for (const id of ready) layers.set(id, 0);
  // `ready` grows while it is walked; lines that lead back are left out, so that every step comes up once.
  for (const id of ready) {
    const below = (layers.get(id) ?? 0) + 1;
    for (const { target } of waysOut.get(id) ?? []) {
      layers.set(target, Math.max(layers.get(target) ?? 0, below));
      const left = (waitsFor.get(target) ?? 1) - 1;
      waitsFor.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  return layers;
}
