import type { JsonValue } from "../../model/json";
import type { Locale, LocalText } from "../../model/locale";
import { inLocale } from "../../model/locale";
import type { AnyNodeDefinition, FormField } from "../../nodes/define";
import { type DiffReading, type DiffWord, diffWord, variableName } from "./reading";
import { type Given, isSame, type Label, type Part, type Shape, type Teller } from "./structure";
import { tableShape } from "./table-shape";
import {
  asCondition,
  asContent,
  asFact,
  asMinutes,
  asNumberOf,
  asOption,
  asShare,
  asStrategy,
  asValueFor,
  asVariable,
  asWritten,
  group,
  LOCAL_TEXT,
  leaf,
  listOf,
  part,
  silent,
} from "./tellers";

type Members = { readonly [name: string]: Given };

function isName(value: Given): value is LocalText & JsonValue {
  return value !== null && typeof value === "object" && ("zh-CN" in value || "en" in value);
}

/** What an item is called: its author's name, else what it asks, else its id. */
export function itemName({ id, name, title, when }: Members, reading: DiffReading): string {
  if (isName(name)) return inLocale(name, reading.locale);
  if (isName(title)) return inLocale(title, reading.locale);
  if (when !== undefined && when !== null) return asCondition(when, reading);
  return String(id ?? "");
}

const named =
  (word: DiffWord) =>
  (item: Members): Label =>
  (reading) =>
    diffWord(reading.locale, word, { name: itemName(item, reading) });

const memberTeller =
  (name: string, tell: Teller): Teller =>
  (item, reading) => {
    const members = item as { readonly [name: string]: JsonValue };
    return tell(members[name] ?? null, reading);
  };

type Listed = { readonly word: DiffWord; readonly by?: string; readonly tell: Teller };

/** A list whose order counts, of items with ids. */
export function listed(
  { word, by = "id", tell }: Listed,
  members: { readonly [name: string]: Part },
): Extract<Shape, { readonly kind: "items" }> {
  return { kind: "items", by, ordered: true, label: named(word), tell, of: { kind: "members", members } };
}

const NAME = part("name", LOCAL_TEXT);
const RULES = listed(
  { word: "rule", tell: memberTeller("when", asCondition) },
  { name: NAME, when: part("condition", leaf(asCondition)) },
);
const ARMS: Shape = {
  ...listed(
    { word: "arm", tell: memberTeller("weight", asShare) },
    { name: NAME, weight: part("share", leaf(asShare)) },
  ),
  together: "weight",
};
const ANSWERS = listed({ word: "answer", tell: memberTeller("id", asWritten) }, { name: NAME });

/** Items that are told apart by the variable they fill. */
function byVariable(by: string, member: string, tellerFor: (variable: string) => Teller): Shape {
  return {
    kind: "items",
    by,
    ordered: true,
    label: (item) => (reading) => (by === "variable" ? variableName(String(item[by]), reading) : String(item[by])),
    tell: (item, reading) => {
      const members = item as { readonly [name: string]: JsonValue };
      return tellerFor(String(members[by]))(members[member] ?? null, reading);
    },
    of: {
      kind: "members",
      members: {
        [member]: part(
          member === "value" ? "value" : "variable",
          leaf((value, reading) => asWrittenAs(value, reading)),
        ),
      },
    },
  };
}

/** A value of which nothing but its form is known. */
const asWrittenAs: Teller = (value, reading) => asValueFor(null)(value, reading);

const CARD: Shape = {
  kind: "members",
  members: {
    attributes: group(
      "attributes",
      listed(
        { word: "attribute", tell: (item, reading) => itemName(item as Members, reading) },
        {
          name: NAME,
          weight: part("weight"),
          rules: part(
            "points-rules",
            listed(
              { word: "rule", tell: memberTeller("points", asWritten) },
              { when: part("condition", leaf(asCondition)), points: part("points") },
            ),
          ),
          otherwise: part("points-otherwise"),
          unknown: part("points-unknown"),
        },
      ),
    ),
    bands: group(
      "bands",
      listed({ word: "band", tell: memberTeller("atLeast", asWritten) }, { name: NAME, atLeast: part("at-least") }),
    ),
  },
};

