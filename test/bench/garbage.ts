import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage now, and a second time what the first let go of (buffers outside the heap). The flag is set here, so that the benches need no options of node. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc(); gc();");
}

/** Bytes of everything that is still held, after a collection; sizes mean nothing before one. */
export function bytesHeld(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
