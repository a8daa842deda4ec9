import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stepReference } from "#engine/graph/step-reference";
import { LOCALES } from "#engine/model/locale";
import type { Command } from "../command";

/** `due docs <folder>`: the reference pages that follow from the registry. */
export const docs: Command = {
  usage: "usage.docs",
  options: {},
  takes: 1,
  run: async ({ positionals: [folder = ""] }) => {
    mkdirSync(folder, { recursive: true });
    const files = LOCALES.map((locale) => {
      const file = join(folder, `steps.${locale}.md`);
      writeFileSync(file, stepReference(locale));
      return file;
    });
    return { exit: 0, json: { files }, lines: files };
  },
};
