import type { JsonValue } from "../../model/json";
import type { StrategyDoc, StrategyNode } from "../../model/strategy";
import { isMembers } from "../migrate";

/** Something that was written for an older build and is brought up to date by reading it. */
export type Migrated =
  | { readonly kind: "document"; readonly from: number; readonly to: number }
  /** Tests of format 1 had no meaning yet and are let go. */
  | { readonly kind: "tests-dropped"; readonly count: number }
  | {
      readonly kind: "step";
      readonly within: string | null;
      readonly nodeId: string;
      readonly type: string;
      readonly from: number;
      readonly to: number;
    };

/** What reading changed, from the document as it was written and as it was read. */
export function migratedIn(written: JsonValue, doc: StrategyDoc): readonly Migrated[] {
  if (!isMembers(written)) return [];
  const { schemaVersion, tests, nodes, strategies } = written;
  const found: Migrated[] = [];
  if (typeof schemaVersion === "number" && schemaVersion !== doc.schemaVersion) {
    found.push({ kind: "document", from: schemaVersion, to: doc.schemaVersion });
    const dropped = (Array.isArray(tests) ? tests.length : 0) - doc.tests.length;
    if (dropped > 0) found.push({ kind: "tests-dropped", count: dropped });
  }
  found.push(...stepsIn(nodes, { nodes: doc.nodes, within: null }));
  const inner: readonly JsonValue[] = Array.isArray(strategies) ? strategies : [];
  doc.strategies.forEach((strategy, index) => {
    const before = inner[index];
    if (before !== undefined && isMembers(before)) {
      found.push(...stepsIn(before.nodes, { nodes: strategy.nodes, within: strategy.key }));
    }
  });
  return found;
}

type Read = { readonly nodes: readonly StrategyNode[]; readonly within: string | null };

function stepsIn(written: JsonValue | undefined, { nodes, within }: Read): readonly Migrated[] {
  const before: readonly JsonValue[] = Array.isArray(written) ? written : [];
  return nodes.flatMap((node, index): readonly Migrated[] => {
    const old = before[index];
    const from = old !== undefined && isMembers(old) ? old.version : undefined;
    if (typeof from !== "number" || from === node.version) return [];
    return [{ kind: "step", within, nodeId: node.id, type: node.type, from, to: node.version }];
  });
}
