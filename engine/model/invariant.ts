/** Our own bug, never an author's or the world's mistake. The enrollment it happened in becomes `faulted`. */
export class InvariantError extends Error {
  readonly code: string;
  readonly context: { readonly [name: string]: unknown };

  constructor(code: string, context: { readonly [name: string]: unknown } = {}) {
    super(`${code} ${JSON.stringify(context)}`);
    this.name = "InvariantError";
    this.code = code;
    this.context = context;
  }
}
