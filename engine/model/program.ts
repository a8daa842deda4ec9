import type { Condition } from "./condition";
import type { Channel, Content } from "./content";
import type { ExitReason } from "./exit-reason";
import type { Counter, FactType } from "./facts";
import type { HoldKind } from "./policy";
import type { StrategySettings } from "./strategy";
import type { LocalDate, LocalTime } from "./time";
import type { Assignment, ValueSpec } from "./value";

/** Format that is compiled now. */
export const PROGRAM_FORMAT = 2;
/**
 * Formats that run. A published Program is never recompiled, so every format once released stays here; a worker refuses a format
 * it does not know. Format 2 only adds to format 1: members that format 1 lacks are optional and mean what they meant before.
 */
export const PROGRAM_FORMATS = [1, 2] as const;
export type ProgramFormat = (typeof PROGRAM_FORMATS)[number];

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
  /** Facts that `rules` mention and `facts` does not: answers of operators json-rules-engine lacks, by the name `rules` use. */
  readonly derived?: { readonly [name: string]: DerivedFact };
};

/** What is reckoned from one fact before the stock rules are asked. Unknown where its fact is, but for `is-known`. */
export type DerivedFact =
  /** Days from the date until today: negative for a date to come. A number. */
  | { readonly kind: "days-since"; readonly fact: string }
  | { readonly kind: "is-known"; readonly fact: string }
  | { readonly kind: "contains" | "starts-with" | "matches"; readonly fact: string; readonly text: string };

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
  | { readonly mode: "event"; readonly events: readonly string[]; readonly deadlineMs: number }
  /** The `count`-th working day after today (0 = today, if it is one), by the Program's calendar. */
  | { readonly mode: "until-working-day"; readonly count: number; readonly at: LocalTime }
  /** The next day of the month the fact names (31 in a short month: its last day), moved by `offsetDays`; strictly after now. */
  | { readonly mode: "until-day-of-month"; readonly fact: string; readonly offsetDays: number; readonly at: LocalTime }
  /** The date the fact holds, moved by `offsetDays`. */
  | { readonly mode: "until-fact-date"; readonly fact: string; readonly offsetDays: number; readonly at: LocalTime };

/** Events that let a step look at a rule while it waits. */
export const WATCHABLE_EVENTS = [
  "payment.posted",
  "payment.reversed",
  "promise.made",
  "reply.received",
  "facts.changed",
] as const;
export type WatchableEvent = (typeof WATCHABLE_EVENTS)[number];

/** A rule a step keeps an eye on while it waits: once it holds, the step is left by `holds`, and what it asked for is called back. */
export type WatchSpec = {
  readonly ruleSet: string;
  readonly events: readonly WatchableEvent[];
  /** Looks by itself this often; null = only when one of the events comes. Requests only. */
  readonly everyMs: number | null;
  readonly holds: string;
};

/** A value an answer carries, and the variable it goes into. */
export type ReceiveSpec = { readonly name: string; readonly variable: string; readonly type: FactType };

/** How a contact step tries again after an outcome that reached nobody. */
export type RetrySpec = {
  /** Attempts in total, the first included (1..20). */
  readonly maxAttempts: number;
  /** Outcome code -> minutes until the next attempt. An outcome not listed is not retried. */
  readonly gapMinutes: { readonly [outcome: string]: number };
};

