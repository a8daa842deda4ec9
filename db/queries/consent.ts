import { channelOf } from "#engine/channels/index";
import type { Channel } from "#engine/model/content";
import type { ActorId, ContactPointId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import type { ContactPoint, ContactPointKind } from "#engine/model/party";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";
import { readClock } from "./clock";

type Fragment = ReturnType<Connection>;
type Standing = NonNullable<ContactPoint["consent"][Channel]>;

/** What a person said about being contacted on a channel at a contact point. */
export type SaidConsent = {
  readonly contactPointId: ContactPointId;
  readonly channel: Channel;
  readonly given: boolean;
  /** When they said it, whenever it is recorded. */
  readonly atMs: EpochMs;
  /** Recording, letter or message in which it can be heard or read. */
  readonly evidence: string;
  readonly actorId: ActorId;
};

/**
 * The latest word per contact point and channel, by the time it was said; of two at one time the refusal. `which` names the contact
 * points: a condition on `c`.
 */
export function latestConsents(connection: Connection, which: Fragment): Fragment {
  return connection`
    select distinct on (c.contact_point_id, c.channel) c.contact_point_id, c.channel, c.given from channel_consent c
    where ${which} order by c.contact_point_id, c.channel, c.at desc, c.given`;
}

/**
 * Writes down what somebody said, and what holds from now on: a later word of theirs wins, whichever was recorded first. A person
 * who opted out may agree again, and take that back again. Issues: `consent.unknown-point`, `consent.other-channel` (it cannot be
 * reached over the channel), `consent.future` (it has not been said yet).
 */
export async function recordConsent(
  database: Database,
  said: SaidConsent,
): Promise<Result<{ readonly holds: Standing }, readonly Issue[]>> {
  const { contactPointId, channel, given, atMs, evidence, actorId } = said;
  return inTransaction(database, async (connection) => {
    const { nowMs } = await readClock(connection);
    if (atMs > nowMs) return err([issue("consent.future")]);
    const [point] = await connection<{ kind: ContactPointKind }[]>`
      select kind from contact_point where id = ${contactPointId} for no key update`;
    if (point === undefined) return err([issue("consent.unknown-point")]);
    if (point.kind !== channelOf(channel).contactPoint) return err([issue("consent.other-channel", {}, { channel })]);
    await connection`
      insert into channel_consent (contact_point_id, channel, at, given, evidence, recorded_by)
      values (${contactPointId}, ${channel}, to_timestamp(${atMs} / 1000.0), ${given}, ${evidence}, ${actorId})
      on conflict do nothing`;
    const [row] = await connection<{ holds: Standing }[]>`
      with latest as (${latestConsents(connection, connection`c.contact_point_id = ${contactPointId} and c.channel = ${channel}`)})
      update contact_point p set consent = p.consent
        || jsonb_build_object(${channel}::text, case when l.given then 'granted' else 'refused' end)
      from latest l where p.id = l.contact_point_id returning p.consent ->> ${channel} as holds`;
    const holds = row?.holds ?? (given ? "granted" : "refused");
    const detail = { channel, atMs, evidence, holds, by: "hand" };
    const action = given ? "consent.given" : "consent.refused";
    await insertAudit(connection, { actorId, action, subject: contactPointId, detail });
    return ok({ holds });
  });
}
