import { seedDatabase } from "#db/seed/seed";
import type { Command } from "../command";
import { withDatabase } from "../database";

/** `due seed`: the synthetic portfolio and the shipped strategies, as far as they are not there yet. */
export const seed: Command = {
  usage: "usage.seed",
  options: {},
  takes: 0,
  run: async ({ words }) => {
    const seeded = await withDatabase((database) => seedDatabase(database));
    return { exit: 0, json: { ok: true, ...seeded }, lines: [words.say("seed.done", seeded)] };
  },
};
