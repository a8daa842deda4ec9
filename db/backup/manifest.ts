import { z } from "zod";

/** Format of a backup's folder; a reader knows its own and older ones. */
export const BACKUP_FORMAT = 1;
export const MANIFEST_FILE = "manifest.json";

const NameSchema = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

const TableSchema = z.strictObject({
  name: NameSchema,
  columns: z.array(NameSchema).min(1),
  rows: z.int().min(0),
  /** Of the rows as Postgres writes them, before packing. */
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackedUpTable = z.infer<typeof TableSchema>;

/** What a backup holds. It is written last: a folder without it is half a backup. */
export const ManifestSchema = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  /** Real time of the database at the moment all rows are of, and the engine's clock at it. */
  takenAt: z.iso.datetime({ offset: true }),
  engineAt: z.iso.datetime({ offset: true }),
  /** Newest migration the database had, as the journal dates it. */
  migration: z.int().min(0),
  tables: z.array(TableSchema),
  sequences: z.array(z.strictObject({ name: NameSchema, value: z.int().min(1), called: z.boolean() })),
  /** Parts of partitioned tables beyond those every database has. */
  partitions: z.array(
    z.strictObject({
      parent: NameSchema,
      name: NameSchema,
      bound: z.string().regex(/^FOR VALUES FROM \('[0-9 :+-]+'\) TO \('[0-9 :+-]+'\)$/),
    }),
  ),
});
export type Manifest = z.infer<typeof ManifestSchema>;

export const fileOf = (table: string): string => `${table}.copy.gz`;

/** Rows nobody wants back: workers tell anew how their providers stand. */
export const NOT_BACKED_UP: readonly string[] = ["channel_standing"];
