import type { Connection } from "#db";
import { type AuditHead, auditHead, verifyAudit } from "#db/queries/audit-seal";
import { type Answer, type Command, type CommandInput, flagText, UsageError } from "../command";
import { withDatabase } from "../database";

const HEAD = /^(\d{1,15}):([0-9a-f]{64})$/;

/** `due audit head` says where the chain ends, to be kept outside; `due audit verify [--head seq:hash]` walks it. */
export const audit: Command = {
  usage: "usage.audit",
  options: { head: { type: "string" } },
  takes: 1,
  run: (input) => withDatabase((database) => answerOf(database.sql, input)),
};

async function answerOf(connection: Connection, input: CommandInput): Promise<Answer> {
  const [what = ""] = input.positionals;
  if (what === "verify") return verified(connection, input);
  if (what !== "head")
    throw new UsageError("usage.not-a-choice", "usage.not-a-choice", {
      option: "due audit",
      choices: "verify, head",
      found: what.slice(0, 40),
    });
  const { seq, hash } = await auditHead(connection);
  return { exit: 0, json: { ok: true, seq, hash }, lines: [`${seq}:${hash}`] };
}

async function verified(connection: Connection, input: CommandInput): Promise<Answer> {
  const { words } = input;
  const verdict = await verifyAudit(connection, keptHead(input));
  if (!verdict.ok) {
    const { firstBadSeq, fault } = verdict;
    const found = words.say(`audit.${fault}`, { seq: firstBadSeq });
    return { exit: 1, json: { ok: false, firstBadSeq, code: `audit.${fault}` }, lines: [found] };
  }
  const { head, unsealed } = verdict;
  const lines = [words.say("audit.holds", { seq: head.seq, hash: head.hash, unsealed })];
  return { exit: 0, json: { ok: true, seq: head.seq, hash: head.hash, unsealed }, lines };
}

function keptHead(input: CommandInput): AuditHead | null {
  const text = flagText(input, "head");
  if (text === undefined) return null;
  const [, seq, hash] = HEAD.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UsageError("audit.head", "audit.head", { found: text.slice(0, 40) });
  return { seq: Number(seq), hash };
}
