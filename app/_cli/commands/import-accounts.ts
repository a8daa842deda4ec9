import { createHash } from "node:crypto";
import { basename } from "node:path";
import { readClock } from "#db/queries/clock";
import { saveImport } from "#db/queries/import";
import { localDate } from "#engine/model/time";
import { packOf } from "../../_server/compose-packs";
import { LENDER_MARKET, LENDER_TIME_ZONE } from "../../_server/lender";
import {
  type AccountFile,
  flagContacts,
  flagDate,
  type ReadAccountFile,
  readAccountFile,
  readMapping,
} from "../account-file";
import { type Command, flagText } from "../command";
import { withDatabase } from "../database";
import { issueLines, issuesJson } from "../issue-lines";
import type { Speaker } from "../language";

const CLI_ACTOR = "actor_cli";

/** `due import <csv>`: accounts into the database, whole or not at all; `--dry-run` reads and says what would happen. */
export const importAccounts: Command = {
  usage: "usage.import",
  options: {
    mapping: { type: "string" },
    "data-date": { type: "string" },
    contacts: { type: "string" },
    "dry-run": { type: "boolean" },
  },
  takes: 1,
  run: async (input) => {
    const { words } = input;
    const [file = ""] = input.positionals;
    const pack = packOf(LENDER_MARKET);
    const mapping = readMapping(flagText(input, "mapping"));
    const asked = flagDate(input, "data-date");
    // Without a mapped number and without being asked, no contact points are made up for accounts that will really be worked on.
    const given: AccountFile = { file, mapping, dataDate: asked, contacts: flagContacts(input) ?? "none" };
    if (input.flags["dry-run"] === true) {
      const read = readAccountFile({ ...given, dataDate: asked ?? localDate(LENDER_TIME_ZONE, Date.now()) }, pack);
      return {
        exit: read.rejectedRows > 0 ? 1 : 0,
        json: { ...readJsonOf(read, { file, words }), dryRun: true },
        lines: [...readLines(read, { file, words }), words.say("import.dry-run")],
      };
    }
    return withDatabase(async (database) => {
      const { nowMs } = await readClock(database.sql);
      const read = readAccountFile({ ...given, dataDate: asked ?? localDate(LENDER_TIME_ZONE, nowMs) }, pack);
      const saved = await saveImport(database, {
        fileName: basename(file),
        fileSha256: createHash("sha256").update(read.bytes).digest("hex"),
        mappingName: mapping?.name ?? null,
        options: { contacts: read.contactsUsed, dataDate: read.dataDate },
        rows: read.rows,
        accounts: read.accounts,
        contactPoints: read.contactPoints,
        rejected: read.rejected,
        rejectedRows: read.rejectedRows,
        synthetic: false,
        actorId: CLI_ACTOR,
      });
      const { inserted, updated, skipped } = saved;
      return {
        exit: read.rejectedRows > 0 ? 1 : 0,
        json: {
          ...readJsonOf(read, { file, words }),
          dryRun: false,
          batchId: saved.batchId,
          inserted,
          updated,
          skipped,
        },
        lines: [...readLines(read, { file, words }), words.say("import.saved", { inserted, updated, skipped })],
      };
    });
  },
};

type About = { readonly file: string; readonly words: Speaker };

function readJsonOf(read: ReadAccountFile, { file, words }: About) {
  return {
    file,
    ok: read.rejectedRows === 0,
    rows: read.rows,
    accepted: read.accounts.length,
    rejected: read.rejectedRows,
    encoding: read.encoding,
    dataDate: read.dataDate,
    fileDataDate: read.fileDataDate,
    contactPoints: read.contactsUsed,
    columns: read.columns.map(({ index, name, fields }) => ({ index, name, fields })),
    issues: issuesJson([...read.rejected, ...read.warnings], words),
  };
}

function readLines(read: ReadAccountFile, { file, words }: About): readonly string[] {
  const { rows, rejectedRows: rejected, warningCount: warnings } = read;
  const used = { encoding: read.encoding ?? "", dataDate: read.dataDate ?? "" };
  return [
    ...issueLines(file, [...read.rejected, ...read.warnings], words),
    words.say("import.read", { file, rows, accepted: read.accounts.length, rejected, warnings, ...used }),
    words.say(read.contactsUsed === "simulated" ? "import.contacts-simulated" : "import.contacts-none"),
  ];
}
