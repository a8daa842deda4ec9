import { useState } from "react";

/** What typing came to: the text the stored value reads as, or why nothing was stored. */
export type Commit = { readonly ok: true; readonly reads: string } | { readonly ok: false; readonly problem: string };

/**
 * A text being typed beside the stored value. What cannot be stored yet ("1.", an empty number) stays as typed with its
 * reason; a value changed elsewhere (undo) replaces it.
 */
export function useDraft(stored: string, commit: (typed: string) => Commit) {
  const [draft, setDraft] = useState({ typed: stored, seen: stored, expected: stored, problem: "" });
  if (draft.seen !== stored) {
    const own = draft.expected === stored;
    setDraft({ ...draft, seen: stored, expected: stored, ...(own ? {} : { typed: stored, problem: "" }) });
  }
  return {
    value: draft.typed,
    problem: draft.problem === "" ? null : draft.problem,
    type: (typed: string): void => {
      const result = commit(typed);
      setDraft((before) => ({
        ...before,
        typed,
        expected: result.ok ? result.reads : before.expected,
        problem: result.ok ? "" : result.problem,
      }));
    },
    /** Leaving the field gives up what could not be stored. */
    leave: (): void => setDraft((before) => ({ ...before, typed: stored, problem: "" })),
  };
}
