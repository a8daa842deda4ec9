import { type Issue, issue } from "../model/issue";
import { canonicalHash } from "../model/json";
import type { MarketPack } from "../model/market-pack";
import type { EpochMs } from "../model/time";
import { EXCHANGE_LIMITS } from "./limits";
import { type KnownPlacement, placementName } from "./placement";
import type { ReturnCells, ReturnFile } from "./read-return";
import { returnOf } from "./returns";
import type { ReturnChange } from "./returns/define";

/** What is known at the moment a return is judged. */
export type ReturnContext = {
  readonly nowMs: EpochMs;
  readonly market: MarketPack["market"];
  /** Rules a consent may name. */
  readonly rules: ReadonlySet<string>;
  /** Placements the return speaks of, by `placementName`. */
  readonly placements: ReadonlyMap<string, KnownPlacement>;
  /** Lines of this agency and kind that were applied before: their refs, and a hash of what they said. */
  readonly told: ReadonlyMap<string, string>;
};

/** A line that is to be applied. */
export type GoodLine = {
  readonly line: number;
  readonly ref: string;
  readonly hash: string;
  readonly change: ReturnChange;
};
export type JudgedReturn = {
  readonly good: readonly GoodLine[];
  /** Lines that were applied before, or stand in the file twice. */
  readonly repeated: number;
  /** Lines that are not applied. */
  readonly rejected: number;
  /** Why lines are rejected (errors), then remarks on lines that are applied (warnings), with their place; each sort bounded. */
  readonly issues: readonly Issue[];
};

/**
 * Decides line by line what a return changes; touches nothing. A line that was told before under its ref is passed over, one that
 * says something else under a ref that is taken is rejected: who is right cannot be known here. Asked again with what it changed,
 * a return changes nothing.
 */
export function judgeReturn({ manifest, lines }: ReturnFile, context: ReturnContext): JudgedReturn {
  const told = new Map(context.told);
  const ended = new Set<string>();
  const good: GoodLine[] = [];
  const errors: Issue[] = [];
  const remarks: Issue[] = [];
  let repeated = 0;
  let rejected = 0;
  for (const one of lines) {
    const verdict = judgeLine(one, { manifest, context, told, ended });
    if (verdict === "repeated") repeated += 1;
    else {
      const { change, hash } = verdict;
      if (change === null) rejected += 1;
      else {
        const { ref = "" } = one.cells;
        told.set(ref, hash);
        if (change.kind === "ending") ended.add(placementName(change.placement.batch, change.placement.line));
        good.push({ line: one.line, ref, hash, change });
      }
      // Many remarks must not hide the one line that keeps the file back.
      const kept = change === null ? errors : remarks;
      if (kept.length < EXCHANGE_LIMITS.issues) {
        kept.push(...verdict.issues.map((found) => ({ ...found, line: one.line })));
      }
    }
  }
  return { good, repeated, rejected, issues: [...errors, ...remarks] };
}

type Bench = {
  readonly manifest: ReturnFile["manifest"];
  readonly context: ReturnContext;
  readonly told: ReadonlyMap<string, string>;
  /** Placements an earlier line of the file has ended. */
  readonly ended: ReadonlySet<string>;
};

function judgeLine({ cells }: ReturnCells, { manifest, context, told, ended }: Bench) {
  const { ref = "", placement_batch: batch = "", placement_line: line = "" } = cells;
  const hash = hashOf(cells);
  const reject = (code: string, path: string) => ({ change: null, hash, issues: [issue(code, { path })] });
  const before = told.get(ref);
  if (before === hash) return "repeated";
  if (before !== undefined) return reject("agency.ref-taken", "ref");
  const name = `${batch}:${line}`;
  const placement = context.placements.get(name);
  if (placement === undefined || placement.agency !== manifest.agency) {
    return reject("agency.placement-unknown", "placement_line");
  }
  const known = ended.has(name) ? { ...placement, endedAtMs: placement.endedAtMs ?? context.nowMs } : placement;
  const { nowMs, market, rules } = context;
  return { hash, ...returnOf(manifest.kind).judge(cells, { placement: known, nowMs, market, rules }) };
}

/** Of what a line says, whatever order its columns stand in; a column that is empty says as much as one that is missing. */
function hashOf(cells: ReturnCells["cells"]): string {
  return canonicalHash(Object.fromEntries(Object.entries(cells).filter(([, text]) => text !== "")));
}

/** Placements a return speaks of, without repeats: what must be known to judge it. */
export function placementsNamed({ lines }: ReturnFile): readonly { readonly batch: string; readonly line: number }[] {
  const named = new Map<string, { readonly batch: string; readonly line: number }>();
  for (const { cells } of lines) {
    const { placement_batch: batch = "", placement_line: text = "" } = cells;
    const line = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
    if (line !== null) named.set(placementName(batch, line), { batch, line });
  }
  return [...named.values()];
}
