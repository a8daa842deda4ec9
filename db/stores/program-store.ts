import type { StrategyVersionId } from "#engine/model/ids";
import { PROGRAM_FORMATS, type Program } from "#engine/model/program";
import type { ProgramStore } from "#engine/ports/program-store";
import type { Database } from "../client";
import type { StoreOptions } from "./blocked";

/** Published versions in Postgres. */
export function programStore(database: Database, { formats = PROGRAM_FORMATS }: StoreOptions = {}): ProgramStore {
  return {
    async leftAlone() {
      const rows = await database.sql<{ id: StrategyVersionId }[]>`
        select v.id from strategy_version v where v.program_format <> all(${[...formats]}::int[])
          and exists (select 1 from enrollment e where e.version_id = v.id and e.status in ('active', 'held')) order by v.id`;
      return rows.map(({ id }) => id);
    },
    async versionOf(versionId: StrategyVersionId) {
      const [row] = await database.sql<{ strategy_id: string; program: Program }[]>`
        select strategy_id, program from strategy_version where id = ${versionId}`;
      if (row === undefined || !formats.includes(row.program.format)) return null;
      return { versionId, strategyId: row.strategy_id, program: row.program };
    },
  };
}
