import type { ParseArgsConfig } from "node:util";
import type { Issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import type { Speaker, TextKey, TextParams } from "./language";

/** What a command answers. Printed as one JSON document with `--json`, else as lines in the reader's language. */
export type Answer = {
  /** 0 = all well, 1 = problems found. */
  readonly exit: 0 | 1;
  readonly json: { readonly [key: string]: JsonValue | undefined };
  readonly lines: readonly string[];
};

export type CommandInput = {
  readonly positionals: readonly string[];
  readonly flags: { readonly [name: string]: string | boolean | undefined };
  readonly words: Speaker;
  /** Says how far a long command is; to the terminal only, never into the answer. */
  readonly progress: (line: string) => void;
};

/** One word after `due`. */
export type Command = {
  readonly usage: TextKey;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** How many things it takes beside its options. */
  readonly takes: number;
  /** Where it may take more than that. */
  readonly takesAtMost?: number;
  readonly run: (input: CommandInput) => Promise<Answer>;
};

/** The command was called wrongly, or what it was pointed at cannot be read: exit 2 and one sentence. */
export class UsageError extends Error {
  readonly code: string;
  readonly key: TextKey;
  readonly params: TextParams;
  constructor(code: string, key: TextKey, params: TextParams = {}) {
    super(code);
    this.name = "UsageError";
    this.code = code;
    this.key = key;
    this.params = params;
  }
}

/** What was found wrong, nothing done: exit 1. */
export class ProblemsError extends Error {
  readonly file: string | null;
  readonly issues: readonly Issue[];
  constructor(file: string | null, issues: readonly Issue[]) {
    super("problems");
    this.name = "ProblemsError";
    this.file = file;
    this.issues = issues;
  }
}

export function flagText(input: CommandInput, name: string): string | undefined {
  const value = input.flags[name];
  return typeof value === "string" ? value : undefined;
}

/** A whole number from an option, or the fallback when it is not given. Throws UsageError when it is not one or out of range. */
export function flagInteger(
  input: CommandInput,
  name: string,
  range: { readonly minimum: number; readonly maximum: number; readonly fallback: number | null },
): number {
  const text = flagText(input, name);
  if (text === undefined) {
    if (range.fallback === null)
      throw new UsageError("usage.option-missing", "usage.option-missing", { option: `--${name}` });
    return range.fallback;
  }
  const value = Number(text);
  if (!/^-?\d{1,15}$/.test(text) || value < range.minimum || value > range.maximum) {
    const { minimum, maximum } = range;
    throw new UsageError("usage.not-a-number", "usage.not-a-number", {
      option: `--${name}`,
      minimum,
      maximum,
      found: text.slice(0, 40),
    });
  }
  return value;
}

export function flagChoice<TChoice extends string>(
  input: CommandInput,
  name: string,
  given: { readonly choices: readonly TChoice[]; readonly fallback: TChoice },
): TChoice {
  const text = flagText(input, name) ?? given.fallback;
  const choice = given.choices.find((known) => known === text);
  if (choice === undefined) {
    throw new UsageError("usage.not-a-choice", "usage.not-a-choice", {
      option: `--${name}`,
      choices: given.choices.join(", "),
      found: text.slice(0, 40),
    });
  }
  return choice;
}
