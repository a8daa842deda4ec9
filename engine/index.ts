/** The engine's front door: what the designer and the application may know of it. Named exports only. */

export { channelOf } from "./channels";
export { longestText } from "./channels/longest-text";
export { renderContent, renderSubject, type WrittenSpan } from "./channels/render";
export { smsParts } from "./channels/sms/parts";
export { channelTexts } from "./channels/texts";
export { compileStrategy } from "./compile/compile";
export { strategyCatalogue, variablesOf } from "./condition/catalogue";
export { isRelativeDate, operatorsFor, takesList } from "./condition/operators";
export { patternProblem } from "./condition/pattern";
export { isNumeric, literalType, operandTypes } from "./condition/value-types";
export { localeOf } from "./contact/locale-of";
export { type PlacedFinding, placedFindings, type TextLaw } from "./contact/text-law";
export { type Coverage, coverStrategy, testedWays } from "./cover/cover";
export { everydayAccount, factsAsked } from "./explain/everyday-account";
export { type Explanation, explainDecision } from "./explain/explain";
export type { ExplainedCondition, ExplainedRule } from "./explain/leaves";
export { waitEnds } from "./explain/wait-ends";
export {
  createWalker,
  framesOf,
  scenarioOfWalk,
  type ToldWalk,
  type Walk,
  type WalkFrame,
  type WalkMoment,
} from "./explain/walk";
export { conditionSentence } from "./graph/condition-sentence";
export {
  type ChangeSubject,
  diffStrategies,
  type StrategyChange,
  type StrategyDiff,
} from "./graph/diff/diff";
export type { ChangeWords } from "./graph/diff/sentence";
export { type TextPart, textParts } from "./graph/diff/text-parts";
export { answersAt, type DrawnPlace, drawnPlace } from "./graph/drawn-place";
export { type Found, findIndex, findSteps } from "./graph/find/find-steps";
export { pinyinOf } from "./graph/find/pinyin";
export { strategyContentHash } from "./graph/hash";
export { factTexts, issueText, lawTexts } from "./graph/issue-text";
export { linterOf, lintStrategy } from "./graph/lint";
export {
  type ConflictWords,
  type MergeChoices,
  type MergeConflict,
  type MergeSide,
  mergeStrategies,
} from "./graph/merge/merge";
export { emptyStrategy } from "./graph/new";
export { parseStrategy } from "./graph/parse";
export { readStrategyText } from "./graph/read";
export { handleText, type StepWords, stepSummary } from "./graph/step-text";
export { type ValueReading, valueSentence } from "./graph/value-sentence";
export { writeStrategy } from "./graph/write";
export type { Actor, Permission } from "./model/actor";
export {
  type Condition,
  type ConditionLeaf,
  type ConditionScalar,
  isLeaf,
  type Operator,
  RELATIVE_DAYS_MAX,
} from "./model/condition";
export { CHANNELS, type Channel, type Content } from "./model/content";
export type { Decision, EnrollmentState } from "./model/execution";
export { AUTHOR_EXIT_REASONS, EXIT_REASONS, type ExitReason } from "./model/exit-reason";
export {
  COUNTER_DAYS_MAX,
  COUNTER_METRICS,
  counterFact,
  counterOfFact,
  FACT_TYPES,
  type Facts,
  type FactType,
  type FactValue,
  type Field,
  type FieldCatalogue,
  fieldOf,
} from "./model/facts";
export { RELEASE_DEFAULT, RELEASE_MODES } from "./model/hold-release";
export { InvariantError } from "./model/invariant";
export type { Issue, IssueSeverity } from "./model/issue";
export { canonicalJson, type JsonValue } from "./model/json";
export { inLocale, LOCALES, type Locale, type LocalText } from "./model/locale";
export type { MarketPack, RulePack } from "./model/market-pack";
export type { Currency } from "./model/money";
export { drawnStepId, type Program } from "./model/program";
export type { Result } from "./model/result";
export { SCENARIO_EVENTS_MAX, type Scenario, type ScenarioEvent } from "./model/scenario";
export {
  STRATEGY_LIMITS,
  type StrategyDoc,
  type StrategyEdge,
  type StrategyNode,
  type StrategySettings,
} from "./model/strategy";
export { localDate, minutesOf, parseInstant } from "./model/time";
export { VALUE_OPERATORS, type ValueSpec } from "./model/value";
export { variableFact } from "./model/variable";
export { definitionOf, nodeDefinitions } from "./nodes";
export type { AnyNodeDefinition, FormField, Handle, NodeGroup } from "./nodes/define";
export { type ContactDay, contactWeek } from "./policy/contact-week";
export { layeredPack } from "./policy/link";
export { checkText } from "./qa/check-text";
export { qaTexts } from "./qa/texts";
export { runScenario } from "./run/scenario";
export { exitReasonTexts, scenarioIssueTexts } from "./run/texts";
export { FIGURES, type FigureName } from "./simulate/study/figures";
