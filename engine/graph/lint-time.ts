import { type Issue, issue } from "../model/issue";
import { DAY_MS } from "../model/time";
import { compiledStep } from "./compiled-step";
import { type LeastTimes, leastTimes } from "./least-time";
import { type LintView, perStep } from "./lint-view";

type Line = { readonly from: number; readonly to: number; readonly timeMs: number };

const NO_TIME: LeastTimes = new Map();

/** Steps that wait for nothing take no time. */
const timesOf = perStep((view, stepView): LeastTimes => {
  const compiled = stepView.answers.length === 0 ? null : compiledStep(view, stepView);
  return compiled === null ? NO_TIME : leastTimes(compiled);
});

function linesOf(view: LintView): readonly (readonly Line[])[] {
  const times = view.steps.map((stepView) => timesOf(view, stepView));
  const lines: Line[][] = view.steps.map(() => []);
  for (const edge of view.doc.edges) {
    const from = view.byId.get(edge.from.node)?.index;
    const to = view.byId.get(edge.to)?.index;
    if (from === undefined || to === undefined) continue;
    lines[from]?.push({ from, to, timeMs: times[from]?.get(edge.from.handle) ?? 0 });
  }
  return lines;
}

/** Least time from the entry to every step it leads to; steps are taken up again when a shorter way is found. */
function leastFrom(entry: number, lines: readonly (readonly Line[])[]): ReadonlyMap<number, number> {
  const leastMs = new Map([[entry, 0]]);
  let open: readonly number[] = [entry];
  while (open.length > 0) {
    const next = new Set<number>();
    for (const step of open) {
      for (const { to, timeMs } of lines[step] ?? []) {
        const atMs = (leastMs.get(step) ?? 0) + timeMs;
        if (atMs >= (leastMs.get(to) ?? Number.POSITIVE_INFINITY)) continue;
        leastMs.set(to, atMs);
        next.add(to);
      }
    }
    open = [...next];
  }
  return leastMs;
}

/**
 * Steps the strategy's horizon cuts off: even the fastest account would come there after it has left. Only the first step of
 * each such stretch is named, and none behind a wait that is too long all by itself: that wait says so.
 */
export function lintTime(view: LintView): readonly Issue[] {
  const entry = view.byId.get(view.doc.entry.node)?.index;
  if (entry === undefined) return [];
  const { horizonDays } = view.doc.settings;
  const horizonMs = horizonDays * DAY_MS;
  const lines = linesOf(view);
  const leastMs = leastFrom(entry, lines);
  const inTime = (step: number): boolean => (leastMs.get(step) ?? Number.POSITIVE_INFINITY) < horizonMs;
  const cut = new Set(
    lines.flat().flatMap(({ from, to, timeMs }) => (inTime(from) && !inTime(to) && timeMs < horizonMs ? [to] : [])),
  );
  return view.steps.flatMap(({ index, path, node }) => {
    if (!cut.has(index)) return [];
    const params = { days: Math.floor((leastMs.get(index) ?? 0) / DAY_MS), horizonDays };
    return [issue("graph.beyond-horizon", { path, nodeId: node.id, severity: "warning" }, params)];
  });
}
