/** What one round of a contender did. Nothing of both = there is nothing left to do. */
export type Progress = { readonly steps: number; readonly sends: number };

/** Someone who works on what is due, round by round. Several may work at once. */
export type Contender = {
  readonly round: () => Promise<Progress>;
  readonly close: () => Promise<void>;
};

/** Those who move enrollments, and queues that do nothing at all, for comparison. */
export const STEPPERS = ["raw", "engine"] as const;
export const QUEUES = ["graphile-worker", "pg-boss"] as const;
export const CONTENDERS = [...STEPPERS, ...QUEUES] as const;
export type StepperName = (typeof STEPPERS)[number];
export type QueueName = (typeof QUEUES)[number];
export type ContenderName = (typeof CONTENDERS)[number];

export type Measured = Progress & {
  /** Until the end of the last round that did anything. */
  readonly ms: number;
  /** Processor time of this process. */
  readonly cpuMs: number;
  /** Most memory this process has ever held, megabytes. */
  readonly peakMb: number;
};

/** Lets a contender work until the time is over; what it has begun it finishes (requests it wrote leave). */
export async function measure({ round }: Contender, milliseconds: number): Promise<Measured> {
  const since = performance.now();
  const cpuSince = process.cpuUsage();
  let steps = 0;
  let sends = 0;
  let ms = 0;
  while (performance.now() - since < milliseconds) {
    const done = await round();
    if (done.steps + done.sends === 0) break;
    steps += done.steps;
    sends += done.sends;
    ms = performance.now() - since;
  }
  const { user, system } = process.cpuUsage(cpuSince);
  return { steps, sends, ms, cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1000 };
}
