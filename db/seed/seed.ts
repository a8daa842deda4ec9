import { compileStrategy } from "#engine/compile/compile";
import { readStrategyText } from "#engine/graph/read";
import { writeStrategy } from "#engine/graph/write";
import { InvariantError } from "#engine/model/invariant";
import { sha256Hex } from "#engine/model/json";
import { localDate } from "#engine/model/time";
import { marketPack, shippedStrategies } from "#engine/packs/index";
import { synthesisePortfolio } from "#engine/portfolio/synthesise";
import type { Database } from "../client";
import { countAccounts } from "../queries/account";
import { readClock } from "../queries/clock";
import { saveImport } from "../queries/import";
import { createStrategy, listStrategies, publishVersion, strategyByKey } from "../queries/strategy";

/** One seed for every installation, so that screenshots, docs and bug reports speak of the same people who do not exist. */
const PORTFOLIO_SEED = 20_260_301;
const PORTFOLIO_ACCOUNTS = 10_000;
const SEED_ACTOR = "actor_system";
const MARKET = "cn";
const TIME_ZONE = "Asia/Shanghai";

export type Seeded = {
  /** Synthetic accounts written now; 0 when there was a portfolio already. */
  readonly accounts: number;
  /** Shipped strategies published now; 0 when all were there. */
  readonly strategies: number;
};

/** A database nobody has put anything into yet. */
export async function isEmpty(database: Database): Promise<boolean> {
  const [accounts, strategies] = await Promise.all([countAccounts(database.sql), listStrategies(database.sql)]);
  return accounts === 0 && strategies.length === 0;
}

/** Fills in what is missing: the synthetic portfolio when there are no accounts, each shipped strategy that is not there. */
export async function seedDatabase(database: Database): Promise<Seeded> {
  const accounts = (await countAccounts(database.sql)) === 0 ? await seedPortfolio(database) : 0;
  let strategies = 0;
  for (const { key, text } of shippedStrategies(MARKET)) {
    if ((await strategyByKey(database.sql, key)) !== null) continue;
    await publishShipped(database, key, text);
    strategies += 1;
  }
  return { accounts, strategies };
}

async function seedPortfolio(database: Database): Promise<number> {
  const { nowMs } = await readClock(database.sql);
  const dataDate = localDate(TIME_ZONE, nowMs);
  const { accounts, contactPoints } = synthesisePortfolio({
    seed: PORTFOLIO_SEED,
    accounts: PORTFOLIO_ACCOUNTS,
    dataDate,
  });
  const saved = await saveImport(database, {
    fileName: "synthetic",
    fileSha256: sha256Hex(`synthetic:${PORTFOLIO_SEED}:${PORTFOLIO_ACCOUNTS}:${dataDate}`),
    mappingName: null,
    options: { synthetic: true, seed: PORTFOLIO_SEED, dataDate },
    rows: accounts.length,
    accounts,
    contactPoints,
    rejected: [],
    rejectedRows: 0,
    synthetic: true,
    actorId: SEED_ACTOR,
  });
  return saved.inserted;
}

/** Through the same doors as anyone's strategy: read, draft, compile, publish. */
async function publishShipped(database: Database, key: string, text: string): Promise<void> {
  const doc = readStrategyText(text);
  if (!doc.ok) throw new InvariantError("seed.strategy-unreadable", { key, code: doc.error[0]?.code });
  const program = compileStrategy(doc.value, marketPack(MARKET));
  if (!program.ok) throw new InvariantError("seed.strategy-does-not-compile", { key, code: program.error[0]?.code });
  const created = await createStrategy(database, { doc: doc.value, actorId: SEED_ACTOR });
  if (!created.ok) throw new InvariantError("seed.strategy-not-created", { key, code: created.error[0]?.code });
  const published = await publishVersion(database, {
    strategyId: created.value.id,
    draftRevision: created.value.draftRevision,
    doc: doc.value,
    docText: writeStrategy(doc.value),
    program: program.value,
    actorId: SEED_ACTOR,
  });
  if (!published.ok) throw new InvariantError("seed.strategy-not-published", { key, code: published.error[0]?.code });
}
