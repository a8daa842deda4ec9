import type { Database } from "#db";
import { collectedIds } from "#db/queries/portfolio-ids";
import { loadTurnSnapshots } from "#db/stores/snapshots";
import { type Condition, type FactValue, type StrategySettings, strategyCatalogue } from "#engine";
import { FieldSchema } from "#engine/model/facts";
import type { AccountId } from "#engine/model/ids";
import type { Money } from "#engine/model/money";
import { variableOfFact } from "#engine/model/variable";
import { maskedName } from "#engine/portfolio/masked-name";
import type { TurnSnapshot } from "#engine/ports/account-snapshot";
import { type AskedCondition, askCondition } from "#engine/run/ask-condition";
import { firstVars } from "#engine/run/first-state";
import { factsAt } from "#engine/runtime/facts-at";
import { engineNowMs } from "../clock";
import { packOf } from "../compose-packs";
import { AppError } from "../errors";

/** Accounts one question looks at: an author waits for the answer between two keystrokes, and a share is known well by then. */
export const ASKED_ACCOUNTS_MAX = 20_000;
/** Accounts read at a time: between two pages a question that nobody waits for any more ends. */
const PAGE = 2_000;
const EXAMPLES_MAX = 3;

export type AskBounds = {
  /** Nobody waits any more once it is aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly accountsMax?: number;
  readonly page?: number;
};

export type PortfolioQuestion = {
  readonly condition: Condition;
  readonly settings: Pick<StrategySettings, "market" | "currency" | "timeZone" | "fields" | "variables">;
};

export type MatchExample = {
  readonly accountId: AccountId;
  /** Null where the file has no name. */
  readonly name: string | null;
  readonly accountNo: string;
  readonly dpd: number;
  readonly overdue: Money;
};

/** How many of the lender's open accounts a condition holds for, now. */
export type PortfolioAnswer = {
  readonly looked: number;
  /** There are more accounts than were looked at. */
  readonly capped: boolean;
  readonly matches: number;
  readonly unknown: number;
  /** The lender has no account of its own yet, so the synthetic ones were asked. */
  readonly synthetic: boolean;
  /** It asks what the strategy itself gives an account: variables, arms and days are those of an account that comes in now. */
  readonly asOnEntry: boolean;
  readonly examples: readonly MatchExample[];
};

const ARM = /^arm\./;
const GIVEN_BY_STRATEGY = ["days_in_strategy"];

/**
 * Asks a condition of the accounts as they stand, by the facts and the rules of the live path. Refuses with
 * `strategy.condition-invalid` and the located issues. Ends early, with what was counted, when nobody waits any more.
 */
export async function askPortfolio(
  database: Database,
  question: PortfolioQuestion,
  { signal, accountsMax = ASKED_ACCOUNTS_MAX, page = PAGE }: AskBounds = {},
): Promise<PortfolioAnswer> {
  const asked = linked(question);
  const nowMs = await engineNowMs(database);
  const { currency } = question.settings;
  const own = await collectedIds(database.sql, { synthetic: false, currency, after: null, limit: 1 });
  const portfolio = { synthetic: own.length === 0, currency };
  const view = viewOf(question, asked, nowMs);
  const tally = { looked: 0, matches: 0, unknown: 0, examples: [] as MatchExample[] };
  const days = [...new Set(asked.counters.map((counter) => counter.days))];
  let after: AccountId | null = null;
  let capped = false;
  while (signal?.aborted !== true) {
    // One more than is looked at tells whether there are more.
    const limit = Math.min(page, accountsMax - tally.looked) + 1;
    const ids: readonly AccountId[] = await collectedIds(database.sql, { ...portfolio, after, limit });
    const looked = ids.slice(0, limit - 1);
    const known = await loadTurnSnapshots(database.sql, looked, { nowMs, days });
    for (const id of looked) count(tally, known.get(id), view);
    after = looked.at(-1) ?? null;
    capped = ids.length === limit && tally.looked >= accountsMax;
    if (ids.length < limit || capped) break;
  }
  const asOnEntry = asked.facts.some(
    (fact) => variableOfFact(fact) !== null || ARM.test(fact) || GIVEN_BY_STRATEGY.includes(fact),
  );
  return { ...tally, capped, synthetic: portfolio.synthetic, asOnEntry };
}

function linked({ condition, settings }: PortfolioQuestion): AskedCondition {
  const { fields } = packOf(settings.market);
  const result = askCondition(condition, strategyCatalogue(fields, settings, armsAsked(condition)));
  if (!result.ok) throw new AppError("invalid", "strategy.condition-invalid", { issues: result.error });
  return result.value;
}

/** Arms are declared by steps, which a question does not bring along; nobody who comes in now has one. */
function armsAsked(condition: Condition) {
  const text = JSON.stringify(condition);
  const keys = [...text.matchAll(/"fact":"(arm\.[^"]+)"/g)].flatMap(([, key]) => key ?? []);
  return [...new Set(keys)].map((key) =>
    FieldSchema.parse({ key, type: "enum", label: { en: key }, origin: "derived", usableInRules: true }),
  );
}

type View = {
  readonly asked: AskedCondition;
  readonly facts: Parameters<typeof factsAt>[1];
  readonly vars: { readonly [variable: string]: FactValue };
  readonly timeZone: string;
};

function viewOf({ settings }: PortfolioQuestion, asked: AskedCondition, nowMs: number): View {
  const { timeZone } = settings;
  const program = { settings, steps: {}, counters: asked.counters };
  const facts = { version: { program }, pack: packOf(settings.market), nowMs };
  return { asked, facts, vars: firstVars(program), timeZone };
}

type Tally = { looked: number; matches: number; unknown: number; readonly examples: MatchExample[] };

function count(
  tally: Tally,
  snapshot: TurnSnapshot | undefined,
  { asked, facts: factsView, vars, timeZone }: View,
): void {
  // It went away between the two reads.
  if (snapshot === undefined) return;
  const facts = factsAt({ snapshot, startedAtMs: null }, factsView);
  const truth = asked.truthOf({ facts, vars, nowMs: factsView.nowMs, timeZone });
  tally.looked += 1;
  if (truth === "unknown") tally.unknown += 1;
  if (truth !== "holds") return;
  tally.matches += 1;
  if (tally.examples.length >= EXAMPLES_MAX) return;
  const { account } = snapshot;
  tally.examples.push({
    accountId: account.id,
    name: maskedName(account.fields.customer_name),
    accountNo: account.accountNo,
    dpd: Number(facts.dpd),
    overdue: { minor: Number(facts.overdue_amount), currency: account.currency },
  });
}
