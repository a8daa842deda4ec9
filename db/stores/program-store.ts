import type { StrategyVersionId } from "#engine/model/ids";
import { PROGRAM_FORMATS, type Program } from "#engine/model/program";
import type { ProgramStore } from "#engine/ports/program-store";
import type { Database } from "../client";

/** Published versions in Postgres. */
export function programStore(database: Database): ProgramStore {
  return {
    async versionOf(versionId: StrategyVersionId) {
      const [row] = await database.sql<{ strategy_id: string; program: Program }[]>`
        select strategy_id, program from strategy_version where id = ${versionId}`;
      if (row === undefined || !PROGRAM_FORMATS.includes(row.program.format)) return null;
      return { versionId, strategyId: row.strategy_id, program: row.program };
    },
  };
}
