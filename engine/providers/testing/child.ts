import { type ChildProcess, spawn } from "node:child_process";

/** A program of its own that says `listening on <port>` when it is ready. */
export type Listening = {
  readonly port: number;
  /** Everything it said until it was ready. */
  readonly said: string;
  readonly close: () => Promise<void>;
};

export function startListening(args: readonly string[], env: { readonly [name: string]: string }): Promise<Listening> {
  const child: ChildProcess = spawn(process.execPath, [...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
    let said = "";
    child.stdout?.on("data", (chunk) => {
      said += String(chunk);
      const port = /listening on (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      resolve({
        port: Number(port),
        said,
        close: async () => {
          child.kill();
          await ended;
        },
      });
    });
  });
}
