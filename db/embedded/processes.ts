import { readFileSync, readlinkSync } from "node:fs";

/** Whether a process with this id is there. One that belongs to another user counts as there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Tells a process from a later one that was given the same id: its start time where /proc exists (Linux), otherwise an empty
 * text, and then the id alone has to do.
 */
export function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22; the name in field 2 may hold spaces and brackets, so count from behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Whether a living process works in this directory: true or false where /proc can say, null where nobody knows. */
export function worksIn(pid: number, directory: string): boolean | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return null;
  }
}
