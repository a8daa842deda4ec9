import type { Sql, TransactionSql } from "postgres";

/**
 * postgres.js 3.4.9 lets statements of a transaction escape when its connection dies: `begin()` rejects, but its callback runs
 * on, and what it sends next lands outside any transaction, or inside somebody else's, and so does its late ROLLBACK
 * (porsager/postgres #1204, #1215, #1216). It also leaves some queries unsettled for good. This guard wraps a client so that
 * - a transaction whose connection is lost is dead at once: its handle throws, and neither COMMIT nor ROLLBACK is sent for it;
 * - a handle that outlives its callback throws;
 * - every query has a deadline on this side too.
 * It relies on `reject`, `resolve` and `handle` of the driver's Query, which the test with killed backends watches over.
 */
export type Plain = Record<string, never>;

/** The server did not answer within the deadline, or the driver lost the query. The process should end and be restarted. */
export class DatabaseDeadlineError extends Error {
  readonly code = "db.deadline";
  constructor(deadlineMs: number) {
    super(`no answer from the database within ${deadlineMs} ms`);
    this.name = "DatabaseDeadlineError";
  }
}

/** The connection died under a transaction: nothing of it is known to be written. Safe to try again when it is idempotent. */
export class TransactionLostError extends Error {
  readonly code = "db.transaction-lost";
  constructor(cause: unknown) {
    super("the connection of a transaction was lost", { cause });
    this.name = "TransactionLostError";
  }
}

type DriverQuery = {
  executed: boolean;
  resolve(value: unknown): unknown;
  reject(error: unknown): unknown;
  handle(): Promise<unknown>;
};

type Watch = {
  readonly deadlineMs: number;
  /** Refuses the query before it leaves; null = may leave. */
  readonly refusal: () => Error | null;
  readonly failed: (error: unknown) => void;
  /** Queries of the pool itself, not of a transaction, which has its connection already. */
  readonly pool?: PoolUse;
};

/** Queries and transactions of a pool that have begun and not ended: each has a connection, or waits for one. */
export type PoolUse = { asking: number };

function isQuery(value: unknown): value is DriverQuery {
  return value instanceof Promise && "executed" in value && "handle" in value;
}

/** Gives one query its deadline and reports its failure before anybody who awaits it can go on. */
function watchQuery(value: unknown, watch: Watch): unknown {
  if (!isQuery(value)) return value;
  const query = value;
  const { resolve, reject, handle } = query;
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  const ended = () => {
    clearTimeout(timer);
    if (isAsking && watch.pool !== undefined) watch.pool.asking -= 1;
    isAsking = false;
  };
  query.resolve = (result) => {
    ended();
    return resolve.call(query, result);
  };
  query.reject = (error) => {
    ended();
    watch.failed(error);
    return reject.call(query, error);
  };
  query.handle = async () => {
    if (query.executed) return;
    const refusal = watch.refusal();
    if (refusal !== null) {
      query.executed = true;
      query.reject(refusal);
      return;
    }
    timer = setTimeout(() => query.reject(new DatabaseDeadlineError(watch.deadlineMs)), watch.deadlineMs);
    timer.unref();
    if (watch.pool !== undefined) watch.pool.asking += 1;
    isAsking = true;
    await handle.call(query);
  };
  return query;
}

/** Errors after which the connection is gone: the driver's own, and whatever the server calls FATAL or PANIC. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof DatabaseDeadlineError) return true;
  if (typeof error !== "object" || error === null) return false;
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  if (severity === "FATAL" || severity === "PANIC") return true;
  return typeof code === "string" && /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|08|57P0)/.test(code);
}

function wrap<TClient extends object>(
  client: TClient,
  watch: Watch,
  own: { readonly [name: string]: unknown },
): TClient {
  return new Proxy(client, {
    apply: (target, self, args) => watchQuery(Reflect.apply(target as () => unknown, self, args), watch),
    get: (target, name, receiver) => {
      if (typeof name === "string" && name in own) return own[name];
      const member: unknown = Reflect.get(target, name, receiver);
      if (name !== "unsafe" || typeof member !== "function") return member;
      return (...args: unknown[]) => watchQuery(Reflect.apply(member, target, args), watch);
    },
  });
}

/** A client whose transactions cannot leak and whose queries all end. `deadlineMs` bounds one query; `pool` counts who asks. */
export function guardClient(client: Sql<Plain>, deadlineMs: number, pool: PoolUse = { asking: 0 }): Sql<Plain> {
  const alive: Watch = { deadlineMs, refusal: () => null, failed: () => undefined, pool };
  const begin = (...args: unknown[]) => {
    const body = args.at(-1) as (transaction: TransactionSql<Plain>) => unknown;
    const options = typeof args[0] === "string" ? args[0] : "";
    pool.asking += 1;
    return guardedBegin({ client, options, body, deadlineMs }).finally(() => {
      pool.asking -= 1;
    });
  };
  return wrap(client, alive, { begin });
}

type Begin = {
  readonly client: Sql<Plain>;
  readonly options: string;
  readonly body: (transaction: TransactionSql<Plain>) => unknown;
  readonly deadlineMs: number;
};

function guardedBegin({ client, options, body, deadlineMs }: Begin): Promise<unknown> {
  let over: Error | null = null;
  let lose: (error: Error) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  const failed = (error: unknown) => {
    if (over !== null || !isConnectionLoss(error)) return;
    over = new TransactionLostError(error);
    lose(over);
  };
  const watch: Watch = { deadlineMs, refusal: () => over, failed };
  const savepoint = () => Promise.reject(new Error("savepoints are not guarded; use one transaction"));
  const run = client.begin(options, async (transaction) => {
    try {
      const result = await body(wrap(transaction, watch, { savepoint }));
      if (over !== null) await new Promise(() => undefined);
      return result;
    } catch (error) {
      failed(error);
      // Waiting for ever is the point: returning would make the driver send ROLLBACK on a connection that is not ours any more.
      if (over !== null) await new Promise(() => undefined);
      throw error;
    }
  });
  const named = run.catch((error: unknown) => {
    failed(error);
    throw over ?? error;
  });
  return Promise.race([named, lost]).finally(() => {
    over ??= new Error("the transaction is over");
  });
}
