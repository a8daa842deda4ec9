import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ContenderName, Measured } from "./contender";
import { serverCpuMs, serverMb } from "./server-load";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/**
 * What all workers of a contender did in one turn; `peakMb` is the largest of them. `serverMs` = processor time of the database
 * meanwhile, `serverMb` = memory it held at the end.
 */
export type Turn = Measured & { readonly serverMs: number; readonly serverMb: number };

/** Workers of one contender, each a process of its own. */
export type Crew = {
  /** Lets all of them work for so long, at once. */
  readonly work: (milliseconds: number) => Promise<Turn>;
  readonly dismiss: () => Promise<void>;
};

export type Scene = { readonly url: string; readonly cluster: string };

export async function hire(name: ContenderName, workers: number, { url, cluster }: Scene): Promise<Crew> {
  const hired = Array.from({ length: workers }, () => fork(WORKER, [url, name], { execArgv: ["--import", "tsx"] }));
  await Promise.all(hired.map(heard));
  return {
    work: async (milliseconds) => {
      const results = hired.map((worker) => heard(worker) as Promise<Measured>);
      const sinceMs = serverCpuMs(cluster);
      for (const worker of hired) worker.send(milliseconds);
      const each = await Promise.all(results);
      return { ...together(each), serverMs: serverCpuMs(cluster) - sinceMs, serverMb: serverMb(cluster) };
    },
    dismiss: async () => {
      const gone = hired.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
      for (const worker of hired) worker.send("end");
      await Promise.all(gone);
    },
  };
}

function together(each: readonly Measured[]): Measured {
  return {
    steps: each.reduce((sum, { steps }) => sum + steps, 0),
    sends: each.reduce((sum, { sends }) => sum + sends, 0),
    ms: Math.max(...each.map(({ ms }) => ms)),
    cpuMs: each.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    peakMb: Math.max(...each.map(({ peakMb }) => peakMb)),
  };
}

function heard(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a worker ended with ${code}`));
    worker.once("exit", ended);
    worker.once("message", (message) => {
      worker.off("exit", ended);
      resolve(message);
    });
  });
}
