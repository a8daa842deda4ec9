export const dynamic = "force-dynamic";

/** 200 as long as the process answers at all; whoever gets no answer starts it anew. */
export function GET(): Response {
  return Response.json({ status: "alive" });
}
