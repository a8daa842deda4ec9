import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks of the kernel's accounting, a second; 100 on every Linux people run. */
const TICKS_PER_SECOND = 100;

/** Processor time so far of a cluster's living processes, milliseconds; 0 where there is no /proc. */
export function serverCpuMs(cluster: string): number {
  try {
    const postmaster = Number(readFileSync(`${cluster}/postgres/postmaster.pid`, "utf8").split("\n")[0]);
    const own = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(statOf)
      .filter((stat) => stat !== null && stat.parent === postmaster);
    return (own.reduce((sum, stat) => sum + (stat?.ticks ?? 0), 0) / TICKS_PER_SECOND) * 1000;
  } catch {
    return 0;
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
