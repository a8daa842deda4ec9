import { perChannel } from "#engine/model/content";
import { NO_CONTACTS, type NodeCounts, type SimulationResult } from "#engine/simulate/result";

/** A result as an older release wrote it: what it did not count yet is missing. */
type StoredResult = Omit<SimulationResult, "perDay" | "moves" | "groups" | "nodes" | "assumptions"> &
  Partial<Pick<SimulationResult, "perDay" | "moves" | "groups">> & {
    readonly nodes: { readonly [nodeId: string]: Omit<NodeCounts, "putOff" | "notDone"> & Partial<NodeCounts> };
    readonly assumptions: SimulationResult["assumptions"] | string;
  };

/** Results are written by this house and never changed, so the store's JSON is one; of what is younger than it, it has nothing. */
export function storedResult(stored: unknown): SimulationResult {
  const result = stored as StoredResult;
  const { contacts, nodes, assumptions, perDay = [], moves = {}, groups = {} } = result;
  return {
    ...result,
    perDay,
    moves,
    groups,
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, own]) => [id, { putOff: 0, notDone: 0, ...own }])),
    assumptions:
      typeof assumptions === "string"
        ? { key: "base", version: assumptions, label: "assumption", hash: "" }
        : assumptions,
    contacts: perChannel((channel) => (Object.hasOwn(contacts, channel) ? contacts[channel] : NO_CONTACTS)),
  };
}