/** Work that people, agencies or courts do on a strategy's request. */
export const TASK_KINDS = [
  "approval",
  "hardship",
  "dispute",
  "complaint",
  "plan",
  "settlement",
  "placement",
  "legal",
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** How a task may end. An answer outside its list takes the step's `exhausted` handle. */
export const TASK_OUTCOMES = {
  approval: ["approved", "rejected", "changes-requested"],
  hardship: ["accepted", "rejected", "more-evidence", "withdrawn"],
  dispute: ["upheld", "adjusted", "rejected", "withdrawn"],
  complaint: ["upheld", "settled", "rejected", "withdrawn"],
  /** `accepted`: the plan is agreed and runs from now on. */
  plan: ["accepted", "declined", "not-affordable", "not-approved"],
  settlement: ["accepted", "declined", "not-approved"],
  /** `refused`: no agency may or will take it; `returned`: the term is over; `recalled`: taken back by a person. */
  placement: ["refused", "returned", "recalled"],
  legal: ["refused", "settled", "judgment", "enforced", "dismissed", "closed"],
} as const satisfies { readonly [kind in TaskKind]: readonly string[] };

/**
 * Work about a party's standing itself, done in the house. Where its step waits in spite of a hold, it goes out in spite of it;
 * other work is treatment, and no hold lets it out.
 */
export const CASE_TASKS = ["approval", "hardship", "dispute", "complaint"] as const satisfies readonly TaskKind[];

/** How an external decision ends when the integration gave no answer of its own. */
export const EXTERNAL_FAILURES = ["failed", "timeout", "malformed"] as const;

/** A contact made by people: which queue it waits in, how urgent it is, by when it should be done. */
export type DeskSpec = {
  readonly queue: string;
  /** 1 (first) to 9. */
  readonly priority: number;
  /** From the request on; after that it is late, and the step's own deadline still counts. */
  readonly dueMs: number;
  /** How many people make it together, where the law has a say in that. Absent = nobody said. */
  readonly people?: number;
};

/** What a step asks of the world. */
export type RequestSpec =
  | {
      readonly kind: "contact";
      readonly channel: Channel;
      readonly contentId: string;
      readonly partyRole: "self";
      /** Most attempts of this visit on one local day; the gate puts off what is more. */
      readonly maxPerDay?: number;
      /** `next`: each attempt goes to the party's next contact point. Absent = the first valid one. */
      readonly contactPoints?: "next";
      readonly desk?: DeskSpec;
    }
  | { readonly kind: "qa"; readonly contentId: string; readonly lexicon: string }
  /** Checks the conversation the enrollment's last contact over `channel` left behind. */
  | {
      readonly kind: "conversation-qa";
      readonly channel: Channel;
      readonly lexicon: string;
      /** Least score (0..100) that passes. */
      readonly passScore: number;
    }
  | {
      readonly kind: "task";
      readonly task: TaskKind;
      readonly desk: DeskSpec;
      /** What the people who do it are told, reckoned when the step is entered. */
      readonly details: { readonly [name: string]: ValueSpec };
      /** The rules are asked before it leaves, and a refusal takes `blocked`. Programs that lack it wait for their deadline. */
      readonly gated?: true;
    }
  | {
      readonly kind: "external";
      /** Name of a configured integration; address and secret never stand in a strategy. */
      readonly integration: string;
      /** Facts that are sent. */
      readonly send: readonly string[];
      readonly timeoutMs: number;
    };

/** Whether the gate may refuse a request or put it off, and its step hears of it. */
export function passesGate(request: RequestSpec): boolean {
  return request.kind === "contact" || (request.kind === "task" && request.gated === true);
}

/** Something that happens in the house at once, without an answer. */
export type ActSpec =
  | { readonly act: "hold.place"; readonly hold: HoldKind; readonly forMs: number | null }
  | { readonly act: "hold.release"; readonly hold: HoldKind }
  | { readonly act: "promise.close"; readonly result: "kept" | "partial" | "broken" };

/** How the rows that hold become one value. `join` puts different texts in the order of their rows, parted by a comma. */
export const AGGREGATES = ["sum", "min", "max", "count", "first", "join"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export type CollectOutput = {
  readonly variable: string;
  readonly type: FactType;
  readonly aggregate: Aggregate;
  /** Rule -> what it contributes; a rule that is left out contributes nothing. */
  readonly values: { readonly [rule: string]: ValueSpec };
};

/** One attribute of a scorecard: its first rule that holds gives the points. */
export type ScoreAttribute = {
  readonly id: string;
  readonly ruleSet: string;
  readonly weight: number;
  readonly points: { readonly [rule: string]: number };
  readonly otherwise: number;
  /** Points when the attribute cannot be told; null = then the score cannot be told either. */
  readonly unknown: number | null;
};

/**
 * A step by what it does, never by what it is called: the executors, the simulator and the shell ask `kind`.
 * `handles` of the index entry map each wired handle to the step it leads to.
 *
 * `despite` of a step that waits: holds that do not freeze the account while it stands there, because they are what the step is
 * about (ADR 0010). It is for the shell and the simulator; executors never meet an account that is frozen.
 */
export type StepSpec =
  /** Lets the account in when its one rule holds (entry rule) and goes on by `enter`. */
  | { readonly kind: "entry"; readonly ruleSet: string; readonly enter: string }
  /** Decides at once from facts: the first rule that holds. */
  | {
      readonly kind: "decide";
      readonly ruleSet: string;
      readonly otherwise: string;
      readonly unknown: string;
      /** Rule -> variables it sets. */
      readonly sets?: { readonly [rule: string]: readonly Assignment[] };
    }
  /** Every rule that holds contributes; one that is unknown makes the whole unknown, and nothing is set. */
  | {
      readonly kind: "collect";
      readonly ruleSet: string;
      readonly outputs: readonly CollectOutput[];
      readonly some: string;
      readonly none: string;
      readonly unknown: string;
    }
  /** Adds up weighted points and takes the handle of the band. */
  | {
      readonly kind: "score";
      readonly attributes: readonly ScoreAttribute[];
      /** Where the score is kept; null = nowhere. */
      readonly variable: string | null;
      /** From the highest to the lowest; the last has no floor. */
      readonly bands: readonly { readonly atLeast: number | null; readonly handle: string }[];
      readonly unknown: string;
    }
  /** Writes variables and goes on. */
  | {
      readonly kind: "set";
      readonly assign: readonly Assignment[];
      /** Rounds of the repeats whose ids begin so are forgotten: they lie in a strategy that is used from its beginning again. */
      readonly forgets?: string;
      readonly next: string;
    }
  /**
   * Goes round again at most `maxTimes` times (while its rule holds, if it has one), then on by `done`; the count begins anew
   * when the account comes back another time.
   */
  | {
      readonly kind: "repeat";
      readonly maxTimes: number;
      readonly again: string;
      readonly done: string;
      readonly whileRuleSet: string | null;
      readonly unknown: string | null;
    }
  /** Does something in the house and goes on. */
  | { readonly kind: "act"; readonly act: ActSpec; readonly next: string }
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
      /** Handle when policy denies the contact. */
      readonly blocked: string;
      /** Handle when no answer came by the deadline. */
      readonly expired: string;
      /** Not waiting: the handle taken at once; null = wait for the answer. */
      readonly goOn: string | null;
      readonly receive?: readonly ReceiveSpec[];
      /** Only with `retry: null`: a timer before the deadline is then always the watch's. */
      readonly watch?: WatchSpec;
      readonly despite?: readonly HoldKind[];
    }
  | {
      readonly kind: "wait";
      readonly wait: WaitSpec;
      /** Timer fired. */
      readonly elapsed: string;
      /** Event came (mode `event`). */
      readonly happened: string | null;
      /** The needed fact is unknown. */
      readonly unknown: string | null;
      readonly watch?: WatchSpec;
      /** Events upon which the wake-up is reckoned anew; none of them may be awaited or watched. */
      readonly recomputeOn?: readonly WatchableEvent[];
      readonly despite?: readonly HoldKind[];
    }
  | { readonly kind: "exit"; readonly reason: ExitReason; readonly label: string | null };

/** Working days, pinned into the Program. Days of the week that are off: 6 and 7; `holidays` are off too, `workdays` are not. */
export type ProgramCalendar = {
  readonly name: string;
  readonly holidays: readonly LocalDate[];
  readonly workdays: readonly LocalDate[];
  /** Last day the calendar knows; after it only week-ends are off. */
  readonly knownUntil: LocalDate;
};

/** Parts the id of a drawn step from that of a step within it. */
const INNER = "/";

/** The id of a step within a drawn step: a part of a compound step, or a step of a strategy used in it. */
export function innerStepId(outer: string, inner: string): string {
  return `${outer}${INNER}${inner}`;
}

/** The step on the author's canvas that a Program's step belongs to. */
export function drawnStepId(stepId: string): string {
  const at = stepId.indexOf(INNER);
  return at === -1 ? stepId : stepId.slice(0, at);
}

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
  readonly format: ProgramFormat;
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
  /** Counters over the party's past that its rules ask for. */
  readonly counters?: readonly Counter[];
  /** Present when a step waits for working days. */
  readonly calendar?: ProgramCalendar;
  /** sha256 over the canonical JSON of everything above. */
  readonly hash: string;
};
