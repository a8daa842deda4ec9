import type { z } from "zod";
import type { Condition } from "../model/condition";
import type { Content } from "../model/content";
import type { FactType, Field, FieldCatalogue } from "../model/facts";
import type { Issue } from "../model/issue";
import type { JsonValue } from "../model/json";
import type { Locale, LocalText } from "../model/locale";
import type { ProgramCalendar, StepSpec, WatchableEvent } from "../model/program";
import type { StrategySettings, SubStrategy } from "../model/strategy";
import type { ValueSpec } from "../model/value";

/** Groups of the palette; each has a hue and a shape (look.md). */
export const NODE_GROUPS = ["entry", "contact", "wait", "decide", "control", "people", "qa", "agency", "exit"] as const;
export type NodeGroup = (typeof NODE_GROUPS)[number];

/** An outgoing connection point. Ids are stable and never positions in a list (design D10). */
export type Handle = {
  readonly id: string;
  /** Key into the type's texts (`handles.<label>`), or the author's own words. */
  readonly label: { readonly key: string } | { readonly text: string };
  /** `main` is the usual way on, `branch` an alternative, `fallback` the cautious way (unknown, blocked, expired). */
  readonly role: "main" | "branch" | "fallback";
  /** Must be wired before publishing. */
  readonly required: boolean;
  /** Leads back a bounded number of times: the only way a loop may be drawn (design D4). */
  readonly repeats?: true;
  /** May be taken on the spot by a step that otherwise waits: a loop through it is no better for the waiting. */
  readonly instant?: true;
  /** The author's own name for it in both languages, when it has one; `label.text` is one of them. */
  readonly name?: LocalText;
  /** What takes this way on; shown as a sentence where the author gave no name. */
  readonly condition?: Condition;
};

/**
 * One field of the inspector's form. `path` is dotted into `data`; `widget` names a widget of the designer;
 * `shownWhen` hides it unless another field has one of the values.
 */
export type FormField = {
  readonly path: string;
  readonly widget:
    | "text"
    | "integer"
    | "duration-minutes"
    | "local-time"
    | "date"
    | "choice"
    | "toggle"
    | "content"
    | "lexicon"
    | "condition"
    | "rules"
    | "weights"
    | "retry-gaps"
    | "event-list"
    /** Any number of `options`: a list of texts. */
    | "choices"
    | "number"
    /** A fraction (0.24), shown as 24 %. */
    | "percent"
    /** Minor units of the strategy's currency. */
    | "amount"
    /** A fact of the catalogue by its key, or several; `factTypes` narrows them. */
    | "fact"
    | "facts"
    /** A variable of the strategy by its name; the empty string = none. */
    | "variable"
    /** A `ValueSpec`. */
    | "value"
    /** Names and their `ValueSpec`s. */
    | "value-map"
    /** A list of `{ variable, value }`. */
    | "assignments"
    /** A list of `{ name, variable }`: values an answer carries, and where they go. */
    | "receive"
    /** A list of `{ id, name? }`: answers the author expects, each a way on. */
    | "answers"
    | "table"
    | "scorecard"
    | "sub-strategy";
  /** Values of `choice`; texts under `options.<value>`. */
  readonly options?: readonly string[];
  /** What a `text` names that is kept elsewhere, so that it can be looked for there. */
  readonly names?: "agency";
  /** Channel whose content a `content` widget offers. */
  readonly channel?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Types a `fact`, `variable` or `value` may have. */
  readonly factTypes?: readonly FactType[];
  readonly shownWhen?: { readonly path: string; readonly equals: readonly string[] };
};

/**
 * A sentence that says what the step will do: a text key (`summary.<key>`) and what to fill in. Params stay codes and numbers:
 * `…Minutes` reads as a duration, `contentId` and `strategy` as what they are called, `fact` as its label, a value with an `options`
 * text as that text (lists joined by a comma), `{condition}` as a sentence (`engine/graph/step-text.ts`).
 */
export type Summary = {
  readonly key: string;
  readonly params: { readonly [name: string]: string | number };
  readonly condition?: Condition;
};

/** What lint and compile may look at besides the step's own data. Shipped content comes in here, never by import. */
export type NodeContext = {
  readonly nodeId: string;
  readonly settings: StrategySettings;
  readonly fields: FieldCatalogue;
  readonly contents: { readonly [id: string]: Content };
  /** Names of the word lists of the market. */
  readonly lexicons: readonly string[];
  /** Strategies the document carries for its steps to use, by key. */
  readonly strategies: { readonly [key: string]: SubStrategy };
  /** Working days of the market, where it has a calendar. */
  readonly calendar?: ProgramCalendar;
  /** Adds the step's rules to the Program and returns the rule set's id. Only meaningful while compiling. */
  readonly addRuleSet: (rules: readonly AuthoredRule[]) => string;
  /**
   * Declares a variable that belongs to this step alone and returns its name: what one part reckons, another asks as
   * `var.<name>`. It cannot be the name of an author's variable. Only meaningful while compiling.
   */
  readonly ownVariable: (name: string, type: FactType) => string;
};

