import { randomUUID } from "node:crypto";
import type { Database } from "#db";
import { agencyRegister } from "#db/queries/agency";
import {
  type Allotment,
  allotPlacements,
  allotRecalls,
  batchWritten,
  unwrittenBatches,
} from "#db/queries/agency-batch";
import type { ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import type { AgencyOutbox } from "#engine/ports/agency-outbox";
import type { ChannelsConfig } from "#engine/providers/channels-config";
import { packOf } from "../compose-packs";
import { readHouse } from "../house";
import { LENDER_TIME_ZONE } from "../lender";
import { decidePlacements } from "./decide-placements";
import { outboxOf } from "./outbox";

/** The engine's own hand, where no person asked. */
const ENGINE_ACTOR: ActorId = "actor_engine";
/** Batches written at one go; those beyond are next. */
const WRITTEN_MAX = 100;

export type Exchange = { readonly outbox: AgencyOutbox; readonly actorId: ActorId };
export type Written = { readonly written: readonly string[]; readonly issues: readonly Issue[] };
export type Exported = Allotment & Written & { readonly recalled: number };

/** Gives out what waits, calls back what must come back, and lays all of it down in the outbox. May be asked again at any time. */
export async function exportToAgencies(database: Database, { outbox, actorId }: Exchange): Promise<Exported> {
  const agencies = await agencyRegister(database).all();
  const order = { actorId, newId: randomUUID };
  const setting = { agencies, house: readHouse(), packOf, timeZone: LENDER_TIME_ZONE };
  const allotted = await allotPlacements(database, order, (waiting, now) => decidePlacements(waiting, now, setting));
  const recalled = await allotRecalls(database, order);
  return { ...allotted, recalled, ...(await writeBatches(database, outbox)) };
}

/** The part that cannot wait for anybody to ask: what must come back is called back. */
export async function exportRecalls(
  database: Database,
  { outbox, actorId }: Exchange,
): Promise<Written & { readonly recalled: number }> {
  const recalled = await allotRecalls(database, { actorId, newId: randomUUID });
  return { recalled, ...(await writeBatches(database, outbox)) };
}

/** What a worker does of it by itself; null = no outbox is set up. Says by its code what stands in the way. */
export function callBackFor(
  database: Database,
  channels: Pick<ChannelsConfig, "agencies">,
  log: { warn(fields: object, message: string): void },
): (() => Promise<void>) | null {
  const outbox = outboxOf(channels);
  if (!outbox.ok) return null;
  return async () => {
    const { issues } = await exportRecalls(database, { outbox: outbox.value, actorId: ENGINE_ACTOR });
    for (const { code, params } of issues) log.warn({ code, ...params }, "agencies");
  };
}

/** Lays down every batch that is not known to lie in the outbox. One that lies there already with the same bytes is fine. */
async function writeBatches(database: Database, outbox: AgencyOutbox): Promise<Written> {
  const written: string[] = [];
  const issues: Issue[] = [];
  for (const batch of await unwrittenBatches(database.sql, WRITTEN_MAX)) {
    const result = await outbox.write(batch);
    if (result.kind === "differs") issues.push(issue("agency.batch-differs", {}, { batch: batch.batch }));
    else if (result.kind === "failed") issues.push(issue("agency.outbox-unusable", {}, { reason: result.reason }));
    else {
      await batchWritten(database.sql, batch.batch);
      written.push(batch.batch);
    }
  }
  return { written, issues };
}
