import { inLocale, type Locale } from "../model/locale";
import type { RulePack } from "../model/market-pack";
import type { PolicyReason } from "../model/policy";
import { ruleKinds } from "./kinds";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

const kindTexts = (locale: Locale): { readonly [code: string]: string } =>
  Object.fromEntries(
    ruleKinds.flatMap(({ texts }) => Object.entries(texts).map(([code, text]) => [code, text[locale]])),
  );

/**
 * Sentences for the gate's reason codes. `{rule}` is the title of the reason's rule in its pack (or `floor.<name>` here), the
 * other placeholders are the reason's params; some of those quote words kept here as `<param>.<value>`. Times are wall clock at
 * the party's place, where the rule is reckoned.
 */
export const policyTexts: { readonly [locale in Locale]: { readonly [code: string]: string } } = {
  "zh-CN": { ...zh, ...kindTexts("zh-CN") },
  en: { ...en, ...kindTexts("en") },
};

const QUOTED_AS_WORDS = ["hold", "channel", "role", "demand", "record"];

/** A reason of the gate as a sentence: the rule by its title in the pack, what it saw, and the next allowed time if there is one. */
export function policyReasonText(reason: PolicyReason, pack: RulePack, locale: Locale): string {
  const texts = policyTexts[locale];
  const rule = pack.rules.find((known) => known.id === reason.rule);
  const ruleTitle = rule === undefined ? (texts[reason.rule] ?? reason.rule) : inLocale(rule.title, locale);
  const sentence = texts[reason.code] ?? reason.code;
  return sentence.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    if (name === "rule") return ruleTitle;
    const value = Object.hasOwn(reason.params, name) ? reason.params[name] : undefined;
    if (value === undefined) return placeholder;
    return QUOTED_AS_WORDS.includes(name) ? (texts[`${name}.${value}`] ?? String(value)) : String(value);
  });
}
