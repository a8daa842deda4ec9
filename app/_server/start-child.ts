import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A program that is kept running: started again with growing pauses when it ends by itself. */
export type KeptProcess = {
  /** Stops it for good: asks, and after a while insists. */
  stop(): Promise<void>;
};

export type ProcessPlan = {
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Its own output goes to the terminal instead of the log. */
  readonly visible?: boolean;
  readonly onRestart: (ended: {
    readonly code: number | null;
    readonly signal: string | null;
    readonly pauseMs: number;
  }) => void;
};

const PAUSE_FIRST_MS = 1000;
const PAUSE_MAX_MS = 30_000;
/** One that ran this long was well; its next end starts with a short pause again. */
const WELL_AFTER_MS = 60_000;
const LOG_BYTES_MAX = 50 * 1024 * 1024;
const STOP_TIMEOUT_MS = 10_000;
const FOLLOW_PARENT = fileURLToPath(new URL("./follow-parent.mjs", import.meta.url));

export function keepRunning(plan: ProcessPlan): KeptProcess {
  let child: ChildProcess | null = null;
  let pauseMs = PAUSE_FIRST_MS;
  let waiting: NodeJS.Timeout | undefined;
  let stopping = false;

  const launch = () => {
    const startedAt = performance.now();
    const launched = launchOnce(plan);
    child = launched;
    const ended = (code: number | null, signal: string | null) => {
      if (child !== launched) return;
      child = null;
      if (stopping) return;
      if (performance.now() - startedAt > WELL_AFTER_MS) pauseMs = PAUSE_FIRST_MS;
      plan.onRestart({ code, signal, pauseMs });
      waiting = setTimeout(launch, pauseMs);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
    };
    launched.once("exit", ended);
    launched.once("error", () => ended(null, null));
  };
  launch();

  return {
    stop: async () => {
      stopping = true;
      clearTimeout(waiting);
      if (child !== null) await end(child);
    },
  };
}

/** One old log is kept beside the present one, so that a house that runs for years does not fill its disk. */
function turnOver(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.old`);
}

function launchOnce(plan: ProcessPlan): ChildProcess {
  turnOver(plan.logFile);
  const log = openSync(plan.logFile, "a");
  const output = plan.visible === true ? "inherit" : log;
  const options = `${process.env.NODE_OPTIONS ?? ""} --import=${FOLLOW_PARENT}`.trim();
  const child = spawn(process.execPath, [...plan.arguments], {
    env: { ...plan.environment, NODE_OPTIONS: options },
    stdio: ["ignore", output, output],
    // A group of its own: Ctrl-C reaches us alone, and we stop the children in order.
    detached: true,
  });
  closeSync(log);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const insist = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(insist);
      resolve();
    });
    signalGroup(child, "SIGTERM");
  });
}

/** The whole group: a development server has children of its own. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}
