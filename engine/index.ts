/** The engine's front door: what the designer and the application may know of it. Named exports only. */

export { channelOf } from "./channels";
export { renderContent } from "./channels/render";
export { compileStrategy } from "./compile/compile";
export { operatorsFor, takesList } from "./condition/operators";
export { conditionSentence } from "./graph/condition-sentence";
export { strategyContentHash } from "./graph/hash";
export { factTexts, graphIssueTexts, type IssueTexts, issueText } from "./graph/issue-text";
export { lintStrategy } from "./graph/lint";
export { emptyStrategy } from "./graph/new";
export { parseStrategy } from "./graph/parse";
export { locateIssues, readStrategyText } from "./graph/read";
export { handleText, type StepWords, stepSummary } from "./graph/step-text";
export { durationText } from "./graph/words";
export { writeStrategy } from "./graph/write";
export type { Actor, Permission } from "./model/actor";
export {
  type Condition,
  type ConditionLeaf,
  type ConditionScalar,
  isLeaf,
  OPERATORS,
  type Operator,
} from "./model/condition";
export { CHANNELS, type Channel, type Content } from "./model/content";
export type { Decision, DecisionCode, EngineEvent, EnrollmentState } from "./model/execution";
export { AUTHOR_EXIT_REASONS, EXIT_REASONS, type ExitReason } from "./model/exit-reason";
export type { Facts, FactType, FactValue, Field } from "./model/facts";
export { InvariantError } from "./model/invariant";
export type { Issue, IssueSeverity } from "./model/issue";
export { canonicalHash, canonicalJson, type JsonValue } from "./model/json";
export { inLocale, LOCALES, type Locale, type LocalText } from "./model/locale";
export type { Lexicon, MarketPack, PolicyRule, RulePack } from "./model/market-pack";
export type { Currency, Money } from "./model/money";
export { BUCKETS, type Bucket, bucketOf } from "./model/party";
export type { Program, RuleSet } from "./model/program";
export type { Result } from "./model/result";
export {
  STRATEGY_LIMITS,
  type StrategyDoc,
  type StrategyEdge,
  type StrategyNode,
  type StrategySettings,
} from "./model/strategy";
export { definitionOf, nodeDefinitions } from "./nodes";
export type { AnyNodeDefinition, FormField, Handle, NodeGroup, NodeTexts, Summary } from "./nodes/define";
export { checkText } from "./qa/check-text";
export { qaTexts } from "./qa/texts";
export { exitReasonTexts } from "./run/texts";
