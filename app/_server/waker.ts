import { setTimeout as delay } from "node:timers/promises";

/** Sleep that can be cut short. A call that comes while nobody sleeps is remembered, so that nothing falls between two looks. */
export type Waker = {
  wake(): void;
  /** Ends after so many milliseconds, when it is woken, or when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
};

export function waker(): Waker {
  let called = false;
  let cut: AbortController | null = null;
  return {
    wake() {
      called = true;
      cut?.abort();
    },
    async sleep(milliseconds, signal) {
      if (!called) {
        cut = new AbortController();
        await delay(milliseconds, undefined, { signal: AbortSignal.any([signal, cut.signal]) }).catch(() => undefined);
        cut = null;
      }
      called = false;
    },
  };
}
