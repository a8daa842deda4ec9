/** What the work comes to, or a rejection when the signal aborts first, also where the work does not listen to it. */
export function beforeAbort<TResult>(work: Promise<TResult>, signal: AbortSignal): Promise<TResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/**
 * What the work comes to, or `late` when it takes longer, milliseconds: then its signal aborts, and whatever it still says is not heard.
 * The deadline ends with the work: one that runs on keeps everything the work holds in memory until it falls due. The signal is made
 * when it is first read, for most of the cost of a deadline is its signal.
 */
export function withinDeadline<TResult>(
  work: (options: { readonly signal: AbortSignal }) => Promise<TResult>,
  milliseconds: number,
  late: TResult,
): Promise<TResult> {
  return new Promise((resolve, reject) => {
    let controller: AbortController | null = null;
    let isLate = false;
    const abort = () => controller?.abort(new DOMException("no answer in time", "TimeoutError"));
    const timer = setTimeout(() => {
      isLate = true;
      resolve(late);
      abort();
    }, milliseconds);
    const options = {
      get signal() {
        if (controller === null) {
          controller = new AbortController();
          if (isLate) abort();
        }
        return controller.signal;
      },
    };
    work(options).then(
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
