import { type ChildProcess, fork, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { createInterface } from "node:readline";
import type { Database } from "#db";
import { channelOf } from "#engine/channels/index";
import type { Inbox, InboxEntry, NewInboxEntry } from "#engine/ports/inbox";
import type { CrashPoint } from "./faults";

/** What the workers said about themselves, counted over the whole run. */
export type Said = {
  readonly crashes: { [point in CrashPoint]?: number };
  readonly alarms: { [code: string]: number };
  readonly failedTicks: { [code: string]: number };
  uncaught: number;
  readonly bootMs: number[];
};

export type WorkerSetting = { readonly [name: string]: string };
export type Worker = {
  readonly child: ChildProcess;
  readonly setting: WorkerSetting;
  readonly ended: Promise<unknown>;
  /** Milliseconds it took to begin to work; null = it ended before. */
  readonly ready: Promise<number | null>;
};

/** Starts a worker; what it says is counted. */
export function startWorker(file: string, setting: WorkerSetting, said: Said): Worker {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...setting },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => hear(said, line));
  const sinceMs = performance.now();
  const begun = new Promise<number>((resolve) => lines.once("line", () => resolve(performance.now() - sinceMs)));
  return { child, setting, ended, ready: Promise.race([begun, ended.then(() => null)]) };
}

function hear(said: Said, line: string): void {
  const one = JSON.parse(line) as {
    readonly ready?: number;
    readonly crash?: CrashPoint;
    readonly alarm?: string;
    readonly failed?: { readonly code: string };
    readonly uncaught?: string;
  };
  if (one.ready !== undefined) said.bootMs.push(one.ready);
  if (one.crash !== undefined) said.crashes[one.crash] = (said.crashes[one.crash] ?? 0) + 1;
  if (one.alarm !== undefined) said.alarms[one.alarm] = (said.alarms[one.alarm] ?? 0) + 1;
  if (one.failed !== undefined) said.failedTicks[one.failed.code] = (said.failedTicks[one.failed.code] ?? 0) + 1;
  if (one.uncaught !== undefined) said.uncaught += 1;
}

export type Provider = { readonly url: string; stop(): void };

export async function startProvider(file: string, environment: WorkerSetting): Promise<Provider> {
  const child = fork(file, [], { env: { ...process.env, ...environment } });
  const port = await new Promise<number>((resolve) => child.once("message", (message) => resolve(Number(message))));
  return { url: `http://127.0.0.1:${port}/send`, stop: () => child.disconnect() };
}

/** Takes the provider's reports and puts them into the inbox; refuses while the database is away, so that they come again. */
export async function startCallbacks(
  take: (body: string) => Promise<void>,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    try {
      await take(text);
      response.writeHead(200).end();
    } catch {
      response.writeHead(503).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, server };
}

/** A report as the channel's table reads it. Unknown keys are refused: nobody asked for them. */
export async function takeReport(
  { database, inbox }: { readonly database: Database; readonly inbox: Inbox },
  body: string,
): Promise<void> {
  const { key, outcome, eventId } = JSON.parse(body) as {
    readonly key: string;
    readonly outcome: string;
    readonly eventId: string;
  };
  const [row] = await database.sql<Asked[]>`
    select i.party_id, i.enrollment_id, i.account_id, i.step_seq, i.attempt,
      (select extract(epoch from c.anchor_virtual + (clock_timestamp() - c.anchor_real) * c.ratio) * 1000 from engine_clock c)::float8 as now_ms
    from intent i where i.key = ${key}`;
  if (row === undefined) throw new Error("unknown key");
  const counted = channelOf("robot").outcomes[outcome];
  const entry: NewInboxEntry = {
    dedupeKey: `result:${eventId}`,
    partyId: row.party_id,
    enrollmentId: row.enrollment_id,
    accountId: row.account_id,
    type: "contact.result",
    atMs: Math.floor(row.now_ms),
    stepSeq: row.step_seq,
    attempt: row.attempt,
    data: {
      intentKey: key,
      outcome,
      connected: counted?.connected ?? false,
      conversed: counted?.conversed ?? false,
      hold: counted?.hold ?? null,
    },
  };
  await inbox.put([entry]);
}

type Asked = {
  party_id: NewInboxEntry["partyId"];
  enrollment_id: NonNullable<NewInboxEntry["enrollmentId"]>;
  account_id: NewInboxEntry["accountId"];
  step_seq: NonNullable<InboxEntry["stepSeq"]>;
  attempt: number;
  now_ms: number;
};
