import type { Database } from "#db";

/** Megabytes with indexes, after the turns. */
export type Sizes = { readonly [table: string]: number };

/** The hot tables, partitions together, and the whole database. */
export async function sizesOf({ sql }: Database): Promise<Sizes> {
  const rows = await sql<{ name: string; mb: number }[]>`
    select t.name, round((pg_total_relation_size(t.name::regclass)
      + (select coalesce(sum(pg_total_relation_size(p.relid)), 0) from pg_partition_tree(t.name::regclass) p where p.isleaf
        and p.relid <> t.name::regclass)) / 1e6)::float8 as mb
    from unnest(array['enrollment', 'decision', 'intent', 'contact_attempt']) as t(name)
    union all select 'database', round(pg_database_size(current_database()) / 1e6)::float8`;
  return Object.fromEntries(rows.map(({ name, mb }) => [name, mb]));
}
