import { database } from "../../_server/compose";

export const dynamic = "force-dynamic";

/** 200 when the console can answer: it runs and reaches its database. */
export async function GET(): Promise<Response> {
  try {
    await database().sql`select 1`;
    return Response.json({ status: "ok" });
  } catch {
    return Response.json({ status: "database-unreachable" }, { status: 503 });
  }
}
