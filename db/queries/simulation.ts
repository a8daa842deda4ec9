import type { ActorId } from "#engine/model/ids";
import type { JsonValue } from "#engine/model/json";
import type { Currency } from "#engine/model/money";
import type { EpochMs, LocalDate } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";

/** What a simulation was run on: the same question asked again has the same answer. */
export type SimulationQuestion = {
  readonly programHash: string;
  readonly portfolioFingerprint: string;
  readonly fromDate: LocalDate;
  readonly days: number;
  readonly seed: number;
};

export type NewSimulation = SimulationQuestion & {
  readonly synthetic: boolean;
  readonly currency: Currency;
  readonly result: JsonValue;
  readonly actorId: ActorId;
};

export type SimulationRecord = Omit<NewSimulation, "actorId"> & { readonly id: string; readonly createdAtMs: EpochMs };

/** Most results one look-up gives. */
const RECORDS_MAX = 200;

/** Keeps a result, with its audit row in the same commit. */
export async function saveSimulation(database: Database, given: NewSimulation): Promise<string> {
  const id = `sim_${crypto.randomUUID()}`;
  await inTransaction(database, async (connection) => {
    await connection`
      insert into simulation_run (id, program_hash, portfolio_fingerprint, synthetic, currency, from_date, days, seed, result,
        actor_id, created_at)
      values (${id}, ${given.programHash}, ${given.portfolioFingerprint}, ${given.synthetic}, ${given.currency},
        ${given.fromDate}, ${given.days}, ${given.seed}, ${JSON.stringify(given.result)}::text::jsonb, ${given.actorId},
        clock_timestamp())`;
    const { programHash, fromDate, days, seed } = given;
    const detail = { programHash, fromDate, days, seed };
    await insertAudit(connection, { actorId: given.actorId, action: "simulation.run", subject: id, detail });
  });
  return id;
}

const columns = (connection: Connection) => connection`
  id, program_hash as "programHash", portfolio_fingerprint as "portfolioFingerprint", synthetic, currency,
  from_date::text as "fromDate", days, seed, result, (extract(epoch from created_at) * 1000)::float8 as "createdAtMs"`;

/** The answer to this very question, or null. */
export async function simulationFor(
  connection: Connection,
  { programHash, portfolioFingerprint, fromDate, days, seed }: SimulationQuestion,
): Promise<SimulationRecord | null> {
  const [found] = await connection<SimulationRecord[]>`
    select ${columns(connection)} from simulation_run
    where program_hash = ${programHash} and portfolio_fingerprint = ${portfolioFingerprint} and from_date = ${fromDate}
      and days = ${days} and seed = ${seed}
    order by created_at desc limit 1`;
  return found ?? null;
}

/** The newest result of each Program on each portfolio. */
export async function latestSimulations(
  connection: Connection,
  programHashes: readonly string[],
): Promise<readonly SimulationRecord[]> {
  return connection<SimulationRecord[]>`
    select distinct on (program_hash, synthetic, currency) ${columns(connection)} from simulation_run
    where program_hash = any(${[...programHashes]}::text[])
    order by program_hash, synthetic, currency, created_at desc limit ${RECORDS_MAX}`;
}
