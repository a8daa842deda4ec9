import { createHash } from "node:crypto";
import { Transform } from "node:stream";

export type Measure = { readonly rows: number; readonly bytes: number; readonly sha256: string };

const NEW_LINE = 0x0a;

/** Lets bytes through and says, when they are through, what they were. COPY ends a row with the only raw line feed in it. */
export function measured(): { readonly through: Transform; readonly done: () => Measure } {
  const hash = createHash("sha256");
  let rows = 0;
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) rows += 1;
      next(null, chunk);
    },
  });
  return { through, done: () => ({ rows, bytes, sha256: hash.digest("hex") }) };
}
