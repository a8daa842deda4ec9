import { locateIssues } from "#engine/graph/read";
import { readJson } from "#engine/graph/read-json";
import type { MarketPack } from "#engine/model/market-pack";
import { isLocalDate, type LocalDate } from "#engine/model/time";
import { INTAKE_LIMITS } from "#engine/portfolio/intake/limits";
import { type ImportMapping, parseMapping } from "#engine/portfolio/intake/mapping";
import { type AccountImport, readAccounts } from "#engine/portfolio/intake/read-accounts";
import { type CommandInput, flagText, ProblemsError, UsageError } from "./command";
import { readBytes, readText } from "./files";

/** A mapping is written by people; one of megabytes is something else. */
const MAPPING_BYTES_MAX = 1024 * 1024;
const MAPPING_DEPTH_MAX = 16;

export type AccountFile = {
  readonly file: string;
  readonly mapping: ImportMapping | null;
  readonly dataDate: LocalDate | null;
  /** Null = simulated contact points when the file maps no contact column. */
  readonly contacts: "none" | "simulated" | null;
};

export type ReadAccountFile = AccountImport & {
  readonly contactsUsed: "none" | "simulated";
  readonly bytes: Uint8Array;
};

/** A date option. Throws UsageError when it is not a day that exists. */
export function flagDate(input: CommandInput, name: string): LocalDate | null {
  const text = flagText(input, name);
  if (text === undefined) return null;
  if (!isLocalDate(text)) {
    throw new UsageError("usage.not-a-date", "usage.not-a-date", { option: `--${name}`, found: text.slice(0, 40) });
  }
  return text;
}

export function flagContacts(input: CommandInput): "none" | "simulated" | null {
  const text = flagText(input, "contacts");
  if (text === undefined || text === "none" || text === "simulated") return text ?? null;
  throw new UsageError("usage.not-a-choice", "usage.not-a-choice", {
    option: "--contacts",
    choices: "none, simulated",
    found: text.slice(0, 40),
  });
}

/** The mapping file of `--mapping`, or null. Throws UsageError or ProblemsError with line and column. */
export function readMapping(path: string | undefined): ImportMapping | null {
  if (path === undefined) return null;
  const text = readText(path, MAPPING_BYTES_MAX);
  const json = readJson(text, { bytes: MAPPING_BYTES_MAX, depth: MAPPING_DEPTH_MAX });
  if (!json.ok) throw new ProblemsError(path, json.error);
  const mapping = parseMapping(json.value);
  if (!mapping.ok) throw new ProblemsError(path, locateIssues(text, mapping.error));
  return mapping.value;
}

/** Reads an account file to the end. Throws ProblemsError when nothing of it can be used; rejected rows are in the answer. */
export function readAccountFile(given: AccountFile, pack: MarketPack): ReadAccountFile {
  const bytes = readBytes(given.file, INTAKE_LIMITS.fileBytes);
  const read = (contacts: "none" | "simulated") =>
    readAccounts({
      bytes,
      mapping: given.mapping,
      fields: pack.fields,
      options: { dataDate: given.dataDate, contacts, encoding: null },
    });
  let contactsUsed = given.contacts ?? "none";
  let found = read(contactsUsed);
  if (given.contacts === null && !found.refused && !found.mapsContacts) {
    contactsUsed = "simulated";
    found = read(contactsUsed);
  }
  if (found.refused) throw new ProblemsError(given.file, found.rejected);
  return { ...found, contactsUsed, bytes };
}
