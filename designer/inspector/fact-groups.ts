import {
  COUNTER_METRICS,
  counterFact,
  counterOfFact,
  type FactType,
  type Field,
  fieldOf,
  inLocale,
  LOCALES,
} from "#engine";

type Fields = { readonly [key: string]: Field };

/** How facts stand together in a list to choose from. */
export const FACT_GROUPS = ["variables", "lender", "arms", "counters", "file", "derived"] as const;
export type FactGroup = (typeof FACT_GROUPS)[number];

/** A week: the period most caps and habits of the field are reckoned in. */
export const COUNTER_DAYS_FIRST = 7;

const GROUP_OF_PREFIX: { readonly [prefix: string]: FactGroup } = { var: "variables", custom: "lender", arm: "arms" };

function groupOf(field: Field): FactGroup {
  if (counterOfFact(field.key) !== null) return "counters";
  const [prefix = "", name] = field.key.split(".");
  const named = name === undefined ? undefined : GROUP_OF_PREFIX[prefix];
  return named ?? (field.origin === "column" ? "file" : "derived");
}

/** What is counted, each over as many days as the chosen fact counts, or over a week. */
function counters(fields: Fields, chosen: string): readonly Field[] {
  const days = counterOfFact(chosen)?.days ?? COUNTER_DAYS_FIRST;
  return COUNTER_METRICS.flatMap((metric) => fieldOf(fields, counterFact({ metric, days })) ?? []);
}

export type FactChoices = readonly { readonly group: FactGroup; readonly fields: readonly Field[] }[];

/** Everything that may be chosen, by group; only fields a rule may read, and only of `types` where they are given. */
export function factChoices(fields: Fields, chosen: string, types?: readonly FactType[]): FactChoices {
  const usable = [...Object.values(fields), ...counters(fields, chosen)].filter(
    (field) => field.usableInRules && (types === undefined || types.includes(field.type)),
  );
  return FACT_GROUPS.map((group) => ({ group, fields: usable.filter((field) => groupOf(field) === group) })).filter(
    (choices) => choices.fields.length > 0,
  );
}

/** Whether a field answers a search: its names in every language, its key, and what lenders call it. */
export function answers(field: Field, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  const names = LOCALES.map((locale) => inLocale(field.label, locale));
  return [field.key, ...names, ...field.aliases].some((name) => name.toLowerCase().includes(wanted));
}
