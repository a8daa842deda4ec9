import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * First lines of a thread: TypeScript from the source tree through tsx, whoever the host is (the bundled web server, tsx, plain
 * node). `--import tsx` does nothing in a worker thread of Node 20, so the loader is registered here.
 */
const BOOT = `import("tsx/esm/api").then(({ register }) => {
  register();
  return import(require("node:worker_threads").workerData.entry);
});`;

export type ThreadRequest = {
  /** Path from the repository's root; not an import, so that no bundler packs the engine a second time. */
  readonly entry: string;
  readonly input: unknown;
};

/** Starts a thread; its `workerData.input` is the input, copied. */
export function startThread({ entry, input }: ThreadRequest, options: WorkerOptions = {}): Worker {
  const url = pathToFileURL(join(/* turbopackIgnore: true */ process.cwd(), entry)).href;
  return new Worker(BOOT, { ...options, eval: true, workerData: { entry: url, input } });
}

/** Runs a thread that answers once. Rejects when it fails, and when it ends without an answer. */
export function answerOfThread<TAnswer>(request: ThreadRequest): Promise<TAnswer> {
  return new Promise((resolve, reject) => {
    const worker = startThread(request);
    worker.once("message", (answer: TAnswer) => {
      resolve(answer);
      void worker.terminate();
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`thread ${request.entry} ended with ${code} and no answer`)));
  });
}
