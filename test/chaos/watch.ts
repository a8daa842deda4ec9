import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "#db";

/** Between two looks, milliseconds. */
const LOOK_MS = 250;
/** Longest two looks may lie apart for the time between them to count: a database that is away answers nobody. */
const GAP_MAX_MS = 1000;

/** How long requests whose worker's lease had run out lay about until another worker took them, milliseconds each. */
export type Orphans = { readonly waitedMs: readonly number[] };

/**
 * Looks all the time for requests nobody holds any more. Pauses do not count: what is paused is meant to wait. Stop it to hear what
 * it saw; a request still lying there counts with what it has waited so far.
 */
export function watchOrphans({ sql }: Database): { stop(): Promise<Orphans> } {
  const lying = new Map<string, number>();
  const waitedMs: number[] = [];
  let over = false;
  let lookedAtMs: number | null = null;
  const look = async () => {
    const rows = await sql<{ request: string }[]>`
      select key || extract(epoch from lease_until) as request from intent
      where state = 'sending' and lease_until < clock_timestamp() and not exists (select 1 from stop where phase <> 'over')`;
    const nowMs = performance.now();
    const sinceMs = lookedAtMs === null ? 0 : nowMs - lookedAtMs;
    lookedAtMs = nowMs;
    const found = new Set(rows.map(({ request }) => request));
    for (const [request, waited] of lying) {
      if (found.has(request)) continue;
      waitedMs.push(waited);
      lying.delete(request);
    }
    const counted = sinceMs > GAP_MAX_MS ? 0 : sinceMs;
    for (const request of found) lying.set(request, (lying.get(request) ?? 0) + counted);
  };
  const running = (async () => {
    while (!over) {
      await look().catch(() => undefined);
      await delay(LOOK_MS);
    }
  })();
  return {
    stop: async () => {
      over = true;
      await running;
      return { waitedMs: [...waitedMs, ...lying.values()] };
    },
  };
}
