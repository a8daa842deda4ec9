/** A value or the reasons why there is none. Failures of the world and of authors travel this way; only our own bugs throw. */
export type Result<TValue, TError> =
  | { readonly ok: true; readonly value: TValue }
  | { readonly ok: false; readonly error: TError };

export function ok<TValue>(value: TValue): { readonly ok: true; readonly value: TValue } {
  return { ok: true, value };
}

export function err<TError>(error: TError): { readonly ok: false; readonly error: TError } {
  return { ok: false, error };
}
