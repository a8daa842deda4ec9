/** What the work comes to, or a rejection when the signal aborts first, also where the work does not listen to it. */
export function beforeAbort<TResult>(work: Promise<TResult>, signal: AbortSignal): Promise<TResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

export type Deadline = {
  readonly signal: AbortSignal;
  /** To be called when the work is over: a deadline that nobody clears keeps all its work holds in memory until it falls due. */
  clear(): void;
};

/** A signal that aborts after so many milliseconds, unless it is cleared before. */
export function deadlineIn(milliseconds: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("no answer in time", "TimeoutError")), milliseconds);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
