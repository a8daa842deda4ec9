import type { Condition } from "./condition";
import type { Channel, Content } from "./content";
import type { ExitReason } from "./exit-reason";
import type { StrategySettings } from "./strategy";
import type { LocalDate, LocalTime } from "./time";

/** Format of the compiled Program. A worker refuses a format it does not know. */
export const PROGRAM_FORMAT = 1;

/** Most steps one event may walk through before the enrollment is `faulted` (semantics.md, step 4). */
export const STEP_LIMIT_DEFAULT = 100;

/**
 * One rule as json-rules-engine loads it. Every authored rule becomes two of these: one fires when the authored condition
 * is true, one when it is false; neither fires when it is unknown. Only stock operators are used: a leaf over an unknown
 * (null) fact is written so that neither side can hold.
 */
export type CompiledRule = {
  readonly conditions: RuleCondition;
  readonly event: { readonly type: "holds" | "fails"; readonly params: { readonly rule: string } };
};
/** A json-rules-engine condition; a leaf's value may be null ("fact is known" is `notEqual null`). Its root is `all` or `any`. */
export type RuleCondition =
  | { readonly all: readonly RuleCondition[] }
  | { readonly any: readonly RuleCondition[] }
  | { readonly fact: string; readonly operator: string; readonly value: unknown };

/** Ordered rules of one deciding step: the first that holds wins, an unknown one before it takes `unknown`, none takes `otherwise`. */
export type RuleSet = {
  readonly id: string;
  /** Authored rules in order: rule id -> handle (for `$exits`: the exit reason), with the authored condition kept for reading back. */
  readonly order: readonly { readonly rule: string; readonly outcome: string; readonly when: Condition }[];
  readonly rules: readonly CompiledRule[];
  /** Every fact the rules mention, sorted. They are what `factsRead` of a decision holds. */
  readonly facts: readonly string[];
  /** How each of those facts is compared. A value of another type is unknown: json-rules-engine itself would say "no". */
  readonly types: { readonly [fact: string]: RuleFactType };
};

/**
 * Types as rules compare them. A `date` stands as the integer yyyymmdd in `rules` and in the facts handed to them (the stock
 * ordering operators answer "no" to most texts); it stays `YYYY-MM-DD` in `order`, in facts and in `factsRead`.
 */
export const RULE_FACT_TYPES = ["number", "date", "text", "boolean"] as const;
export type RuleFactType = (typeof RULE_FACT_TYPES)[number];

/** Rule set id of the strategy-wide exits. */
export const EXITS_RULE_SET = "$exits";

/** What a waiting step waits for. Durations in milliseconds; local times in the strategy's zone. */
export type WaitSpec =
  | {
      readonly mode: "duration";
      readonly durationMs: number /** When set, the wake-up is moved to this local time on or after the due instant. */;
      readonly at?: LocalTime;
    }
  | { readonly mode: "until-local-time"; readonly at: LocalTime }
  | { readonly mode: "until-date"; readonly date: LocalDate; readonly at: LocalTime }
  | { readonly mode: "until-dpd"; readonly dpd: number; readonly at: LocalTime }
  | { readonly mode: "event"; readonly events: readonly string[]; readonly deadlineMs: number };

/** How a contact step tries again after an outcome that reached nobody. */
export type RetrySpec = {
  /** Attempts in total, the first included (1..20). */
  readonly maxAttempts: number;
  /** Outcome code -> minutes until the next attempt. An outcome not listed is not retried. */
  readonly gapMinutes: { readonly [outcome: string]: number };
};

/** What a step asks of the world. */
export type RequestSpec =
  | { readonly kind: "contact"; readonly channel: Channel; readonly contentId: string; readonly partyRole: "self" }
  | { readonly kind: "qa"; readonly contentId: string; readonly lexicon: string };

/**
 * A step by what it does, never by what it is called: the executors, the simulator and the shell ask `kind`.
 * `handles` of the index entry map each wired handle to the step it leads to.
 */
export type StepSpec =
  /** Lets the account in when its one rule holds (entry rule) and goes on by `enter`. */
  | { readonly kind: "entry"; readonly ruleSet: string; readonly enter: string }
  /** Decides at once from facts. */
  | { readonly kind: "decide"; readonly ruleSet: string; readonly otherwise: string; readonly unknown: string }
  /** Decides at once by the party's sticky arm. `weights` are parts of 10,000 and sum to it. */
  | {
      readonly kind: "split";
      readonly experimentKey: string;
      readonly phase: number;
      readonly arms: readonly { readonly arm: string; readonly weight: number; readonly handle: string }[];
    }
  /** Asks the world (sends, calls, checks) and waits for the answer, or goes on at once by `goOn`. */
  | {
      readonly kind: "request";
      readonly request: RequestSpec;
      readonly deadlineMs: number;
      /** Answer code -> handle. */
      readonly outcomes: { readonly [outcome: string]: string };
      readonly retry: RetrySpec | null;
      /** Handle when retries are used up, or when an answer is neither mapped nor retried. */
      readonly exhausted: string;
      /** Handle when policy or QA denies the contact. */
      readonly blocked: string;
      /** Handle when no answer came by the deadline. */
      readonly expired: string;
      /** Not waiting: the handle taken at once; null = wait for the answer. */
      readonly goOn: string | null;
    }
  | {
      readonly kind: "wait";
      readonly wait: WaitSpec /** Timer fired. */;
      readonly elapsed: string /** Event came (mode `event`). */;
      readonly happened: string | null /** The needed fact is unknown (mode `until-dpd`). */;
      readonly unknown: string | null;
    }
  | { readonly kind: "exit"; readonly reason: ExitReason; readonly label: string | null };

/** One entry of a Program's node index. */
export type ProgramStep = {
  readonly id: string;
  readonly type: string;
  readonly spec: StepSpec;
  /** Handle -> id of the step it leads to. Only wired handles stand here. */
  readonly handles: { readonly [handle: string]: string };
};

/** XState v5 machine config: plain JSON, actions and guards by name with params. See `engine/compile/machine.ts`. */
export type MachineConfig = { readonly [key: string]: unknown };

/** What a drawn strategy compiles to (design D1). Plain JSON; published once, never recompiled. */
export type Program = {
  readonly format: typeof PROGRAM_FORMAT;
  readonly strategyKey: string;
  /** Hash of the document's logic (nodes, edges, settings, contents; no layout, notes or names of frames). */
  readonly contentHash: string;
  readonly settings: StrategySettings;
  readonly entry: string;
  readonly machine: MachineConfig;
  readonly ruleSets: { readonly [id: string]: RuleSet };
  readonly steps: { readonly [id: string]: ProgramStep };
  /** Texts the steps use, pinned. */
  readonly contents: { readonly [id: string]: Content };
  readonly limits: { readonly stepsPerAdvance: number; readonly horizonMs: number };
  /** sha256 over the canonical JSON of everything above. */
  readonly hash: string;
};
