import type { Condition } from "./condition";
import type { Facts, Field } from "./facts";

/** How bad an issue is: an `error` blocks publishing or importing, a `warning` wants a look, `info` explains. */
export type IssueSeverity = "error" | "warning" | "info";

/** Values a text may quote. Codes and numbers only: the sentence is made where it is shown, in the reader's language. */
export type IssueParams = { readonly [name: string]: string | number | boolean };

/**
 * Accounts an issue speaks of: the condition they meet, as a sentence in the reader's language where it is shown (`{condition}`;
 * null = any account), and the facts of one of them. `fields` holds the fields of those facts, so that whoever shows it needs no
 * catalogue.
 */
export type IssueExample = {
  readonly when: Condition | null;
  readonly facts: Facts;
  readonly fields: readonly Field[];
};

/**
 * One located problem. `code` is stable (`graph.dangling-handle`) and has a text in every locale.
 * `path` is where in the document it stands (`nodes[2].data.days`); `nodeId` names the step when there is one;
 * `line` and `column` (1-based) say where in the file, when the file is text with lines.
 */
export type Issue = {
  readonly code: string;
  readonly severity: IssueSeverity;
  readonly path: string;
  readonly nodeId?: string;
  readonly line?: number;
  readonly column?: number;
  readonly params: IssueParams;
  readonly example?: IssueExample;
};

export type IssuePlace = {
  readonly path?: string;
  readonly nodeId?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly severity?: IssueSeverity;
};

/** Makes an issue; severity defaults to `error` because a silent problem is the worse mistake. */
export function issue(code: string, place: IssuePlace = {}, params: IssueParams = {}): Issue {
  return {
    code,
    severity: place.severity ?? "error",
    path: place.path ?? "",
    ...(place.nodeId === undefined ? {} : { nodeId: place.nodeId }),
    ...(place.line === undefined ? {} : { line: place.line }),
    ...(place.column === undefined ? {} : { column: place.column }),
    params,
  };
}

export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((found) => found.severity === "error");
}
