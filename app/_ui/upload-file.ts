import type { ErrorDetail } from "../_server/trpc";

/** A file that lies on the server's disk, waiting to be read. */
export type Upload = {
  readonly uploadId: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly fileName: string;
};

/** A refused upload, with the server's reason where it gave one. */
export class UploadRefused extends Error {
  readonly detail: ErrorDetail | null;
  constructor(detail: ErrorDetail | null) {
    super(detail?.code ?? "unreachable");
    this.name = "UploadRefused";
    this.detail = detail;
  }
}

/** Sends a file to the server, which keeps it for a day. Throws UploadRefused. */
export async function uploadFile(file: File): Promise<Upload> {
  const response = await fetch("/api/import/upload", { method: "POST", body: file });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const detail = typeof answer === "object" && answer !== null && "detail" in answer ? answer.detail : null;
    throw new UploadRefused(detail as ErrorDetail | null);
  }
  return { ...(answer as Omit<Upload, "fileName">), fileName: file.name };
}
