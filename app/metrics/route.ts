import { exposition } from "../_server/compose";
import { metricsAccess } from "../_server/health/metrics-access";
import { reportUnforeseen } from "../_server/report";

export const dynamic = "force-dynamic";

/** The engine's backlog and this process's figures for Prometheus, to whoever has the token. */
export async function GET(request: Request): Promise<Response> {
  const access = metricsAccess(request.headers.get("authorization"));
  if (access === "absent") return Response.json({ code: "metrics.no-token" }, { status: 404 });
  if (access === "refused") return Response.json({ code: "metrics.refused" }, { status: 401 });
  try {
    const { text, contentType } = await exposition().read();
    return new Response(text, { headers: { "content-type": contentType } });
  } catch (error) {
    reportUnforeseen(error, "metrics");
    return Response.json({ code: "database-unreachable" }, { status: 503 });
  }
}
