import type { Agency } from "#engine/model/agency";
import type { ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import type { AgencyStanding } from "#engine/model/policy";
import { err, ok, type Result } from "#engine/model/result";
import type { Agencies } from "#engine/ports/agencies";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";

type Nullable<TValue> = { readonly [key in keyof TValue]-?: Exclude<TValue[key], undefined> | null };
type Row = Pick<Agency, "code" | "name"> & { readonly standing: Nullable<AgencyStanding> };

/** Every agency, by name. What nobody knows of one is missing from its standing. */
export async function listAgencies(connection: Connection): Promise<readonly Agency[]> {
  const rows = await connection<Row[]>`
    select code, name, jsonb_build_object('licensed', licensed, 'whitelisted', whitelisted, 'violation', violation,
      'contractUntil', contract_until, 'evaluatedOn', evaluated_on, 'trainedOn', trained_on) as standing
    from agency order by name, code`;
  return rows.map(({ standing, ...agency }) => ({ ...agency, standing: knownOf(standing) }));
}

function knownOf(standing: Row["standing"]): AgencyStanding {
  return Object.fromEntries(Object.entries(standing).filter(([, value]) => value !== null));
}

/** The agencies in Postgres. */
export function agencyRegister(database: Database): Agencies {
  return { all: () => listAgencies(database.sql) };
}

/**
 * Writes what is known of an agency, with its audit row in the same commit; a new code is a new agency. Issue:
 * `agency.name-taken` where another agency bears the name.
 */
export async function saveAgency(
  database: Database,
  { code, name, standing }: Agency,
  actorId: ActorId,
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    const taken = await connection`select 1 from agency where code <> ${code} and (name = ${name} or code = ${name})`;
    if (taken.length > 0) return err([issue("agency.name-taken", { path: "name" })]);
    const { licensed = null, whitelisted = null, violation = null } = standing;
    const { contractUntil = null, evaluatedOn = null, trainedOn = null } = standing;
    await connection`
      insert into agency (code, name, licensed, whitelisted, violation, contract_until, evaluated_on, trained_on, updated_at,
        updated_by)
      values (${code}, ${name}, ${licensed}, ${whitelisted}, ${violation}, ${contractUntil}, ${evaluatedOn}, ${trainedOn},
        clock_timestamp(), ${actorId})
      on conflict (code) do update set name = excluded.name, licensed = excluded.licensed, whitelisted = excluded.whitelisted,
        violation = excluded.violation, contract_until = excluded.contract_until, evaluated_on = excluded.evaluated_on,
        trained_on = excluded.trained_on, updated_at = excluded.updated_at, updated_by = excluded.updated_by`;
    await insertAudit(connection, { actorId, action: "agency.saved", subject: code, detail: { ...standing } });
    return ok(null);
  });
}
