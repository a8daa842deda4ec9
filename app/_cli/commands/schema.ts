import { strategyJsonSchema } from "#engine/graph/json-schema";
import type { Command } from "../command";

/** `due schema`: the JSON Schema of strategy documents, as it is published under `public/schemas`. */
export const schema: Command = {
  usage: "usage.schema",
  options: {},
  takes: 0,
  run: async () => {
    const made = strategyJsonSchema();
    return { exit: 0, json: made, lines: JSON.stringify(made, null, 2).split("\n") };
  },
};
