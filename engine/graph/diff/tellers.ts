import { type Condition, ConditionSchema } from "../../model/condition";
import { type FactType, fieldOf } from "../../model/facts";
import { canonicalJson, type JsonValue } from "../../model/json";
import { inLocale } from "../../model/locale";
import { ValueSpecSchema } from "../../model/value";
import { variableFact } from "../../model/variable";
import { conditionSentence } from "../condition-sentence";
import { valueSentence } from "../value-sentence";
import { durationText, wordOf } from "../words";
import { type DiffReading, diffWord, factName, variableName } from "./reading";
import type { Part, Shape, Teller } from "./structure";

/* How the smallest parts of a document are read out. Each takes any JSON: a value of another form is written out as it is. */

export const leaf = (tell: Teller): Shape => ({ kind: "leaf", tell });

export const asWritten: Teller = (value, { locale }) => {
  if (value === null || value === "") return diffWord(locale, "none");
  if (typeof value === "boolean") return wordOf(locale, value ? "reckoned.yes" : "reckoned.no");
  return typeof value === "object" ? canonicalJson(value) : String(value);
};

const orWritten =
  (tell: (value: JsonValue, reading: DiffReading) => string | null): Teller =>
  (value, reading) =>
    tell(value, reading) ?? asWritten(value, reading);

const ofText = (tell: (text: string, reading: DiffReading) => string): Teller =>
  orWritten((value, reading) => (typeof value === "string" && value !== "" ? tell(value, reading) : null));

/** Every entry of a list in its words. */
export const listOf = (tell: Teller): Teller =>
  orWritten((value, reading) => {
    if (!Array.isArray(value)) return null;
    const entries: readonly JsonValue[] = value;
    if (entries.length === 0) return diffWord(reading.locale, "none");
    return entries.map((one) => tell(one, reading)).join(wordOf(reading.locale, "reckoned.separator"));
  });

export const asOption = ofText((text, { options }) => (Object.hasOwn(options, text) ? (options[text] ?? text) : text));
export const asFact = ofText(factName);
export const asVariable = ofText(variableName);
export const asStep = ofText((id, { stepName }) => stepName(id));

export const asContent = ofText((id, { contents, locale }) => {
  const content = Object.hasOwn(contents, id) ? contents[id] : undefined;
  return content === undefined ? id : inLocale(content.title, locale);
});

export const asStrategy = ofText((key, { strategies = {}, locale }) => {
  const name = Object.hasOwn(strategies, key) ? strategies[key] : undefined;
  return name === undefined ? key : inLocale(name, locale);
});

export const asMinutes = orWritten((value, { locale }) =>
  typeof value === "number" ? durationText(value, locale) : null,
);

/** A number of a type: yuan for minor units, per cent for a fraction. */
export const asNumberOf = (type: FactType): Teller =>
  orWritten((value, reading) =>
    typeof value === "number" ? valueSentence({ literal: value }, [type], reading) : null,
  );

const SHARE_WHOLE = 10_000;
export const asShare: Teller = orWritten((value) =>
  typeof value === "number" ? `${(value * 100) / SHARE_WHOLE}%` : null,
);

export const asCondition: Teller = orWritten((value, { fields, locale }) => {
  if (value === null) return diffWord(locale, "not-written");
  const condition = ConditionSchema.safeParse(value);
  return condition.success ? conditionSentence(condition.data as Condition, fields, locale) : null;
});

/** A value on its way into a variable, in the words of the variable's type. */
export const asValueFor = (variable: string | null): Teller =>
  orWritten((value, reading) => {
    const spec = ValueSpecSchema.safeParse(value);
    if (!spec.success) return null;
    const field = variable === null ? undefined : fieldOf(reading.fields, variableFact(variable));
    const types = field === undefined ? undefined : [field.type];
    return valueSentence(spec.data, types, {
      ...reading,
      ...(field?.values === undefined ? {} : { listed: field.values }),
    });
  });

/** A text in several languages: each is a part of its own, so that a change in one is seen in both. */
export const LOCAL_TEXT: Shape = {
  kind: "members",
  members: {
    "zh-CN": { label: ({ locale }) => diffWord(locale, "in-chinese"), shape: leaf(asWritten) },
    en: { label: ({ locale }) => diffWord(locale, "in-english"), shape: leaf(asWritten) },
  },
};

export function part(word: Parameters<typeof diffWord>[1], shape: Shape = leaf(asWritten)): Part {
  return { label: ({ locale }) => diffWord(locale, word), shape };
}

/** A part whose insides say enough: "row 3" needs no "rows". */
export function group(word: Parameters<typeof diffWord>[1], shape: Shape): Part {
  return silent(part(word, shape));
}

export function silent({ label, shape }: Part): Part {
  return { label: Object.assign((reading: DiffReading) => label(reading), { silent: true as const }), shape };
}
