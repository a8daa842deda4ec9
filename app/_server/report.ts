import { TRPCError } from "@trpc/server";
import pino from "pino";
import { AppError } from "./errors";

const log = pino({ name: "duecourse-web" });

/**
 * Writes down what nobody foresaw, by place and kind. A refusal with a code is an answer, not an event worth a line; messages
 * of driver errors may quote values, so only their codes are kept.
 */
export function reportUnforeseen(error: unknown, place: string): void {
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (cause instanceof AppError) return;
  if (error instanceof TRPCError && error.code !== "INTERNAL_SERVER_ERROR") return;
  const name = cause instanceof Error ? cause.name : typeof cause;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : undefined;
  const stack = cause instanceof Error ? cause.stack?.split("\n").slice(1).join("\n") : undefined;
  log.error({ place, kind: name, code, stack }, "unforeseen");
}

/** A callback that was turned away: a provider with a wrong secret, or somebody who is none. */
export function reportRefusedCallback(integration: string, status: number): void {
  // The name stands in an address anybody can write.
  log.warn({ place: "api/hooks", integration: integration.slice(0, 64), status }, "callback refused");
}
