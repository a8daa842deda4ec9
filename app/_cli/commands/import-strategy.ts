import type { Database } from "#db";
import { applyMapping, type ImportMapping, ImportMappingSchema } from "#engine/graph/import/apply-mapping";
import type { Migrated } from "#engine/graph/import/migrated";
import { type ImportReview, reviewImport } from "#engine/graph/import/review";
import { locateIssues } from "#engine/graph/read";
import { issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import { STRATEGY_LIMITS } from "#engine/model/strategy";
import { packOf } from "../../_server/compose-packs";
import { AppError } from "../../_server/errors";
import { importStrategyText } from "../../_server/strategy/import-strategy";
import { importHouse } from "../../_server/strategy/review-import";
import { type Command, type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import { withDatabase } from "../database";
import { readText } from "../files";
import type { Speaker } from "../language";

const CLI_ACTOR = { id: "actor_cli", name: "Command line", demo: false, permissions: [] } as const;
const CREATE = "+";

/**
 * `due import-strategy <file.json> [--map <kind>:<name>=<name>,…] [--replace] [--dry-run]`: what the console's import says before it
 * takes a file in, and the file as a draft. A mapping to `+` makes the thing in the strategy. What is left unmapped stays as it is
 * and is a problem to be seen.
 */
export const importStrategy: Command = {
  usage: "usage.import-strategy",
  options: { map: { type: "string" }, replace: { type: "boolean" }, "dry-run": { type: "boolean" } },
  takes: 1,
  run: async (input) => {
    const [file = ""] = input.positionals;
    const { words } = input;
    const text = readText(file, STRATEGY_LIMITS.fileBytes);
    const mapping = mappingOf(input);
    return withDatabase(async (database) => {
      const { doc, ...review } = await reviewed(database, { file, text, mapping });
      const dry = input.flags["dry-run"] === true;
      if (!dry) await brought(database, { file, text, mapping, replace: input.flags.replace === true });
      const key = doc.key;
      return {
        exit: 0 as const,
        json: { key, stored: !dry, ...review } as unknown as { readonly [key: string]: JsonValue },
        lines: [...reportLines(review, words), words.say(dry ? "import.dry-run" : "import-strategy.done", { key })],
      };
    });
  },
};

type Wanted = { readonly file: string; readonly text: string; readonly mapping: ImportMapping };

async function reviewed(database: Database, { file, text, mapping }: Wanted): Promise<ImportReview> {
  const house = await importHouse(database);
  const review = reviewImport(text, house);
  if (!review.ok) throw new ProblemsError(file, locateIssues(text, review.error));
  const { doc } = review.value;
  const mapped = applyMapping(doc, mapping, { pack: packOf(doc.settings.market), agencies: house.agencies });
  if (!mapped.ok) throw new ProblemsError(file, mapped.error);
  return review.value;
}

async function brought(database: Database, { file, replace, ...wanted }: Wanted & { readonly replace: boolean }) {
  try {
    await importStrategyText(database, CLI_ACTOR, { ...wanted, replace });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const issues = error.issues.length > 0 ? error.issues : [issue(error.code, {}, error.params)];
    throw new ProblemsError(file, issues);
  }
}

/** `content:sms.old=sms.reminder,variable:rounds=+` */
function mappingOf(input: CommandInput): ImportMapping {
  const given = flagText(input, "map");
  if (given === undefined) return [];
  const entries = given.split(",").map((entry) => {
    const [, kind, name, to] = /^([a-z-]+):([^=]+)=(.+)$/.exec(entry.trim()) ?? [];
    return { kind, name, to: to === CREATE ? { create: true } : to };
  });
  const parsed = ImportMappingSchema.safeParse(entries);
  if (!parsed.success) throw new UsageError("usage.map", "usage.map", { found: given.slice(0, 80) });
  return parsed.data;
}

function migratedLine(one: Migrated, words: Speaker): string {
  if (one.kind === "document") return words.say("import-strategy.document", one);
  if (one.kind === "tests-dropped") return words.say("import-strategy.tests-dropped", one);
  const { nodeId, type, from, to } = one;
  return words.say("import-strategy.step", { step: nodeId, type, from, to });
}

function reportLines(
  { migrated, missing, unknownSteps }: Omit<ImportReview, "doc">,
  words: Speaker,
): readonly string[] {
  return [
    ...migrated.map((one) => migratedLine(one, words)),
    ...unknownSteps.map(({ nodeId, type, version }) =>
      words.say("import-strategy.unknown-step", { step: nodeId, type, version }),
    ),
    ...missing.map(({ kind, name, places }) =>
      words.say("import-strategy.missing", {
        kind,
        name,
        steps: [...new Set(places.map(({ nodeId }) => nodeId ?? "settings"))].slice(0, 5).join(", "),
      }),
    ),
  ];
}
