import { strategyByKey, versionById } from "#db/queries/strategy";
import type { JsonValue } from "#engine/model/json";
import { draftText } from "../../_server/stored-documents";
import { type Command, flagInteger, flagText, UsageError } from "../command";
import { withDatabase } from "../database";

/** `due export <strategy key> [--version <n>]`: the draft, or a published version byte for byte. */
export const exportStrategy: Command = {
  usage: "usage.export",
  options: { version: { type: "string" } },
  takes: 1,
  run: async (input) => {
    const [key = ""] = input.positionals;
    const text = await withDatabase(async ({ sql }) => {
      const strategy = await strategyByKey(sql, key);
      if (strategy === null) throw new UsageError("strategy.unknown", "export.unknown-strategy", { key });
      if (flagText(input, "version") === undefined) return draftText(strategy);
      const number = flagInteger(input, "version", { minimum: 1, maximum: 1_000_000, fallback: null });
      const found = strategy.versions.find((version) => version.number === number);
      const version = found === undefined ? null : await versionById(sql, found.id);
      if (version === null) throw new UsageError("strategy.version-unknown", "export.unknown-version", { key, number });
      return version.docText;
    });
    return {
      exit: 0,
      json: JSON.parse(text) as { readonly [key: string]: JsonValue },
      lines: [text.replace(/\n$/, "")],
    };
  },
};
