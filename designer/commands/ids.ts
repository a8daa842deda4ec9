import type { StrategyDoc } from "#engine";

const ID_LENGTH_MAX = 64;

/** `<stem>-<n>`, one above the highest number in use, so that a freed id is not given to another step soon after. */
export function nextId(stem: string, taken: readonly string[]): string {
  const prefix = `${stem.replace(/[^A-Za-z0-9]+/g, "-").slice(0, ID_LENGTH_MAX - 8)}-`;
  let highest = 0;
  for (const id of taken) {
    if (!id.startsWith(prefix)) continue;
    const digits = id.slice(prefix.length);
    if (/^\d{1,6}$/.test(digits)) highest = Math.max(highest, Number(digits));
  }
  return `${prefix}${highest + 1}`;
}

export function nextNodeId(doc: StrategyDoc, type: string): string {
  return nextId(
    type,
    doc.nodes.map((node) => node.id),
  );
}

/** Edge ids say where they leave from; a second one of the same name gets a number. */
export function nextEdgeId(taken: readonly string[], from: { readonly node: string; readonly handle: string }): string {
  const wanted = `${from.node}-${from.handle}`.slice(0, ID_LENGTH_MAX);
  return taken.includes(wanted) ? nextId(wanted, taken) : wanted;
}
