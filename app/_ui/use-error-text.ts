"use client";

import { TRPCClientError } from "@trpc/client";
import { useTranslations } from "next-intl";
import type { ErrorDetail } from "../_server/trpc";

/** What the server said about a refusal, or null when it gave no answer at all. */
export function detailOfError(error: unknown): ErrorDetail | null {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null || !("detail" in data)) return null;
  return data.detail as ErrorDetail;
}

/** A sentence for any error, in the reader's language. */
export function useErrorText(): (error: unknown) => string {
  const text = useTranslations("errors");
  return (error) => {
    const detail = detailOfError(error);
    if (detail === null) return text("unreachable");
    // Codes are a closed list on the server; one that is newer than this page still gets a sentence.
    const key = detail.code as "internal";
    return text.has(key) ? text(key, detail.params as never) : text("internal");
  };
}
