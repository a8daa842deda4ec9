import { join } from "node:path";
import { applyReturn, previewReturn } from "#db/queries/agency-return";
import { EXCHANGE_LIMITS } from "#engine/agency/limits";
import { readManifest } from "#engine/agency/manifest";
import { type ReturnFile, readReturn } from "#engine/agency/read-return";
import type { Issue } from "#engine/model/issue";
import type { Result } from "#engine/model/result";
import { exportToAgencies } from "../../_server/agency/exchange";
import { outboxOf } from "../../_server/agency/outbox";
import { returnSetting } from "../../_server/agency/receive-return";
import { type Answer, type Command, type CommandInput, ProblemsError, UsageError } from "../command";
import { withDatabase } from "../database";
import { readBytes, readText } from "../files";
import { issueLines, issuesJson } from "../issue-lines";
import { channelsOfFile } from "../providers-file";

const CLI_ACTOR = "actor_cli";
const MANIFEST = "manifest.json";

/** `due agency export`: batches for agencies into the outbox. `due agency import <folder>`: what an agency sends back. */
export const agencyCommand: Command = {
  usage: "usage.agency",
  options: { partial: { type: "boolean" }, "dry-run": { type: "boolean" } },
  takes: 1,
  takesAtMost: 2,
  run: (input) => {
    const [what, folder] = input.positionals;
    if (what === "export" && folder === undefined) return exportBatches(input);
    if (what === "import" && folder !== undefined) return importReturn(input, folder);
    throw new UsageError("usage.arguments", "usage.arguments", { usage: input.words.say("usage.agency") });
  },
};

function orProblems<TValue>(result: Result<TValue, readonly Issue[]>, file: string | null): TValue {
  if (result.ok) return result.value;
  throw new ProblemsError(file, result.error);
}

async function exportBatches({ words }: CommandInput): Promise<Answer> {
  const outbox = orProblems(outboxOf(channelsOfFile()), null);
  return withDatabase(async (database) => {
    const { issues, ...done } = await exportToAgencies(database, { outbox, actorId: CLI_ACTOR });
    const { written, ...counts } = done;
    return {
      exit: issues.length > 0 ? 1 : 0,
      json: { ...done, issues: issuesJson(issues, words) },
      lines: [
        ...issueLines(null, issues, words),
        words.say("agency.exported", counts),
        ...written.map((batch) => words.say("agency.written", { batch })),
      ],
    };
  });
}

/** The file is the one the manifest names, beside it. */
function openReturn(folder: string): ReturnFile {
  const path = join(folder, MANIFEST);
  const text = readText(path, EXCHANGE_LIMITS.manifestBytes);
  const { file } = orProblems(readManifest(text), path);
  const csv = readBytes(join(folder, file), EXCHANGE_LIMITS.returnBytes);
  return orProblems(readReturn({ manifest: text, csv }), join(folder, file));
}

async function importReturn({ flags, words }: CommandInput, folder: string): Promise<Answer> {
  const file = openReturn(folder);
  const name = join(folder, file.manifest.file);
  const dryRun = flags["dry-run"] === true;
  const mode = flags.partial === true ? "partial" : "whole";
  return withDatabase(async (database) => {
    const told = { file: name, kind: file.manifest.kind, lines: file.lines.length };
    const answer = (counts: { applied: number; repeated: number; rejected: number }, more: Answered): Answer => ({
      exit: counts.rejected > 0 ? 1 : 0,
      json: { ...told, ...counts, dryRun, already: more.already, issues: issuesJson(more.issues, words) },
      lines: [
        ...issueLines(name, more.issues, words),
        words.say("agency.returned", { ...told, ...counts }),
        ...(more.already ? [words.say("agency.already")] : []),
        ...(dryRun ? [words.say("import.dry-run")] : []),
      ],
    });
    if (dryRun) {
      const judged = orProblems(await previewReturn(database, file, returnSetting()), name);
      return answer({ applied: judged.good.length, repeated: judged.repeated, rejected: judged.rejected }, judged);
    }
    const order = { file, mode, actorId: CLI_ACTOR, ...returnSetting() } as const;
    const { applied, repeated, rejected, ...rest } = orProblems(await applyReturn(database, order), name);
    return answer({ applied, repeated, rejected }, rest);
  });
}

type Answered = { readonly issues: readonly Issue[]; readonly already: boolean };
