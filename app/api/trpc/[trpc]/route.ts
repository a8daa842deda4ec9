import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { contextOf } from "../../../_server/compose";
import { reportUnforeseen } from "../../../_server/report";
import { appRouter } from "../../../_server/router";

export const dynamic = "force-dynamic";

function handle(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    // A question too long for an address is asked in the body.
    allowMethodOverride: true,
    createContext: () => contextOf(request),
    onError: ({ error, path }) => reportUnforeseen(error, path ?? "unknown"),
  });
}

export { handle as GET, handle as POST };
