import { decideDeadLetters, listDeadLetters } from "#db/queries/dead-letter";
import { DEAD_LETTER_KINDS, type DeadLetterKind } from "#engine/model/dead-letter";
import { type Answer, type Command, type CommandInput, flagInteger, flagText, UsageError } from "../command";
import { withDatabase } from "../database";

const CLI_ACTOR = "actor_cli";
/** Letters one call lists or decides about; more is another call. */
const LETTERS_MAX = 5000;
const SHOWN_DEFAULT = 100;

/** `due letters list | retry | skip [--kind <kind>] [--subject <id>] [--code <code>] [--limit <n>]` */
export const letters: Command = {
  usage: "usage.letters",
  options: {
    kind: { type: "string" },
    subject: { type: "string" },
    code: { type: "string" },
    limit: { type: "string" },
    all: { type: "boolean" },
  },
  takes: 1,
  run: (input) => {
    const [action] = input.positionals;
    if (action === "list") return list(input);
    if (action === "retry" || action === "skip") return decide(input, action);
    throw new UsageError("usage.arguments", "usage.arguments", { usage: input.words.say("usage.letters") });
  },
};

function list(input: CommandInput): Promise<Answer> {
  const limit = flagInteger(input, "limit", { minimum: 1, maximum: LETTERS_MAX, fallback: SHOWN_DEFAULT });
  const kind = kindOf(input);
  const code = flagText(input, "code") ?? null;
  const subject = flagText(input, "subject") ?? null;
  return withDatabase(async (database) => {
    const open = await listDeadLetters(database.sql, { state: "open", limit: LETTERS_MAX });
    const chosen = open.filter(
      (letter) =>
        (kind === null || letter.kind === kind) &&
        (code === null || letter.lastCode === code) &&
        (subject === null || letter.subject === subject),
    );
    const shown = chosen.slice(0, limit).map((letter) => ({
      kind: letter.kind,
      subject: letter.subject,
      account: letter.accountNo,
      attempts: letter.attempts,
      code: letter.lastCode,
      lastAt: new Date(letter.lastAtMs).toISOString(),
    }));
    const lines = shown.map((letter) =>
      [letter.kind, letter.subject, letter.account ?? "-", letter.attempts, letter.code, letter.lastAt].join("\t"),
    );
    return {
      exit: 0,
      json: { open: chosen.length, letters: shown },
      lines: lines.length === 0 ? [input.words.say("letters.none")] : lines,
    };
  });
}

/** Without a choice nothing is decided: "everything" has to be said. */
function decide(input: CommandInput, action: "retry" | "skip"): Promise<Answer> {
  const limit = flagInteger(input, "limit", { minimum: 1, maximum: LETTERS_MAX, fallback: LETTERS_MAX });
  const choice = {
    kind: kindOf(input),
    code: flagText(input, "code") ?? null,
    subject: flagText(input, "subject") ?? null,
    limit,
  };
  const isChosen = choice.kind !== null || choice.code !== null || choice.subject !== null;
  if (!isChosen && input.flags.all !== true) throw new UsageError("letters.choose", "letters.choose");
  return withDatabase(async (database) => {
    const count = await decideDeadLetters(database, { ...choice, action, actorId: CLI_ACTOR });
    return { exit: 0, json: { ok: true, action, count }, lines: [input.words.say(`letters.${action}`, { count })] };
  });
}

function kindOf(input: CommandInput): DeadLetterKind | null {
  const text = flagText(input, "kind");
  if (text === undefined) return null;
  const kind = DEAD_LETTER_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  const choices = DEAD_LETTER_KINDS.join(", ");
  throw new UsageError("usage.not-a-choice", "usage.not-a-choice", {
    option: "--kind",
    choices,
    found: text.slice(0, 40),
  });
}
