import type { DecisionCode } from "../model/execution";
import type { ExitReason } from "../model/exit-reason";
import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/** Why a step did what it did, as a sentence; `{detail}` is the decision's detail. */
export const decisionTexts: { readonly [locale in Locale]: { readonly [code in DecisionCode]: string } } = {
  "zh-CN": zhCN.decisions,
  en: en.decisions,
};

/** Names of the reasons an enrollment ended for, the refusals at the entry included. */
export const exitReasonTexts: { readonly [locale in Locale]: { readonly [reason in ExitReason]: string } } = {
  "zh-CN": zhCN.exitReasons,
  en: en.exitReasons,
};

type ScenarioProblem = keyof typeof en.scenarioProblems;

/** Where a scenario and what the strategy did part, by issue code. */
export const scenarioIssueTexts: { readonly [locale in Locale]: { readonly [code in ScenarioProblem]: string } } = {
  "zh-CN": zhCN.scenarioProblems,
  en: en.scenarioProblems,
};
