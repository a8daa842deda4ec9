import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "esbuild";

/**
 * The engine, broken on purpose, to see that the checks see it. Each mutation takes out one thing the promises rest on, in the
 * worker's bundle alone; what is on disk stays whole. A text that is not found any more ends the run: the table must keep up with
 * the code.
 */
export type Mutation = {
  readonly says: string;
  readonly changes: readonly { readonly file: string; readonly from: string | RegExp; readonly to: string }[];
  /** Checks of which at least one must find it. */
  readonly caughtBy: readonly string[];
};

export const MUTATIONS = {
  "no-fence": {
    says: "nobody locks an account, and nobody looks whether it moved meanwhile",
    changes: [
      { file: "db/stores/claim.ts", from: /for no key update of e skip locked/g, to: "" },
      {
        file: "db/stores/advance-commit.ts",
        from: "where e.party_id = n.party_id and e.id = n.id and e.fence = n.fence",
        to: "where e.party_id = n.party_id and e.id = n.id",
      },
    ],
    caughtBy: ["C1", "C3", "C4", "C8"],
  },
  "no-lease": {
    says: "a sender that slept past its lease sends all the same, and does not look again at what is paused",
    changes: [
      {
        file: "engine/runtime/last-look.ts",
        from: "deps.monotonicMs() - lease.fromMs <= lease.lastsMs * LEASE_SHARE",
        to: "true",
      },
      {
        file: "engine/runtime/last-look.ts",
        from: "isInTime() && deps.monotonicMs() - atMs <= SEEN_FOR_MS",
        to: "true",
      },
    ],
    caughtBy: ["C2", "C7"],
  },
  "resend-unknown": {
    says: "what may have left is sent again, whatever its provider can do",
    changes: [{ file: "engine/runtime/unknown-outcome.ts", from: 'none: "keep"', to: 'none: "resend"' }],
    caughtBy: ["C2"],
  },
  "intent-apart": {
    says: "requests are written in a commit of their own, behind the state they belong to",
    changes: [
      {
        file: "db/stores/enrollment-store.ts",
        from: "return await inTransaction(database, async (connection) => {",
        to: "return await apart(database, turns, async (connection) => {",
      },
      {
        file: "db/stores/enrollment-store.ts",
        from: "/** Enrollments in Postgres. One instance",
        to: `import { advanceParameters, INTENT_COLUMNS } from "./advance-rows";
          async function apart(database, turns, body) {
            const { work } = turns;
            let all = [];
            turns.work = async (claimed) => {
              all = await work(claimed);
              return all.map((one) => ({ ...one, intents: [] }));
            };
            const done = await inTransaction(database, body);
            const rows = advanceParameters(all).intents;
            if (rows.length > 0) await database.sql\`insert into intent (party_id, key, enrollment_id, account_id, step_seq, attempt,
                node_id, kind, channel, content_id, lexicon, details, not_before, not_after, state, updated_at)
              select i.party_id, i.key, i.enrollment_id, i.account_id, i.step_seq, i.attempt, i.node_id, i.kind, i.channel, i.content_id,
                i.lexicon, i.details, to_timestamp(i.not_before_ms / 1000.0), to_timestamp(i.not_after_ms / 1000.0), i.state, now()
              from \${rowSet(database.sql, "i", { columns: INTENT_COLUMNS, rows })} on conflict (key) do nothing\`;
            return done;
          }
          /** Enrollments in Postgres. One instance`,
      },
    ],
    caughtBy: ["C1", "C4"],
  },
  "no-caps": {
    says: "contacts leave no trace the caps could count",
    changes: [
      {
        file: "db/stores/outbox-commit.ts",
        from: "from moved m where m.contact_point_id is not null",
        to: "from moved m where false",
      },
    ],
    caughtBy: ["C2", "C6"],
  },
  "no-pause": {
    says: "nobody asks what is paused before something leaves",
    changes: [
      {
        file: "engine/runtime/last-look.ts",
        from: "const stops = await deps.stops.inForce();",
        to: "const stops: readonly Stop[] = [];",
      },
      {
        file: "db/stores/blocked.ts",
        from: "still: rows.flatMap(({ version, waits }) => (version !== null && waits ? version : [])),",
        to: "still: [],",
      },
    ],
    caughtBy: ["C7"],
  },
  "result-twice": {
    says: "an event that was heard stays in the inbox",
    changes: [
      { file: "db/stores/advance-commit.ts", from: "set status = c.status, error", to: "set status = i.status, error" },
    ],
    caughtBy: ["C3", "C4", "C11"],
  },
} as const satisfies { readonly [name: string]: Mutation };

export type MutationName = keyof typeof MUTATIONS;

export function isMutation(name: string): name is MutationName {
  return Object.hasOwn(MUTATIONS, name);
}

/** Puts the mutation into the bundle. */
export function mutating({ changes }: Mutation): Plugin {
  return {
    name: "mutating",
    setup: (building) => {
      building.onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path }) => {
        const own = changes.filter(({ file }) => path === resolve(file));
        if (own.length === 0) return null;
        return { contents: own.reduce(changed, readFileSync(path, "utf8")), loader: "ts" };
      });
    },
  };
}

function changed(text: string, { file, from, to }: Mutation["changes"][number]): string {
  const made = text.replace(from, () => to);
  if (made === text) throw new Error(`${file} does not hold ${String(from)}`);
  return made;
}
