/** Bounds of the files exchanged with agencies. Named so that every refusal can quote its limit. */
export const EXCHANGE_LIMITS = {
  /** Lines of one batch that goes out; what is beyond goes into the next. Its text is a row until it is written. */
  batchLines: 2000,
  /** Lines of one return file: a day of a large agency. All of them are applied in one commit, or none. */
  returnLines: 200_000,
  returnBytes: 64 * 1024 * 1024,
  manifestBytes: 64 * 1024,
  /** Characters of one line; a quote that is never closed would otherwise swallow the file. */
  lineCharacters: 20_000,
  /** Problems kept with their line; the count goes on. */
  issues: 10_000,
} as const;
