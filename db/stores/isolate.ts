import type { Connection, Database } from "../client";
import { isConnectionLoss, TransactionLostError } from "../driver-guard";

/** SQLSTATE classes of errors that a row brings about: data exception, integrity violation, a limit of the program. */
const BROUGHT_BY_A_ROW = /^(22|23|54)/;

/** Whether doing the same again would fail the same way, because of one of the rows. A lost connection or a deadlock would not. */
export function isPoison(error: unknown): boolean {
  if (isConnectionLoss(error) || error instanceof TransactionLostError) return false;
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const isFromServer = typeof error === "object" && error !== null && "severity" in error;
  return isFromServer ? BROUGHT_BY_A_ROW.test(code) : !/^[A-Z_]+$/.test(code);
}

/** Code of an error for a dead letter: never its message, which may quote a row. */
export function poisonCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if ("severity" in error && "code" in error) return `db.${String(error.code)}`;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.name : "unknown";
}

export type Isolation<TItem> = {
  /** Works on some of them, whole or not at all. */
  readonly attempt: (items: readonly TItem[]) => Promise<number>;
  /** Sets one aside that fails by itself. */
  readonly setAside: (item: TItem, code: string) => Promise<void>;
};

/** Halves what failed until those that fail by themselves are found and set aside; all others get through. Returns their number. */
export async function isolate<TItem>(items: readonly TItem[], isolation: Isolation<TItem>): Promise<number> {
  if (items.length === 0) return 0;
  try {
    return await isolation.attempt(items);
  } catch (error) {
    if (!isPoison(error)) throw error;
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      await isolation.setAside(only, poisonCode(error));
      return 1;
    }
    const middle = Math.ceil(items.length / 2);
    return (await isolate(items.slice(0, middle), isolation)) + (await isolate(items.slice(middle), isolation));
  }
}

/** Faults an enrollment outside its turn and leaves word of it. `nowMs` is engine time. */
export async function faultEnrollment(
  { sql }: Pick<Database, "sql">,
  { id, code, nowMs }: { readonly id: string; readonly code: string; readonly nowMs: number },
): Promise<void> {
  await sql`
    with broken as (
      select party_id, id, wake_at from enrollment where id = ${id} and status in ('active', 'held') for no key update
    ), faulted as (
      update enrollment e set status = 'faulted', wake_at = null, fence = e.fence + 1,
        fault = jsonb_build_object('code', ${code}::text, 'path', jsonb_build_array(e.node_id))
      from broken b where e.party_id = b.party_id and e.id = b.id
    )
    ${deadLetters(
      sql,
      sql`select b.party_id, 'enrollment' as kind, b.id as subject, b.id as enrollment_id, ${code}::text as code,
      b.wake_at, to_timestamp(${nowMs} / 1000.0) as at from broken b`,
    )}`;
}

/** Opens dead letters, or opens them again; one failure more on each. `rows`: party_id, kind, subject, enrollment_id, code, wake_at, at. */
export function deadLetters(connection: Connection, rows: ReturnType<Connection>) {
  return connection`
    insert into dead_letter as l (party_id, kind, subject, enrollment_id, state, attempts, first_code, last_code, first_at,
      last_at, wake_at)
    select r.party_id, r.kind, r.subject, r.enrollment_id, 'open', 1, r.code, r.code, r.at, r.at, r.wake_at from (${rows}) r
    on conflict (party_id, kind, subject) do update set state = 'open', attempts = l.attempts + 1,
      last_code = excluded.last_code, last_at = excluded.last_at, wake_at = coalesce(excluded.wake_at, l.wake_at)`;
}
