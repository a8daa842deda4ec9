import { contextOf } from "../../../../_server/compose";
import { download, refusalResponse } from "../../../../_server/responses";
import { exportStrategy } from "../../../../_server/strategy/export-strategy";
import { demand } from "../../../../_server/trpc";

export const dynamic = "force-dynamic";

type Params = { readonly params: Promise<{ readonly key: string }> };

/** A strategy as a file: the draft, or `?version=3` as it was published. */
export async function GET(request: Request, { params }: Params): Promise<Response> {
  const { key } = await params;
  const asked = new URL(request.url).searchParams.get("version");
  try {
    const { database, actor } = contextOf(request);
    demand(actor, "strategy.read");
    const { fileName, text } = await exportStrategy(database, { key, version: asked === null ? null : Number(asked) });
    return download(text, { fileName, type: "application/json; charset=utf-8" });
  } catch (error) {
    return refusalResponse(error, "api/strategies/export");
  }
}