export type AuthoredRule = {
  readonly rule: string;
  readonly outcome: string;
  readonly when: Condition;
};

/** A rule of a step that takes the way on of the first rule that holds. `path` is where its condition stands in `data`. */
export type OrderedRule = { readonly path: string; readonly handle: string; readonly when: Condition };

/** Where a handle of a part leads: to another part of the same step, or out of the step by one of its handles. */
export type PartWay = { readonly part: string } | { readonly handle: string };

/**
 * A step that does several things one after the other, each of a kind the executors know. Names of parts are stable: they stand
 * in what is recorded about accounts.
 */
export type CompoundStep = {
  readonly kind: "compound";
  readonly first: string;
  readonly parts: {
    readonly [part: string]: { readonly spec: StepSpec; readonly ways: { readonly [handle: string]: PartWay } };
  };
};

/** A strategy used as a step: compiled in place. Its exits leave by the handle of the same id. */
export type EmbeddedStrategy = {
  readonly kind: "embedded";
  readonly strategy: string;
  /** Inner variable -> what it holds in the beginning. */
  readonly inputs: { readonly [variable: string]: ValueSpec };
  /** Inner variable -> variable of the strategy around it that receives it on the way out. */
  readonly outputs: { readonly [variable: string]: string };
};

/** What a drawn step compiles to. */
export type CompiledStep = StepSpec | CompoundStep | EmbeddedStrategy;

/** An answer the world may give a step; the simulator and the test generators draw from these. */
export type Stimulus =
  | {
      readonly event: "contact.result" | "qa.verdict" | "task.completed" | "external.result";
      readonly outcomes: readonly string[];
    }
  | { readonly event: "contact.denied" | "contact.deferred" | "timer.fired" | WatchableEvent };

export type StimulusEvent = Stimulus["event"];

/** Words of a step type in one language. Missing keys fail the contract test. */
export type NodeTexts = {
  readonly title: string;
  readonly help: string;
  readonly summary: { readonly [key: string]: string };
  readonly handles: { readonly [key: string]: string };
  readonly fields: { readonly [path: string]: string };
  readonly options: { readonly [value: string]: string };
  /** Names of the variables the step keeps for itself (`ownVariable`), as an account's history says them. */
  readonly variables?: { readonly [name: string]: string };
  readonly issues: { readonly [code: string]: string };
};

/**
 * A step type, whole. Palette, card, inspector, validation, import, compile, simulation and docs follow from it;
 * shared code asks these members and never the type's name.
 */
export type NodeDefinition<TData extends { readonly [key: string]: JsonValue | undefined }> = {
  readonly type: string;
  readonly version: number;
  readonly group: NodeGroup;
  /** Name of a lucide icon. */
  readonly icon: string;
  readonly schema: z.ZodType<TData>;
  /** Data of a step just dropped on the canvas; need not be complete, must parse. */
  readonly initial: () => TData;
  /** From data version n to n+1. */
  readonly migrate: {
    readonly [fromVersion: number]: (old: { readonly [key: string]: JsonValue }) => {
      readonly [key: string]: JsonValue;
    };
  };
  readonly handles: (data: TData) => readonly Handle[];
  readonly form: readonly FormField[];
  /**
   * Problems only this type can know; shape, wiring and reachability are checked by `engine/graph`. Issue codes:
   * `<type>.<problem>`; paths are relative to `data` (`when.all[0].value`), `engine/graph` puts the step in front.
   */
  readonly lint: (data: TData, context: NodeContext) => readonly Issue[];
  /** Only called with data that lints without errors. */
  readonly compile: (data: TData, context: NodeContext) => CompiledStep;
  /**
   * The rules of a step that decides by the first one that holds, top to bottom, those that are written. From them
   * `engine/graph` tells rules that can never be reached.
   */
  readonly rules?: (data: TData) => readonly OrderedRule[];
  /** Key of the strategy inside the document that the step uses, the empty string while none is chosen; its ways on are that one's exits. */
  readonly embeds?: (data: TData) => string;
  /** Facts that exist because of the step: the arm of an experiment. */
  readonly provides?: (data: TData) => readonly Field[];
  /** Every answer the world may give while an account stands here. Empty for steps that decide at once: they never wait. */
  readonly simulate: (data: TData) => readonly Stimulus[];
  readonly summary: (data: TData) => Summary;
  readonly texts: { readonly [locale in Locale]: NodeTexts };
  readonly examples: readonly TData[];
};

/** Gives a step type its data type from the schema; the registry keeps it erased (`AnyNodeDefinition`). */
export function defineNode<TData extends { readonly [key: string]: JsonValue | undefined }>(
  definition: NodeDefinition<TData>,
): NodeDefinition<TData> {
  return definition;
}

/** What the registry holds: the data type is erased, because a document's data is only known after its schema parsed it. */
export type AnyNodeDefinition = NodeDefinition<{ readonly [key: string]: JsonValue | undefined }>;
