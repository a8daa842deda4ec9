import { versionHere } from "../_server/health/version";

export function GET(): Response {
  return Response.json(versionHere());
}
