import type { Database } from "#db";
import { decisionsOfEnrollment } from "#db/queries/decision";
import { versionById } from "#db/queries/strategy";
import { catalogueOfSettings } from "#engine/condition/catalogue";
import { type Explanation, explainDecision } from "#engine/explain/explain";
import type { EnrollmentId } from "#engine/model/ids";
import { packOf } from "../compose-packs";
import { AppError } from "../errors";

/** Why one account's strategy did what it did, and the number of the published version it did it by. */
export type DecisionExplanation = Explanation & { readonly versionNumber: number };

/**
 * Explains a recorded decision by running the reference executor over what was recorded with it. Refuses with
 * `decision.not-found`.
 */
export async function explainRecorded(
  database: Database,
  asked: { readonly enrollmentId: EnrollmentId; readonly ordinal: number },
): Promise<DecisionExplanation> {
  const record = await decisionsOfEnrollment(database.sql, asked.enrollmentId, asked.ordinal);
  const version = record === null ? null : await versionById(database.sql, record.versionId);
  const index = record?.decisions.findIndex(({ ordinal }) => ordinal === asked.ordinal) ?? -1;
  if (record === null || version === null || index === -1) throw new AppError("not-found", "decision.not-found");
  const { program } = version;
  const { partyId, startedAtMs, dataDate } = record;
  const decisions = record.decisions.map(({ stepSeq, nodeId, handle, code, detail, factsRead, atMs }) => ({
    stepSeq,
    nodeId,
    handle,
    code,
    detail,
    factsRead,
    atMs,
  }));
  const fields = catalogueOfSettings(packOf(program.settings.market).fields, withMembers(program.settings));
  const explanation = await explainDecision({ program, partyId, startedAtMs, decisions }, index, { fields, dataDate });
  if (explanation === null) throw new AppError("not-found", "decision.not-found");
  return { ...explanation, versionNumber: version.number };
}

type Settings = Parameters<typeof catalogueOfSettings>[1];

/** Programs of format 1 were stored before strategies had variables and fields of their own. */
function withMembers(settings: Settings): Settings {
  return { variables: settings.variables ?? [], fields: settings.fields ?? [] };
}
