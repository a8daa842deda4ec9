import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks of the kernel's accounting, a second; 100 on every Linux people run. */
const TICKS_PER_SECOND = 100;

/** Processor time so far of a cluster's processes, those that have ended included, milliseconds; 0 where there is no /proc. */
export function serverCpuMs(cluster: string): number {
  const living = processesOf(cluster).reduce((sum, { ticks }) => sum + ticks, 0);
  return ((living + endedTicks(cluster)) / TICKS_PER_SECOND) * 1000;
}

/** What processes that have ended used: the postmaster has waited for them, so the kernel counts it as its own children's. */
function endedTicks(cluster: string): number {
  try {
    return statOf(String(postmasterOf(cluster)))?.childTicks ?? 0;
  } catch {
    return 0;
  }
}

function postmasterOf(cluster: string): number {
  return Number(readFileSync(`${cluster}/postgres/postmaster.pid`, "utf8").split("\n")[0]);
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
    const postmaster = postmasterOf(cluster);
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

function statOf(pid: string): { readonly parent: number; readonly ticks: number; readonly childTicks: number } | null {
  try {
    // The command's name is in brackets and may hold spaces; the numbers come after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return {
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
      childTicks: Number(fields[13]) + Number(fields[14]),
    };
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
