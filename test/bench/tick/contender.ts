/** What one round of a contender did. Nothing of both = there is nothing left to do. */
export type Progress = { readonly steps: number; readonly sends: number };

/** Someone who works on the due enrollments, round by round. Several may work at once. */
export type Contender = () => Promise<Progress>;

export const CONTENDERS = ["raw", "engine"] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export type Measured = Progress & {
  readonly ms: number;
  /** Processor time of this process. */
  readonly cpuMs: number;
};

/** Lets a contender work until the time is over; what it has begun it finishes (requests it wrote leave). */
export async function measure(contender: Contender, milliseconds: number): Promise<Measured> {
  const since = performance.now();
  const cpuSince = process.cpuUsage();
  let steps = 0;
  let sends = 0;
  while (performance.now() - since < milliseconds) {
    const done = await contender();
    steps += done.steps;
    sends += done.sends;
    if (done.steps + done.sends === 0) break;
  }
  const { user, system } = process.cpuUsage(cpuSince);
  return { steps, sends, ms: performance.now() - since, cpuMs: (user + system) / 1000 };
}
