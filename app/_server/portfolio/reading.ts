import type { Account } from "#engine/model/party";
import type { ImportMapping } from "#engine/portfolio/intake/mapping";
import type { AccountImport, IntakeOptions } from "#engine/portfolio/intake/read-accounts";
import type { ColumnSuggestion } from "#engine/portfolio/intake/suggest";
import { answerOfThread } from "../threads";

/** What the reading thread is asked. A million rows are read without the web server missing a request. */
export type ReadingRequest = {
  readonly path: string;
  readonly mapping: ImportMapping | null;
  readonly options: IntakeOptions;
  /** `preview` sends back what a screen shows, `whole` everything. */
  readonly answer: "preview" | "whole";
};

/** What a screen shows of a file before anything is written. */
export type ImportPreview = Omit<AccountImport, "accounts" | "contactPoints" | "rejected" | "warnings"> & {
  readonly accepted: number;
  readonly contactPointCount: number;
  readonly overdueAccounts: number;
  readonly firstAccounts: readonly Account[];
  readonly rejected: AccountImport["rejected"];
  readonly warnings: AccountImport["warnings"];
  /** How each column would be recognised by itself. */
  readonly suggestions: readonly ColumnSuggestion[];
};

export type ReadingAnswer =
  | { readonly answer: "preview"; readonly preview: ImportPreview }
  | { readonly answer: "whole"; readonly whole: AccountImport };

const ENTRY = "app/_server/portfolio/reading-worker.ts";

export async function readPreview(request: Omit<ReadingRequest, "answer">): Promise<ImportPreview> {
  const answer = await answerOfThread<ReadingAnswer>({ entry: ENTRY, input: { ...request, answer: "preview" } });
  if (answer.answer !== "preview") throw new Error("the reading thread answered something else");
  return answer.preview;
}

export async function readWhole(request: Omit<ReadingRequest, "answer">): Promise<AccountImport> {
  const answer = await answerOfThread<ReadingAnswer>({ entry: ENTRY, input: { ...request, answer: "whole" } });
  if (answer.answer !== "whole") throw new Error("the reading thread answered something else");
  return answer.whole;
}
