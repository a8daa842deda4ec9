import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks of the kernel's accounting, a second; 100 on every Linux people run. */
const TICKS_PER_SECOND = 100;

/** Processor time so far of a cluster's living processes, milliseconds; 0 where there is no /proc. */
export function serverCpuMs(cluster: string): number {
  return (processesOf(cluster).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND) * 1000;
}

/** Memory a cluster's living processes hold, megabytes: what each has to itself, and what they share once. 0 where there is no /proc. */
export function serverMb(cluster: string): number {
  const held = processesOf(cluster).map(({ pid }) => memoryOf(pid));
  const own = held.reduce((sum, { ownKb }) => sum + ownKb, 0);
  return (own + Math.max(0, ...held.map(({ sharedKb }) => sharedKb))) / 1000;
}

type ServerProcess = { readonly pid: string; readonly ticks: number };

function processesOf(cluster: string): readonly ServerProcess[] {
  try {
    const postmaster = Number(readFileSync(`${cluster}/postgres/postmaster.pid`, "utf8").split("\n")[0]);
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const stat = statOf(pid);
        return stat?.parent === postmaster ? { pid, ticks: stat.ticks } : [];
      });
  } catch {
    return [];
  }
}

function statOf(pid: string): { readonly parent: number; readonly ticks: number } | null {
  try {
    // The command's name is in brackets and may hold spaces; the numbers come after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}

function memoryOf(pid: string): { readonly ownKb: number; readonly sharedKb: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { ownKb: kb("RssAnon"), sharedKb: kb("RssShmem") };
  } catch {
    // It has ended since it was listed.
    return { ownKb: 0, sharedKb: 0 };
  }
}
