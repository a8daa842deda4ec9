import type { AppErrorKind } from "../errors";

/** What kind of refusal each code of the strategy queries is. */
export const STRATEGY_REFUSALS: { readonly [code: string]: AppErrorKind } = {
  "strategy.not-found": "not-found",
  "strategy.version-not-found": "not-found",
  "strategy.key-taken": "conflict",
  "strategy.id-taken": "conflict",
  "strategy.draft-conflict": "conflict",
  "strategy.nul-character": "invalid",
  "strategy.identity-changed": "invalid",
};
