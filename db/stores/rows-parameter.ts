/**
 * A list of rows as one text parameter; read it with `json_to_recordset(${…}::text::json)`. The cast to text keeps the driver
 * from encoding the text a second time.
 */
export function rowsParameter(rows: readonly { readonly [column: string]: unknown }[]): string {
  return JSON.stringify(rows);
}
