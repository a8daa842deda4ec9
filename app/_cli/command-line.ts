import { parseArgs } from "node:util";
import type { JsonValue } from "#engine/model/json";
import { type Answer, type Command, type CommandInput, ProblemsError, UsageError } from "./command";
import { issueLines, issuesJson } from "./issue-lines";
import { chooseLocale, type Speaker, speaker } from "./language";
import { codeOf, reasonOf } from "./reason";

/**
 * `npm run -s due -- <command> …`: the command line scripts rely on. Exit 0 = ok, 1 = problems found, 2 = called wrongly. With
 * `--json` exactly one JSON document goes to stdout, also for errors. Bad input never shows a stack trace.
 */

/** Each is loaded when it is called: validating must not wait for the database driver. */
const COMMANDS: { readonly [name: string]: () => Promise<Command> } = {
  validate: async () => (await import("./commands/validate")).validate,
  compile: async () => (await import("./commands/compile")).compile,
  diff: async () => (await import("./commands/diff")).diff,
  simulate: async () => (await import("./commands/simulate")).simulateCommand,
  assumptions: async () => (await import("./commands/assumptions")).assumptions,
  test: async () => (await import("./commands/test-strategy")).testStrategy,
  import: async () => (await import("./commands/import-accounts")).importAccounts,
  "import-strategy": async () => (await import("./commands/import-strategy")).importStrategy,
  export: async () => (await import("./commands/export-strategy")).exportStrategy,
  schema: async () => (await import("./commands/schema")).schema,
  docs: async () => (await import("./commands/docs")).docs,
  "import-jdm": async () => (await import("./commands/import-jdm")).importJdmCommand,
  rules: async () => (await import("./commands/rules")).rules,
  experiment: async () => (await import("./commands/experiment")).experiment,
  table: async () => (await import("./commands/table")).table,
  providers: async () => (await import("./commands/check-providers")).checkProviders,
  agency: async () => (await import("./commands/agency")).agencyCommand,
  migrate: async () => (await import("./commands/migrate")).migrate,
  seed: async () => (await import("./commands/seed")).seed,
  pause: async () => (await import("./commands/stop")).pauseCommand,
  resume: async () => (await import("./commands/stop")).resumeCommand,
  stop: async () => (await import("./commands/stop")).stopCommand,
  audit: async () => (await import("./commands/audit")).audit,
  move: async () => (await import("./commands/move")).moveCommand,
  backup: async () => (await import("./commands/backup")).backup,
  restore: async () => (await import("./commands/backup")).restore,
  letters: async () => (await import("./commands/letters")).letters,
  log: async () => (await import("./commands/log")).log,
  worker: async () => (await import("./commands/worker")).worker,
};

const COMMON_OPTIONS = {
  json: { type: "boolean" },
  lang: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** What a command line run prints and ends with. */
export type Output = { readonly exit: number; readonly stdout: string; readonly stderr: string };

function printed(exit: number, json: unknown): Output {
  return { exit, stdout: `${JSON.stringify(json)}\n`, stderr: "" };
}

function said(exit: number, lines: readonly string[]): Output {
  const text = lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  return exit === 0 ? { exit, stdout: text, stderr: "" } : { exit, stdout: "", stderr: text };
}

/** Looks for `--json` and `--lang` before anything is parsed, so that even a wrongly written command answers in the right form. */
function peek(argv: readonly string[]): { readonly json: boolean; readonly words: Speaker } {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const asked = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1]);
  return { json: argv.includes("--json"), words: speaker(chooseLocale(asked)) };
}

async function perform(argv: readonly string[], words: Speaker, json: boolean): Promise<Answer | "help"> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") return "help";
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const known = Object.keys(COMMANDS).join(", ");
    throw new UsageError("usage.unknown-command", "usage.unknown-command", { command: name.slice(0, 40), known });
  }
  const command = await load();
  const parsed = parseCommand(command, rest);
  if (parsed.values.help === true)
    return { exit: 0, json: { usage: words.say(command.usage) }, lines: [words.say(command.usage)] };
  const { takes, takesAtMost = takes } = command;
  if (parsed.positionals.length < takes || parsed.positionals.length > takesAtMost) {
    throw new UsageError("usage.arguments", "usage.arguments", { usage: words.say(command.usage) });
  }
  const input: CommandInput = {
    positionals: parsed.positionals,
    flags: parsed.values,
    words,
    progress: (line) => {
      if (!json) process.stderr.write(`${line}\n`);
    },
  };
  return command.run(input);
}

function parseCommand(command: Command, argv: readonly string[]) {
  try {
    const options = { ...command.options, ...COMMON_OPTIONS };
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { positionals, values: values as { readonly [name: string]: string | boolean | undefined } };
  } catch (error) {
    const found = error instanceof Error ? (error.message.split(". ")[0] ?? "") : "";
    throw new UsageError("usage.option", "usage.option", { found });
  }
}

/** Failures of the user and of the world in the form that was asked for. */
function refusal(error: unknown, words: Speaker, json: boolean): Output {
  if (error instanceof ProblemsError) {
    const { file, issues } = error;
    return json
      ? printed(1, { file, ok: false, issues: issuesJson(issues, words) })
      : said(1, issueLines(file, issues, words));
  }
  if (error instanceof UsageError) {
    const message = words.say(error.key, error.params);
    return json
      ? printed(2, { error: { code: error.code, message, params: error.params as JsonValue } })
      : said(2, [message]);
  }
  const code = codeOf(error) || "failed";
  const message = reasonOf(error, words);
  return json ? printed(1, { error: { code, message } }) : said(1, [message]);
}

/** Runs one command and answers what to print. Never throws for bad input or trouble of the world. */
export async function runCommandLine(argv: readonly string[]): Promise<Output> {
  const { json, words } = peek(argv);
  try {
    const answer = await perform(argv, words, json);
    if (answer === "help")
      return json ? printed(0, { usage: words.say("usage.all") }) : said(0, [words.say("usage.all")]);
    if (json) return printed(answer.exit, answer.json);
    return { exit: answer.exit, stdout: answer.lines.map((line) => `${line}\n`).join(""), stderr: "" };
  } catch (error) {
    return refusal(error, words, json);
  }
}
