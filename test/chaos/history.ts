import { existsSync, readFileSync } from "node:fs";
import type { ProviderLine } from "./faults";

export function readHistory(file: string): readonly ProviderLine[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ProviderLine);
}

export type Received = Extract<ProviderLine, { readonly kind: "received" }>;

/** Requests that got as far as the provider. */
export function receivedIn(file: string): readonly Received[] {
  return readHistory(file).filter((line): line is Received => line.kind === "received");
}
