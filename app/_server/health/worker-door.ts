import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Database } from "#db";
import type { Exposition } from "./exposition";
import { metricsAccess } from "./metrics-access";
import { type NotReady, readinessOf, readinessResponse } from "./readiness";
import { versionHere } from "./version";

/** What a worker answers to those who watch it. */
export type WorkerDoor = { readonly port: number; close(): Promise<void> };

export type WorkerDoorPlan = {
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
  readonly database: Database;
  readonly exposition: Exposition;
  /** Milliseconds since the last round ended, by the process's own clock. */
  readonly sinceRoundMs: () => number;
};

/** The longest round that is still work: a full batch whose every provider takes its whole deadline. */
const STALLED_AFTER_MS = 60_000;
const JSON_TYPE = "application/json; charset=utf-8";

type Answer = { readonly status: number; readonly type: string; readonly body: string };

const json = (status: number, body: object): Answer => ({ status, type: JSON_TYPE, body: JSON.stringify(body) });

async function readiness({ database, sinceRoundMs }: WorkerDoorPlan): Promise<Answer> {
  const { reasons } = await readinessOf(database);
  const stalled: readonly NotReady[] = sinceRoundMs() > STALLED_AFTER_MS ? ["engine-stalled"] : [];
  const { status, body } = readinessResponse({ reasons: [...reasons, ...stalled] });
  return { status, type: JSON_TYPE, body };
}

async function metrics({ exposition }: WorkerDoorPlan, request: IncomingMessage): Promise<Answer> {
  const access = metricsAccess(request.headers.authorization ?? null);
  if (access === "absent") return json(404, { code: "metrics.no-token" });
  if (access === "refused") return json(401, { code: "metrics.refused" });
  const { text, contentType } = await exposition.read();
  return { status: 200, type: contentType, body: text };
}

async function answer(plan: WorkerDoorPlan, request: IncomingMessage): Promise<Answer> {
  switch (request.url) {
    case "/livez":
      return json(200, { status: "alive" });
    case "/readyz":
      return readiness(plan);
    case "/metrics":
      return metrics(plan, request);
    case "/version":
      return json(200, versionHere());
    default:
      return json(404, { code: "not-found" });
  }
}

function respond(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(body);
}

/** Opens the worker's own port for `/livez`, `/readyz`, `/metrics` and `/version`. Rejects when it is taken. */
export async function openWorkerDoor(plan: WorkerDoorPlan): Promise<WorkerDoor> {
  const server: Server = createServer((request, response) => {
    answer(plan, request).then(
      (given) => respond(response, given),
      // The database did not answer: whoever asks gets no figures rather than old ones.
      () => respond(response, json(503, { code: "database-unreachable" })),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(plan.port, plan.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : plan.port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
