import { RELEASE_MODES } from "../../model/hold-release";
import type { JsonValue } from "../../model/json";
import { diffWord, factName } from "./reading";
import { itemName, listed } from "./shapes";
import type { Given, Part, Shape, Teller } from "./structure";
import { asCondition, asStep, asWritten, LOCAL_TEXT, leaf, listOf, part } from "./tellers";

/* What a document says apart from its steps. */

type Members = { readonly [name: string]: Given };
const wholeItem: Teller = (item, reading) => itemName(item as Members, reading);
const count: Teller = (value, { locale }) =>
  diffWord(locale, "events-count", { count: Array.isArray(value) ? value.length : 0 });

/** What is chosen on release, in the words of the settings. */
const asRelease: Teller = (value, reading) => {
  const { mode, reason } = (value ?? {}) as { readonly mode?: string; readonly reason?: string };
  const known = RELEASE_MODES.find((one) => one === mode);
  if (known === undefined) return asWritten(value, reading);
  return diffWord(reading.locale, `release-${known}`, { reason: reason ?? "" });
};

const VALUES: Shape = listed(
  { word: "value-named", by: "value", tell: (item) => String((item as Members).value ?? "") },
  { label: part("label", LOCAL_TEXT) },
);

/** Declared things are called by their labels. */
const declared =
  (by: "name" | "key"): Teller =>
  (item, reading) => {
    const { label, [by]: key } = item as Members;
    return itemName({ name: label, id: key }, reading);
  };

function declarations(by: "name" | "key", word: "variable-named" | "field-named", more: readonly string[]): Shape {
  const others = Object.fromEntries(more.map((name) => [name, { label: () => name, shape: leaf(asWritten) }]));
  return {
    kind: "items",
    by,
    ordered: true,
    label: (item) => (reading) => diffWord(reading.locale, word, { name: declared(by)(item as JsonValue, reading) }),
    tell: declared(by),
    of: {
      kind: "members",
      members: {
        ...others,
        type: part("type"),
        label: part("label", LOCAL_TEXT),
        values: part("values", VALUES),
        initial: part("initial"),
      },
    },
  };
}

export const VARIABLES: Shape = declarations("name", "variable-named", []);
const FIELDS: Shape = declarations("key", "field-named", []);

const EXITS: Shape = listed(
  {
    word: "setting-exit",
    tell: (item, reading) => asCondition(((item as Members).when ?? null) as JsonValue, reading),
  },
  { reason: part("reason"), when: part("when", leaf(asCondition)) },
);

export const SETTINGS: Shape = {
  kind: "members",
  members: {
    market: part("market"),
    currency: part("currency"),
    timeZone: part("timeZone"),
    rulePack: part("rulePack"),
    horizonDays: part("horizonDays"),
    onRelease: part("on-release", leaf(asRelease)),
    exits: part("setting-exits", EXITS),
    variables: part("variables", VARIABLES),
    fields: part("fields", FIELDS),
  },
};

export const TITLES: Shape = {
  kind: "members",
  members: {
    key: part("key"),
    name: part("name", LOCAL_TEXT),
    description: part("description", LOCAL_TEXT),
  },
};

export const ENTRY: Part = part("entry", leaf(asStep));

export const CONTENT: Shape = {
  kind: "members",
  members: {
    channel: part("channel"),
    title: part("title", LOCAL_TEXT),
    subject: part("subject", LOCAL_TEXT),
    text: part("text", LOCAL_TEXT),
    version: part("content-version"),
    stages: part("stages", leaf(listOf(asWritten))),
    tone: part("tone"),
    source: part("source"),
  },
};

export const TEST: Shape = {
  kind: "members",
  members: {
    name: part("name", LOCAL_TEXT),
    startAt: part("startAt"),
    party: part("party"),
    facts: part("facts", {
      kind: "record",
      part: (fact) => ({ label: (reading) => factName(fact, reading), shape: leaf(asWritten) }),
    }),
    events: part("events", leaf(count)),
    expect: part(
      "expect",
      leaf((value, reading) => asWritten(value, reading)),
    ),
  },
};

export const FRAME: Shape = {
  kind: "members",
  members: { title: part("title", LOCAL_TEXT), nodes: part("nodes", { kind: "set", tell: listOf(asStep) }) },
};

export const NOTE: Shape = { kind: "members", members: { text: part("text") } };

export { wholeItem };
