import { ContactResultDataSchema } from "#engine/model/inbox-data";
import type { InboxEntry } from "#engine/ports/inbox";
import type { Connection } from "../client";
import { rowsParameter } from "./rows-parameter";

/**
 * Records what contacts came to whose result is about to be heard, so that the facts of the turn already count it: a strategy
 * that asks "conversations today" after a call means that call, too. The first result of a contact counts; a hold it brings is
 * written by the turn that hears it, or the turn could never be taken.
 */
export async function recordHeardResults(connection: Connection, entries: readonly InboxEntry[]): Promise<void> {
  const results = entries.flatMap(({ type, data }) => {
    const read = type === "contact.result" ? ContactResultDataSchema.safeParse(data) : null;
    if (read?.success !== true) return [];
    const { intentKey, outcome, connected, conversed, callBackAtMs = null } = read.data;
    return [{ intent_key: intentKey, outcome, connected, conversed, call_back_ms: callBackAtMs }];
  });
  if (results.length === 0) return;
  await connection`
    update contact_attempt a set outcome = o.outcome, connected = o.connected, conversed = o.conversed,
      call_back_at = to_timestamp(o.call_back_ms / 1000.0)
    from (
      select distinct on (r.intent_key) r.* from json_to_recordset(${rowsParameter(results)}::text::json) as r(
        intent_key text, outcome text, connected boolean, conversed boolean, call_back_ms float8)
    ) o
    where a.intent_key = o.intent_key and a.outcome is null`;
}
