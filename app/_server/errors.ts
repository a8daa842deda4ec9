import type { Issue, Result } from "#engine";

/** Kinds of refusal the application knows. Use cases throw them as `AppError`; one middleware turns them into tRPC codes. */
export const APP_ERROR_KINDS = ["not-found", "conflict", "invalid", "refused", "forbidden", "too-large"] as const;
export type AppErrorKind = (typeof APP_ERROR_KINDS)[number];

export type AppErrorDetails = {
  readonly params?: { readonly [name: string]: string | number };
  /** Located problems behind the refusal, texts made by the screen. */
  readonly issues?: readonly Issue[];
};

/**
 * A refusal with a stable code (`strategy.not-found`) that has a text in every locale (`errors.<code>` of the application's
 * dictionaries). Holds ids and numbers only, never personal data.
 */
export class AppError extends Error {
  readonly kind: AppErrorKind;
  readonly code: string;
  readonly params: { readonly [name: string]: string | number };
  readonly issues: readonly Issue[];

  constructor(kind: AppErrorKind, code: string, details: AppErrorDetails = {}) {
    super(code);
    this.name = "AppError";
    this.kind = kind;
    this.code = code;
    this.params = details.params ?? {};
    this.issues = details.issues ?? [];
  }
}

/**
 * The value, or the refusal the issues stand for. The first issue names it; `kinds` says what kind each code is, and a code
 * that is not listed is the caller's mistake (`invalid`).
 */
export function orRefuse<TValue>(
  result: Result<TValue, readonly Issue[]>,
  kinds: { readonly [code: string]: AppErrorKind } = {},
): TValue {
  if (result.ok) return result.value;
  const [first] = result.error;
  const code = first?.code ?? "internal";
  const params = Object.fromEntries(
    Object.entries(first?.params ?? {}).map(([name, value]) => [
      name,
      typeof value === "boolean" ? String(value) : value,
    ]),
  );
  throw new AppError(kinds[code] ?? "invalid", code, { params, issues: result.error });
}
