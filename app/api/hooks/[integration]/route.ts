import { callbackCounts } from "../../../_server/compose";
import { callbackDoor } from "../../../_server/compose-hooks";
import { receiveCallback } from "../../../_server/hooks/receive-callback";
import { reportRefusedCallback, reportUnforeseen } from "../../../_server/report";

export const dynamic = "force-dynamic";

type Place = { readonly params: Promise<{ readonly integration: string }> };

/** What providers report about contacts. Whoever calls proves who it is by its signature; nobody is signed in here. */
export async function POST(request: Request, { params }: Place): Promise<Response> {
  const { integration } = await params;
  try {
    const received = await receiveCallback(callbackDoor(), integration, request);
    callbackCounts().answered(received);
    const { status, ...answer } = received;
    if (status !== 200) reportRefusedCallback(integration, status);
    return Response.json(answer, { status, headers: { "cache-control": "no-store" } });
  } catch (error) {
    // The provider tries again later; nothing was stored, or all of it, and then it is known.
    reportUnforeseen(error, "api/hooks");
    return Response.json({ code: "internal" }, { status: 500 });
  }
}
