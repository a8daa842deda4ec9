import { z } from "zod";
import { type Issue, issue } from "../model/issue";
import { CurrencySchema } from "../model/money";
import { err, ok, type Result } from "../model/result";
import { parseInstant } from "../model/time";
import { EXCHANGE_LIMITS } from "./limits";

/** Format of the files both sides write; a file of another is refused, never guessed at. */
export const EXCHANGE_FORMAT = 1;

export const RETURN_KINDS = ["activity", "payment", "acknowledgement", "consent"] as const;
/** What an agency reports. */
export type ReturnKind = (typeof RETURN_KINDS)[number];
/** What an agency is given: accounts to work on, and accounts to let go of. */
export type OutgoingKind = "placement" | "recall";

/** Short name of an agency in file names and manifests. */
export const AgencyCodeSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(40)
  // Rows say who has an account; a real agency must not be taken for a simulated one.
  .refine((code) => !code.startsWith("simulated"));
/** Names a batch for good. Letters, digits and `._-`, so that it may be a folder's name. */
export const BatchIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  .max(80);
const ColumnSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/)
  .max(40);
const SumSchema = z.int().min(0);

/** What stands beside a file and says what must be in it. */
export const ManifestSchema = z.strictObject({
  format: z.literal(EXCHANGE_FORMAT),
  kind: z.enum(["placement", "recall", ...RETURN_KINDS]),
  agency: AgencyCodeSchema,
  batch: BatchIdSchema,
  /** ISO 8601 with offset. */
  createdAt: z.string().refine((text) => parseInstant(text) !== null),
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
    .max(120),
  /** Lines of the file, its header not counted. */
  rows: z.int().min(0).max(EXCHANGE_LIMITS.returnLines),
  /** Sum of the file's amounts per currency, whole minor units; a currency that does not occur is left out. */
  sums: z.partialRecord(CurrencySchema, SumSchema),
  /** Of the file's bytes, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  columns: z.array(ColumnSchema).min(1).max(40),
});
export type Manifest = z.output<typeof ManifestSchema>;
export type ReturnManifest = Manifest & { readonly kind: ReturnKind };

/** Reads the manifest of a return. Issues: `agency.manifest-unreadable` with the member that is wrong, `agency.not-a-return`. */
export function readManifest(text: string): Result<ReturnManifest, readonly Issue[]> {
  if (text.length > EXCHANGE_LIMITS.manifestBytes) return err([unreadable("")]);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return err([unreadable("")]);
  }
  const read = ManifestSchema.safeParse(value);
  if (!read.success) return err(read.error.issues.map(({ path }) => unreadable(path.join("."))));
  const { kind } = read.data;
  const known = RETURN_KINDS.find((one) => one === kind);
  if (known === undefined) return err([issue("agency.not-a-return", { path: "kind" }, { kind })]);
  return ok({ ...read.data, kind: known });
}

function unreadable(member: string): Issue {
  return issue("agency.manifest-unreadable", { path: member }, { member: member === "" ? "JSON" : member });
}
