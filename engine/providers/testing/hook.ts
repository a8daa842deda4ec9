import { createServer } from "node:http";
import type { ChannelAdapter, RawCallback, StatusEvent } from "../../ports/channel";

/** Our side of callbacks, without a database: what comes in is checked and read by the adapter and kept in a list. */
export type Hook = {
  readonly url: string;
  readonly events: StatusEvent[];
  readonly refusals: number[];
  readonly close: () => Promise<void>;
};

export async function openHook(adapter: () => ChannelAdapter, port = 0): Promise<Hook> {
  const events: StatusEvent[] = [];
  const refusals: number[] = [];
  const take = (callback: RawCallback): number => {
    if (adapter().verify?.(callback) !== true) return 401;
    const parsed = adapter().parse?.(callback);
    if (parsed?.kind !== "events") return 422;
    events.push(...parsed.events);
    return 200;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const status = take({ headers, body: Buffer.concat(chunks), nowMs: Date.now() });
      if (status !== 200) refusals.push(status);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${bound}/api/hooks/test`, events, refusals, close };
}
