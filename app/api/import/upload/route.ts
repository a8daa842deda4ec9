import type { ReadableStream } from "node:stream/web";
import { contextOf } from "../../../_server/compose";
import { AppError } from "../../../_server/errors";
import { refusalResponse } from "../../../_server/responses";
import { demand } from "../../../_server/trpc";
import { receiveUpload } from "../../../_server/uploads";

export const dynamic = "force-dynamic";

/** Takes an account file as the request's body and streams it to disk; nothing is read or written to the portfolio yet. */
export async function POST(request: Request): Promise<Response> {
  try {
    demand(contextOf(request).actor, "portfolio.import");
    if (request.body === null) throw new AppError("invalid", "import.no-file");
    return Response.json(await receiveUpload(request.body as ReadableStream<Uint8Array>));
  } catch (error) {
    return refusalResponse(error, "api/import/upload");
  }
}
