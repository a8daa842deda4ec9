import { type ChildProcess, fork, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { createInterface } from "node:readline";
import type { Database } from "#db";
import { channelOf } from "#engine/channels/index";
import type { Channel } from "#engine/model/content";
import type { Inbox, InboxEntry, NewInboxEntry } from "#engine/ports/inbox";
import type { CrashPoint, Life, WorkerLine } from "./faults";

/** What the workers said about themselves, counted over the whole run. */
export type Said = {
  readonly crashes: { [point in CrashPoint]?: number };
  readonly alarms: { [code: string]: number };
  readonly failedTicks: { [code: string]: number };
  uncaught: number;
  /** When a round of any worker was over last, by the supervisor's monotonic clock. */
  tickedAtMs: number;
  /** Processor time until a worker was ready, milliseconds each. */
  readonly bootCpuMs: number[];
  /** Processor time a worker took for its first round, milliseconds each. */
  readonly roundCpuMs: number[];
};

export function nothingSaid(): Said {
  return { crashes: {}, alarms: {}, failedTicks: {}, uncaught: 0, tickedAtMs: 0, bootCpuMs: [], roundCpuMs: [] };
}

export type Environment = { readonly [name: string]: string };
export type Worker = {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  /** Whether it has booted and waits for its turn; false = it ended before. */
  readonly ready: Promise<boolean>;
  /** When its first round was over, by the supervisor's monotonic clock; null = not yet. */
  tickedAtMs: number | null;
  begin(life: Life): void;
};

/** Starts workers; what they say is counted. */
export type Starter = () => Worker;

export function workerStarter(args: readonly string[], environment: Environment, said: Said): Starter {
  return () => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    // Whoever is killed hears nothing any more.
    child.stdin.on("error", () => undefined);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const lines = createInterface({ input: child.stdout });
    const booted = new Promise<boolean>((resolve) => lines.once("line", () => resolve(true)));
    const worker: Worker = {
      child,
      ended,
      ready: Promise.race([booted, ended.then(() => false)]),
      tickedAtMs: null,
      begin: (life) => child.stdin.write(`${JSON.stringify(life)}\n`),
    };
    lines.on("line", (text) => {
      const line = JSON.parse(text) as WorkerLine;
      if ("ticked" in line) {
        said.tickedAtMs = performance.now();
        if (worker.tickedAtMs === null) said.roundCpuMs.push(line.ticked);
        worker.tickedAtMs ??= said.tickedAtMs;
      }
      if (!("ticked" in line)) hear(said, line);
    });
    return worker;
  };
}

function hear(said: Said, line: Exclude<WorkerLine, { readonly ticked: number }>): void {
  if ("ready" in line) said.bootCpuMs.push(line.ready);
  if ("crash" in line) said.crashes[line.crash] = (said.crashes[line.crash] ?? 0) + 1;
  if ("alarm" in line) said.alarms[line.alarm] = (said.alarms[line.alarm] ?? 0) + 1;
  if ("failed" in line) said.failedTicks[line.failed.code] = (said.failedTicks[line.failed.code] ?? 0) + 1;
  if ("uncaught" in line) said.uncaught += 1;
}

export type Spares = {
  /** The next worker that has booted; the one after it begins to boot. */
  take(): Promise<Worker>;
  /** How many stand ready at this moment. */
  ready(): number;
  end(): Promise<void>;
};

/** Workers that have booted before they are needed, so that a killed one is followed at once. */
export function keepSpares(start: Starter, size: number): Spares {
  let over = false;
  const booting = new Set<Worker>();
  const ready: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const fill = () => {
    while (!over && booting.size + ready.length < size) void boot();
  };
  const boot = async () => {
    const worker = start();
    booting.add(worker);
    const isReady = await worker.ready;
    booting.delete(worker);
    if (isReady) {
      const first = waiting.shift();
      if (first === undefined) ready.push(worker);
      else first(worker);
    }
    fill();
  };
  fill();
  return {
    ready: () => ready.length,
    take: async () => {
      for (let worker = ready.shift(); worker !== undefined; worker = ready.shift()) {
        fill();
        if (worker.child.exitCode === null && worker.child.signalCode === null) return worker;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    end: async () => {
      over = true;
      const left = [...booting, ...ready];
      for (const { child } of left) child.kill("SIGKILL");
      await Promise.all(left.map(({ ended }) => ended));
    },
  };
}

export type Provider = { readonly url: string; stop(): void };

export async function startProvider(file: string, environment: Environment): Promise<Provider> {
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
    select i.party_id, i.enrollment_id, i.account_id, i.step_seq, i.attempt, i.channel,
      (select extract(epoch from c.anchor_virtual + (clock_timestamp() - c.anchor_real) * c.ratio) * 1000 from engine_clock c)::float8 as now_ms
    from intent i where i.key = ${key}`;
  if (row === undefined) throw new Error("unknown key");
  const counted = channelOf(row.channel).outcomes[outcome];
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
  channel: Channel;
  now_ms: number;
};
