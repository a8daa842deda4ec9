/** Bounds of an account file. Named so that every refusal can quote its limit. */
export const INTAKE_LIMITS = {
  fileBytes: 200 * 1024 * 1024,
  rows: 1_000_000,
  columns: 400,
  cellCharacters: 10_000,
  /** Characters of one row; a quote that is never closed would otherwise swallow the file. */
  rowCharacters: 400_000,
  /** Rows whose quotes are wrong; beyond it the file is not what it says it is. */
  brokenRows: 1000,
  /** Issues kept of one row. */
  issuesPerRow: 5,
  /** Rejections kept with their place; the count goes on. */
  rejections: 100_000,
  warningKinds: 2000,
  sampleRows: 20,
} as const;
