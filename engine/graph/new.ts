import { InvariantError } from "../model/invariant";
import type { Currency } from "../model/money";
import {
  STRATEGY_SCHEMA_URL,
  STRATEGY_SCHEMA_VERSION,
  type StrategyDoc,
  type StrategyExit,
  type StrategyNode,
  StrategyNodeSchema,
  type StrategySettings,
} from "../model/strategy";
import { nodeDefinitions } from "../nodes";
import type { NodeGroup } from "../nodes/define";

type Market = StrategySettings["market"];
type MarketDefaults = { readonly currency: Currency; readonly timeZone: string; readonly rulePack: string };

const MARKET_DEFAULTS: { readonly [market in Market]: MarketDefaults } = {
  cn: { currency: "CNY", timeZone: "Asia/Shanghai", rulePack: "cn-default" },
  us: { currency: "USD", timeZone: "America/New_York", rulePack: "us-reg-f" },
  uk: { currency: "GBP", timeZone: "Europe/London", rulePack: "uk-conc" },
  eu: { currency: "EUR", timeZone: "Europe/Berlin", rulePack: "eu-default" },
};

const HORIZON_DAYS_DEFAULT = 400;

/** Strategy-wide exits every strategy begins with (semantics.md, step 2). */
const DEFAULT_EXITS: readonly StrategyExit[] = [
  { id: "paid", reason: "cured", when: { fact: "account_status", operator: "equal", value: "paid" } },
  { id: "closed", reason: "closed", when: { fact: "account_status", operator: "equal", value: "closed" } },
  { id: "sold", reason: "sold", when: { fact: "account_status", operator: "equal", value: "sold" } },
  {
    id: "written-off",
    reason: "written-off",
    when: { fact: "account_status", operator: "equal", value: "written-off" },
  },
];

type FirstStep = { readonly node: StrategyNode; readonly handles: readonly string[] };

/** A step of the first type of a group, as it comes out of the palette. */
function firstOf(group: NodeGroup, id: string): FirstStep {
  const definition = nodeDefinitions.find((known) => known.group === group);
  if (definition === undefined) throw new InvariantError("nodes.group-empty", { group });
  const data = definition.initial();
  const node = StrategyNodeSchema.parse({ id, type: definition.type, version: definition.version, data });
  return { node, handles: definition.handles(data).map((handle) => handle.id) };
}

/** A new strategy: an entry that leads straight to an exit, so that the first step is put on the line between them. */
export function emptyStrategy(
  made: Pick<StrategyDoc, "id" | "key" | "name"> & { readonly market: Market },
): StrategyDoc {
  const { id, key, name, market } = made;
  const entry = firstOf("entry", "start");
  const exit = firstOf("exit", "done");
  return {
    $schema: STRATEGY_SCHEMA_URL,
    schemaVersion: STRATEGY_SCHEMA_VERSION,
    id,
    key,
    name,
    entry: { node: entry.node.id },
    settings: {
      market,
      ...MARKET_DEFAULTS[market],
      horizonDays: HORIZON_DAYS_DEFAULT,
      exits: DEFAULT_EXITS.map((known) => ({ ...known })),
      variables: [],
      fields: [],
    },
    nodes: [entry.node, exit.node],
    edges: entry.handles.map((handle) => ({
      id: `${entry.node.id}-${handle}`,
      from: { node: entry.node.id, handle },
      to: exit.node.id,
    })),
    contents: [],
    strategies: [],
    frames: [],
    notes: [],
    layout: { mode: "auto", positions: { [entry.node.id]: { x: 0, y: 0 }, [exit.node.id]: { x: 0, y: 160 } } },
    tests: [],
  };
}
