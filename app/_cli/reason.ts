import type { Speaker, TextKey } from "./language";

/** Codes of failures of the world that have a sentence of their own. */
const SENTENCES: { readonly [code: string]: TextKey } = {
  "embedded.no-binaries": "reason.no-binaries",
  "embedded.no-system-user": "reason.no-system-user",
  "embedded.locked": "reason.locked",
  "env.malformed": "reason.database-url-malformed",
  "env.missing": "reason.database-url-missing",
  ECONNREFUSED: "reason.database-unreachable",
  ENOTFOUND: "reason.database-unreachable",
  ETIMEDOUT: "reason.database-unreachable",
  CONNECT_TIMEOUT: "reason.database-unreachable",
  CONNECTION_CLOSED: "reason.database-unreachable",
  "28P01": "reason.database-refused",
  "28000": "reason.database-refused",
  "3D000": "reason.database-not-there",
  "42P01": "reason.database-not-migrated",
  ENOSPC: "reason.disk-full",
};

/** The code an error carries (ours, the driver's, the system's), or an empty text. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** Why something failed, in a sentence; what we did not foresee shows its message, without a stack trace. */
export function reasonOf(error: unknown, words: Speaker): string {
  const code = codeOf(error) || codeOf(error instanceof Error ? error.cause : null);
  const key = SENTENCES[code];
  if (key !== undefined) return words.say(key);
  return words.say("reason.unforeseen", { message: error instanceof Error ? error.message : String(error) });
}
