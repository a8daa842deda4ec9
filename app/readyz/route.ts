import { database } from "../_server/compose";
import { readinessOf, readinessResponse } from "../_server/health/readiness";

export const dynamic = "force-dynamic";

/** 200 when the console may be given requests: its database takes writes, has the schema this code knows, and has room. */
export async function GET(): Promise<Response> {
  const { status, body } = readinessResponse(await readinessOf(database()));
  return new Response(body, { status, headers: { "content-type": "application/json; charset=utf-8" } });
}