const USE: Shape = {
  kind: "members",
  members: {
    strategy: part("used-strategy", leaf(asStrategy)),
    inputs: part("inputs", { kind: "record", part: (name) => ({ label: () => name, shape: leaf(asValueFor(name)) }) }),
    outputs: part("outputs", { kind: "record", part: (name) => ({ label: () => name, shape: leaf(asVariable) }) }),
    exits: part(
      "exits",
      listed({ word: "exit", tell: (item, reading) => itemName(item as Members, reading) }, { name: NAME }),
    ),
  },
};

type ShapeMaker = (field: FormField, values: { readonly before: Given; readonly after: Given }) => Shape;

/** How the data behind each widget of a form is taken apart. A new widget does not compile without its line here. */
const SHAPE_OF: { readonly [widget in FormField["widget"]]: ShapeMaker } = {
  text: () => leaf(asWritten),
  integer: () => leaf(asWritten),
  number: () => leaf(asWritten),
  toggle: () => leaf(asWritten),
  "local-time": () => leaf(asWritten),
  date: () => leaf(asWritten),
  lexicon: () => leaf(asWritten),
  "duration-minutes": () => leaf(asMinutes),
  percent: () => leaf(asNumberOf("percent")),
  amount: () => leaf(asNumberOf("money")),
  choice: () => leaf(asOption),
  choices: () => leaf(listOf(asOption)),
  "event-list": () => leaf(listOf(asOption)),
  "retry-gaps": () => ({
    kind: "record",
    part: (code) => ({ label: ({ options }) => options[code] ?? code, shape: leaf(asMinutes) }),
  }),
  content: () => leaf(asContent),
  condition: () => leaf(asCondition),
  fact: () => leaf(asFact),
  facts: () => leaf(listOf(asFact)),
  variable: () => leaf(asVariable),
  value: () => leaf(asValueFor(null)),
  "value-map": () => ({ kind: "record", part: (name) => ({ label: () => name, shape: leaf(asValueFor(null)) }) }),
  rules: () => RULES,
  weights: () => ARMS,
  answers: () => ANSWERS,
  assignments: () => byVariable("variable", "value", asValueFor),
  receive: () => byVariable("name", "variable", () => asVariable),
  table: (_field, values) => tableShape(values),
  scorecard: () => CARD,
  "sub-strategy": () => USE,
};

/** Widgets whose items are called what they are: "rule …" needs no "rules". */
const SAYS_ENOUGH: ReadonlySet<FormField["widget"]> = new Set([
  "table",
  "scorecard",
  "rules",
  "weights",
  "answers",
  "sub-strategy",
]);

/** The data of a step, taken apart as its form shows it. */
export function dataShape(
  definition: AnyNodeDefinition,
  values: { readonly before: Given; readonly after: Given },
): Shape {
  const members: { [name: string]: Part } = {};
  for (const field of definition.form) {
    const [name = "", ...deeper] = field.path.split(".");
    const label: Label = ({ locale }) => definition.texts[locale as Locale].fields[field.path] ?? field.path;
    // A field that shows a part of a member stands for the member as a whole.
    if (deeper.length > 0 && Object.hasOwn(members, name)) continue;
    const own = membersNamed(values, name);
    const whole = deeper.length > 0 || isSame(own.before, own.after);
    const found = { label, shape: whole ? leaf(asWritten) : SHAPE_OF[field.widget](field, own) };
    members[name] = SAYS_ENOUGH.has(field.widget) ? silent(found) : found;
  }
  return { kind: "members", members };
}

function membersNamed({ before, after }: { readonly before: Given; readonly after: Given }, name: string) {
  const of = (value: Given): Given => {
    const members = value as { readonly [name: string]: JsonValue } | null | undefined;
    return members === null || members === undefined || !Object.hasOwn(members, name) ? undefined : members[name];
  };
  return { before: of(before), after: of(after) };
}
