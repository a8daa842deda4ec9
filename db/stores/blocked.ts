import type { Connection } from "../client";

/** Versions whose strategy is paused: nothing of theirs moves. A handful at most, so they are passed by value. */
export async function pausedVersions(connection: Connection): Promise<readonly string[]> {
  const rows = await connection<{ id: string }[]>`
    select v.id from strategy_version v join strategy s on s.id = v.strategy_id where s.paused`;
  return rows.map((row) => row.id);
}
