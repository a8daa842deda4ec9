import { randomUUID } from "node:crypto";
import { AppError } from "./errors";
import { reportUnforeseen } from "./report";

/** Long work a screen watches: it lives in this process and is forgotten with it; what it wrote is in the database. */
export type JobView<TProgress, TResult> =
  | { readonly state: "running"; readonly progress: TProgress; readonly startedAtMs: number }
  | { readonly state: "done"; readonly result: TResult; readonly tookMs: number }
  | { readonly state: "cancelled" }
  | {
      readonly state: "failed";
      readonly code: string;
      readonly params: { readonly [name: string]: string | number };
      readonly issues: AppError["issues"];
    };

export type JobContext<TProgress> = {
  readonly signal: AbortSignal;
  readonly report: (progress: TProgress) => void;
};

export type Jobs<TProgress, TResult> = {
  /** Begins work and gives its id. `question`: whoever asks what is being worked on already is given that job. */
  readonly start: (
    first: TProgress,
    work: (context: JobContext<TProgress>) => Promise<TResult>,
    question?: string,
  ) => string;
  /** Refuses with `job.not-found` when it is unknown or was forgotten. */
  readonly view: (id: string) => JobView<TProgress, TResult>;
  readonly cancel: (id: string) => void;
  /** The last view of a job, when it has ended one way or another. For callers that can wait; screens ask `view`. */
  readonly ended: (id: string) => Promise<JobView<TProgress, TResult>>;
};

/** Finished jobs whose answer is still kept; the oldest is forgotten first. */
const KEPT_MAX = 50;

type Job<TProgress, TResult> = {
  view: JobView<TProgress, TResult>;
  readonly abort: AbortController;
  readonly question: string | undefined;
  ended: Promise<void>;
};

/**
 * A register of long work of one kind. At most `runningMax` run at once and `waitingMax` wait for their turn, first come first
 * served; more are refused with `job.too-many`.
 */
export function createJobs<TProgress, TResult>(runningMax: number, waitingMax = 0): Jobs<TProgress, TResult> {
  const jobs = new Map<string, Job<TProgress, TResult>>();
  const takeTurn = turns(runningMax);

  const forgetOldest = () => {
    for (const [id, job] of jobs) {
      if (jobs.size <= KEPT_MAX) return;
      if (job.view.state !== "running") jobs.delete(id);
    }
  };
  const find = (id: string) => {
    const job = jobs.get(id);
    if (job === undefined) throw new AppError("not-found", "job.not-found");
    return job;
  };

  return {
    start: (first, work, question) => {
      const open = [...jobs].filter(([, job]) => job.view.state === "running");
      const same = open.find(([, job]) => question !== undefined && job.question === question);
      if (same !== undefined) return same[0];
      const maximum = runningMax + waitingMax;
      if (open.length >= maximum) throw new AppError("refused", "job.too-many", { params: { maximum } });
      const id = randomUUID();
      const startedAtMs = Date.now();
      const job: Job<TProgress, TResult> = {
        view: { state: "running", progress: first, startedAtMs },
        abort: new AbortController(),
        question,
        ended: Promise.resolve(),
      };
      jobs.set(id, job);
      const report = (progress: TProgress) => {
        if (job.view.state === "running") job.view = { state: "running", progress, startedAtMs };
      };
      const { signal } = job.abort;
      job.ended = takeTurn(async () => {
        signal.throwIfAborted();
        return work({ signal, report });
      }).then(
        (result) => {
          job.view = { state: "done", result, tookMs: Date.now() - startedAtMs };
          forgetOldest();
        },
        (error: unknown) => {
          job.view = job.abort.signal.aborted ? { state: "cancelled" } : failureOf(error);
          forgetOldest();
        },
      );
      return id;
    },
    view: (id) => find(id).view,
    cancel: (id) => find(id).abort.abort(),
    ended: async (id) => {
      const job = find(id);
      await job.ended;
      return job.view;
    },
  };
}

/** Lets at most `atOnce` pieces of work run; the others wait in the order they came. */
function turns(atOnce: number): <TResult>(work: () => Promise<TResult>) => Promise<TResult> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

function failureOf(error: unknown): Extract<JobView<never, never>, { readonly state: "failed" }> {
  if (error instanceof AppError) {
    return { state: "failed", code: error.code, params: error.params, issues: error.issues };
  }
  reportUnforeseen(error, "job");
  return { state: "failed", code: "internal", params: {}, issues: [] };
}

/** Keeps a register across the development server's re-evaluation of modules and across bundles of one process. */
export function keptJobs<TProgress, TResult>(
  name: string,
  make: () => Jobs<TProgress, TResult>,
): Jobs<TProgress, TResult> {
  const kept = globalThis as typeof globalThis & { duecourseJobs?: Map<string, unknown> };
  kept.duecourseJobs ??= new Map();
  const known = kept.duecourseJobs.get(name) as Jobs<TProgress, TResult> | undefined;
  if (known !== undefined) return known;
  const made = make();
  kept.duecourseJobs.set(name, made);
  return made;
}
