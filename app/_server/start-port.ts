import { createServer } from "node:net";

/** How many ports after the wanted one are tried. */
const PORTS_TRIED = 50;

/** The wanted port, or the next free one; null when none of fifty is free. */
export async function findPort(wanted: number, host: string): Promise<number | null> {
  for (let port = wanted; port < wanted + PORTS_TRIED && port <= 65_535; port += 1) {
    if (await isFree(port, host)) return port;
  }
  return null;
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
