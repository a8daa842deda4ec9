import { z } from "zod";
import type { LocalText } from "../../model/locale";
import { type AnyRule, RULE_BASE, type RulePack, type RuleSeverity } from "../../model/market-pack";
import type {
  ContactAttempt,
  ContactRecord,
  Hold,
  NoticeRecord,
  PolicyReason,
  RecordedConsent,
} from "../../model/policy";
import type { ProgramCalendar } from "../../model/program";
import type { EpochMs, LocalDate } from "../../model/time";

/** May this be done now? Everything the rules may look at; nothing here reads a clock. */
export type PolicyQuestion = {
  readonly attempt: ContactAttempt;
  /** Contacts made with the party so far, over all its accounts, strategies and channels, by robots, agents and agencies. */
  readonly history: readonly ContactRecord[];
  readonly holds: readonly Hold[];
  readonly consents?: readonly RecordedConsent[] | undefined;
  readonly notices?: readonly NoticeRecord[] | undefined;
  /** The words as the person will read or hear them; absent = not made yet, and rules about words are not asked. */
  readonly text?: string | undefined;
  readonly rulePack: RulePack;
  readonly nowMs: EpochMs;
  /** Asks by the law of that day instead of the law of `nowMs`. */
  readonly asOf?: LocalDate | undefined;
};

/** Waiting does not cure it. */
export const NEVER: EpochMs = Number.POSITIVE_INFINITY;

/** What a rule has against it: a code of its kind and the facts it speaks from. */
export type Objection = Pick<PolicyReason, "code" | "params">;

/** One thing a rule demands. A rule that treats the unknown apart has a part for it. */
export type RulePart = {
  readonly severity: RuleSeverity;
  /** An objection refuses, although it may be gone one day (a hold). Else the contact is put off until it is. */
  readonly standing: boolean;
  /** Earliest instant at or after `atMs` at which it has no objection; `atMs` itself = none now; `NEVER` = none ever. */
  readonly next: (asked: PolicyQuestion, atMs: EpochMs) => EpochMs;
  /** What it has against the instant; asked only where `next` is later. */
  readonly objections: (asked: PolicyQuestion, atMs: EpochMs) => readonly Objection[];
};

export type LinkContext = { readonly calendar: ProgramCalendar | undefined };

type KindTexts = { readonly [code: string]: { readonly "zh-CN": string; readonly en: string } };

/** A question of the kind's own example and what the gate says; base members are those of `testing/questions.ts`. */
type KindCase = Partial<Omit<PolicyQuestion, "attempt" | "rulePack">> & { readonly attempt?: Partial<ContactAttempt> };

/**
 * A kind of rule, whole: what its rules hold, how they are checked, what they say. A new one is a file here and a line in
 * `index.ts`; `kinds.test.ts` holds every one to the same contract.
 */
export type RuleKind<TRule extends AnyRule> = {
  readonly kind: string;
  /** Row of the table in the domain's requirements (R1 … R16). */
  readonly row: string;
  readonly title: LocalText;
  readonly schema: z.ZodType<TRule>;
  /** Sentences of its reason codes; `{rule}` is the rule's title, the others are the objection's params. */
  readonly texts: KindTexts;
  /** Facts it needs: parts of the debt, which are worth reckoning only where a rule asks, or notices that were sent. */
  readonly needs?: "debt" | "notices";
  /** It looks at words, which are made last. */
  readonly aboutWords?: true;
  readonly link: (rule: TRule, context: LinkContext) => readonly RulePart[];
  readonly example: TRule;
  readonly allows: KindCase;
  readonly refuses: KindCase & { readonly code: string };
};

/** Schema of a kind: the members every rule has, and its own. */
export function ruleSchema<const TKind extends string, TOwn extends z.ZodRawShape>(kind: TKind, own: TOwn) {
  return z.strictObject({ ...RULE_BASE, kind: z.literal(kind), ...own });
}

/** A kind whose `link` takes any rule and reads it first. Throws ZodError on a rule its schema refuses. */
export type ReadingKind<TRule extends AnyRule = AnyRule> = Omit<RuleKind<TRule>, "link"> & {
  readonly link: (rule: AnyRule, context: LinkContext) => readonly RulePart[];
};

export function defineRuleKind<TRule extends AnyRule>(kind: RuleKind<TRule>): ReadingKind<TRule> {
  return { ...kind, link: (rule, context) => kind.link(kind.schema.parse(rule), context) };
}

let latestText = "";
let latestLower = "";

/** A text without regard to case; the rules about words ask for the same one in turn. */
export function lowerCase(text: string): string {
  if (text !== latestText) {
    latestText = text;
    latestLower = text.toLowerCase();
  }
  return latestLower;
}

/** A demand that time does not change. */
export function standingPart(
  severity: RuleSeverity,
  objections: (asked: PolicyQuestion, atMs: EpochMs) => readonly Objection[],
): RulePart {
  const next = (asked: PolicyQuestion, atMs: EpochMs): EpochMs => (objections(asked, atMs).length === 0 ? atMs : NEVER);
  return { severity, standing: true, next, objections };
}

/** How severe it is when a fact the rule needs is not known. */
export function severityOfUnknown(rule: Pick<AnyRule, "severity" | "ifUnknown">): RuleSeverity {
  return rule.ifUnknown ?? rule.severity;
}

/** Members of the kinds' examples that say nothing of their kind. */
export const EXAMPLE_BASE: Pick<AnyRule, "channels" | "source" | "effectiveFrom"> & { readonly severity: "block" } = {
  severity: "block",
  channels: ["robot", "agent", "sms", "letter", "visit"],
  source: { kind: "house-policy", name: "Example", counselCheck: false },
  effectiveFrom: "2026-01-01",
};
