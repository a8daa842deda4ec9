import { z } from "zod";
import { CHANNELS } from "./content";
import type { EpochMs } from "./time";

/** `pause` holds: nothing moves and nobody is dropped. `stop` ends: enrollments exit, requests are refused (ADR 0015). */
export const STOP_KINDS = ["pause", "stop"] as const;
export type StopKind = (typeof STOP_KINDS)[number];

/** What a pause or stop is about. `subject` is empty for everything. */
export const StopScopeSchema = z.discriminatedUnion("scope", [
  z.object({ scope: z.literal("everything"), subject: z.literal("") }),
  z.object({ scope: z.literal("strategy"), subject: z.templateLiteral(["strat_", z.string().max(120)]) }),
  z.object({ scope: z.literal("version"), subject: z.templateLiteral(["ver_", z.string().max(120)]) }),
  z.object({ scope: z.literal("channel"), subject: z.enum(CHANNELS) }),
]);
export type StopScope = z.infer<typeof StopScopeSchema>;

export type Stop = StopScope & { readonly id: number; readonly kind: StopKind; readonly fromMs: EpochMs };

/** Where a request comes from and how it would leave. */
export type Stoppable = { readonly strategyId: string; readonly versionId: string; readonly channel: string | null };

/** The pause or stop that keeps a request back, or null. A pause wins: what is paused is not refused. */
export function stopOn(stops: readonly Stop[], request: Stoppable): Stop | null {
  const own = stops.filter((stop) => covers(stop, request));
  return own.find(({ kind }) => kind === "pause") ?? own[0] ?? null;
}

function covers({ scope, subject }: StopScope, { strategyId, versionId, channel }: Stoppable): boolean {
  switch (scope) {
    case "everything":
      return true;
    case "strategy":
      return subject === strategyId;
    case "version":
      return subject === versionId;
    case "channel":
      return subject === channel;
    default:
      throw scope satisfies never;
  }
}
