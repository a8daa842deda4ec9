import { type Channel, perChannel } from "../model/content";
import type { RulePack, RuleSeverity } from "../model/market-pack";
import type { ContactAttempt, ContactRecord, PolicyReason } from "../model/policy";
import { DAY_MS, type LocalDate } from "../model/time";
import { applies, checkPolicy, checkWords, type PolicyQuestion } from "./check";
import { ruleKindOf } from "./kinds";

/**
 * The law as it stays: asked as of this day, every rule has begun and is enforced, and one that ends some day is over. What is
 * found then holds today and for as long as a strategy runs; rules that end are left to the gate.
 */
const FOR_GOOD: LocalDate = "9999-12-31";
/** Any Monday will do: days are looked at all round the year. */
const FROM_MS = Date.UTC(2026, 2, 2);
/** The horizon of a deferral is 14 days, so that so many questions cover a year with its holidays. */
const ROUNDS = 27;
const ROUND_DAYS = 14;

/** An objection that can be told before any account stands at the step; `certain` = the gate refuses every contact for it. */
export type AheadFinding = {
  readonly reason: PolicyReason;
  readonly severity: RuleSeverity;
  readonly certain: boolean;
};

/** What a step lays down about its contacts, whoever they go to. */
export type StepTerms = { readonly channel: Channel; readonly people?: number | undefined };

/** A contact against which nothing can be said but what its step lays down. */
function idealAttempt({ channel, people }: StepTerms): ContactAttempt {
  return {
    partyId: "party_any",
    accountId: "acct_any",
    channel,
    partyRole: "self",
    contactPoint: {
      id: "cp_any",
      partyId: "party_any",
      kind: "phone",
      rank: 1,
      address: "",
      simulated: true,
      status: "valid",
      consent: perChannel(() => "granted"),
    },
    timeZones: ["UTC"],
    people,
    trainedOn: FOR_GOOD,
    recorded: true,
    debt: {
      principalMinor: 1,
      chargesMinor: 0,
      chargesPaidMinor: 0,
      principalDays: 1,
      dueOn: FOR_GOOD,
      limitationOn: FOR_GOOD,
    },
  };
}

function questionOf(rulePack: RulePack, terms: StepTerms, nowMs: number): PolicyQuestion {
  return { attempt: idealAttempt(terms), history: [], holds: [], rulePack, nowMs, asOf: FOR_GOOD };
}

/** Whether a rule refuses each and every contact of a step it objects to: it speaks of all of them, and nothing relaxes it. */
function isCertain(reason: PolicyReason, { attempt, rulePack }: PolicyQuestion): boolean {
  const rule = rulePack.rules.find(({ id }) => id === reason.rule);
  if (rule === undefined || rule.relaxedBy !== undefined) return false;
  return applies(rule, attempt) === "yes" && ruleKindOf(rule.kind)?.needs !== "notices";
}

const keyOf = ({ rule, code, params }: PolicyReason): string => JSON.stringify([rule, code, params]);

/** The rules about words differ between the first contact of an account and later ones. */
function reached({ channel }: StepTerms): ContactRecord {
  return { atMs: FROM_MS - DAY_MS, channel, contactPointId: null, connected: true, conversed: true, visit: null };
}

/**
 * What the rules about words have against a text a step sends, whenever it does: the same question the gate asks. An objection to
 * the first contact alone, or of a rule that speaks of some accounts only, is not certain.
 */
export function wordsAhead(rulePack: RulePack, step: StepTerms & { readonly text: string }): readonly AheadFinding[] {
  const asked = { ...questionOf(rulePack, step, FROM_MS), text: step.text };
  const [first, later] = [asked, { ...asked, history: [reached(step)] }].map(checkWords);
  const found = (severity: RuleSeverity, member: "reasons" | "warnings"): readonly AheadFinding[] => {
    const [atFirst, afterwards] = [first?.[member] ?? [], later?.[member] ?? []];
    const always = new Set(afterwards.map(keyOf));
    const both = new Map([...atFirst, ...afterwards].map((reason) => [keyOf(reason), reason]));
    const inFirst = new Set(atFirst.map(keyOf));
    return [...both].map(([key, reason]) => ({
      reason,
      severity,
      certain: always.has(key) && inFirst.has(key) && isCertain(reason, asked),
    }));
  };
  return [...found("block", "reasons"), ...found("warn", "warnings")];
}

const NO_TIME = "policy.no-time";

/**
 * Why no contact of a step can ever leave, whoever it goes to and whenever: rules that bar its channel, ask for more people than go,
 * or leave no time of the year between them. Empty = nothing of that sort is certain.
 */
export function neverAllowed(rulePack: RulePack, step: StepTerms): readonly PolicyReason[] {
  let refused: readonly PolicyReason[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const asked = questionOf(rulePack, step, FROM_MS + round * ROUND_DAYS * DAY_MS);
    const verdict = checkPolicy(asked);
    if (verdict.verdict !== "deny") return [];
    const spoken = verdict.reasons.filter(({ code }) => code !== NO_TIME);
    const certain = spoken.filter((reason) => isCertain(reason, asked));
    // Where time is short, it takes all of them together; of what waiting does not cure, one is enough.
    const short = spoken.length < verdict.reasons.length;
    if (certain.length === 0 || (short && certain.length < spoken.length)) return [];
    refused = certain;
  }
  return refused;
}
