/** A JSON document, or a code why there is none. */
export type ReadJson = { readonly value: unknown } | { readonly reason: "not-json" | "too-deep" };

/** Reads bytes as JSON in UTF-8, nested no deeper than so many levels. */
export function readJson(bytes: Uint8Array, depthMax: number): ReadJson {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return { reason: "not-json" };
  }
  return isDeeperThan(value, depthMax) ? { reason: "too-deep" } : { value };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
