/** A batch as it lies in an outbox: a file and the manifest beside it, as texts. */
export type OutgoingBatch = {
  readonly agency: string;
  readonly batch: string;
  readonly file: string;
  readonly csv: string;
  readonly manifest: string;
};

/** What became of it. `differs`: the batch lies there with other contents, which were not touched. */
export type BatchWritten =
  | { readonly kind: "written" | "already" }
  | { readonly kind: "differs" }
  | { readonly kind: "failed"; readonly reason: string };

/** Where batches for agencies are laid down, whole or not at all, each once. */
export interface AgencyOutbox {
  readonly id: string;
  write(batch: OutgoingBatch): Promise<BatchWritten>;
  /** Code of what stands in the way of writing; null = nothing. */
  check(): Promise<string | null>;
}
