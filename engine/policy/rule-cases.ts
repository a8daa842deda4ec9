import { z } from "zod";
import { CHANNELS, perChannel } from "../model/content";
import { type Issue, issue } from "../model/issue";
import { pathText } from "../model/json-path";
import { LocalTextSchema } from "../model/locale";
import { PARTY_ROLES, POLICY_ACTIONS, POLICY_ACTORS, type RulePack } from "../model/market-pack";
import { CONTACT_POINT_KINDS } from "../model/party";
import {
  type ContactAttempt,
  HOLD_KINDS,
  type PolicyReason,
  type PolicyVerdict,
  RECORD_CLASSES,
  SPECIAL_EVENTS,
} from "../model/policy";
import { err, ok, type Result } from "../model/result";
import { formatInstant, isLocalDate, isLocalTime, isTimeZone, parseInstant } from "../model/time";
import { checkPolicy, type PolicyQuestion } from "./check";

/** Most cases in a file: a person reads what failed. */
const CASES_MAX = 2000;
const HISTORY_MAX = 200;
const NOTE_MAX = 200;

const InstantSchema = z.string().refine((text) => parseInstant(text) !== null, { error: "instant" });
const DateSchema = z.string().refine(isLocalDate, { error: "date" });
const TimeSchema = z.string().refine(isLocalTime, { error: "time" });
const ChannelSchema = z.enum(CHANNELS);
const MinorSchema = z.int().min(0);

/** One contact of the past: what became of it, over which channel, and whatever else is known. */
const ContactSchema = z.strictObject({
  at: InstantSchema,
  what: z.enum(["attempted", "connected", "conversed"]),
  channel: ChannelSchema.exactOptional(),
  /** `null` = the agency did not say. */
  point: z.string().max(40).nullable().exactOptional(),
  account: z.string().max(40).exactOptional(),
  by: z.enum(["own", "agency"]).exactOptional(),
  role: z.enum(PARTY_ROLES).exactOptional(),
  outcome: z.string().max(8).exactOptional(),
});

const AttemptSchema = z.strictObject({
  action: z.enum(POLICY_ACTIONS).exactOptional(),
  channel: ChannelSchema.exactOptional(),
  role: z.enum(PARTY_ROLES).exactOptional(),
  /** Zones the party's clocks may show; an empty list = unknown. */
  zones: z
    .array(z.string().max(40).refine(isTimeZone, { error: "zone" }))
    .max(10)
    .exactOptional(),
  region: z.string().max(6).exactOptional(),
  actor: z.enum(POLICY_ACTORS).exactOptional(),
  licence: z.string().max(40).exactOptional(),
  product: z.string().max(40).exactOptional(),
  point: z
    .strictObject({
      id: z.string().max(40).exactOptional(),
      kind: z.enum(CONTACT_POINT_KINDS).exactOptional(),
      status: z.enum(["valid", "invalid", "masked"]).exactOptional(),
      /** Consent to the channel; `granted` when it is missing. */
      consent: z.enum(["granted", "refused", "unknown"]).exactOptional(),
    })
    .nullable()
    .exactOptional(),
  people: z.int().min(0).max(20).exactOptional(),
  trainedOn: DateSchema.exactOptional(),
  recorded: z.boolean().exactOptional(),
  purpose: z.enum(["collect", "locate"]).exactOptional(),
  debtor: z
    .strictObject({
      numbersInvalid: z.boolean().exactOptional(),
      deceased: z.boolean().exactOptional(),
      incapable: z.boolean().exactOptional(),
    })
    .exactOptional(),
  debt: z
    .strictObject({
      principalMinor: MinorSchema.exactOptional(),
      chargesMinor: MinorSchema.exactOptional(),
      chargesPaidMinor: MinorSchema.exactOptional(),
      principalDays: MinorSchema.exactOptional(),
      dueOn: DateSchema.exactOptional(),
      lastPaymentOn: DateSchema.exactOptional(),
      acknowledgedOn: DateSchema.exactOptional(),
      limitationOn: DateSchema.exactOptional(),
    })
    .exactOptional(),
  agency: z
    .strictObject({
      licensed: z.boolean().exactOptional(),
      whitelisted: z.boolean().exactOptional(),
      violation: z.boolean().exactOptional(),
      contractUntil: DateSchema.exactOptional(),
      evaluatedOn: DateSchema.exactOptional(),
      trainedOn: DateSchema.exactOptional(),
    })
    .exactOptional(),
  record: z
    .strictObject({
      class: z.enum(RECORD_CLASSES),
      createdOn: DateSchema,
      lastActivityOn: DateSchema.exactOptional(),
      settled: z.boolean().exactOptional(),
    })
    .exactOptional(),
  specialDays: z
    .array(z.strictObject({ event: z.enum(SPECIAL_EVENTS), from: DateSchema, until: DateSchema }))
    .max(20)
    .exactOptional(),
});

type CaseAttempt = z.output<typeof AttemptSchema>;

const WindowSchema = z.strictObject({
  weekdays: z.array(z.int().min(1).max(7)).min(1),
  from: TimeSchema,
  to: TimeSchema,
});

export const RuleCaseSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,60}$/),
  note: LocalTextSchema,
  attempt: AttemptSchema.exactOptional(),
  history: z.array(ContactSchema).max(HISTORY_MAX).exactOptional(),
  holds: z
    .array(z.strictObject({ kind: z.enum(HOLD_KINDS), from: InstantSchema, until: InstantSchema.nullable() }))
    .max(50)
    .exactOptional(),
  consents: z
    .array(
      z.strictObject({
        rules: z.array(z.string().max(61)).min(1),
        channels: z.array(ChannelSchema).min(1),
        from: InstantSchema,
        until: InstantSchema,
        evidence: z.string().max(200),
        windows: z.array(WindowSchema).min(1).max(20).exactOptional(),
      }),
    )
    .max(50)
    .exactOptional(),
  notices: z
    .array(z.strictObject({ notice: z.string().max(60), sent: InstantSchema, returned: z.boolean().exactOptional() }))
    .max(50)
    .exactOptional(),
  text: z.string().max(8000).exactOptional(),
  now: InstantSchema,
  /** Asks by the law of that day. */
  asOf: DateSchema.exactOptional(),
  expect: z.strictObject({
    verdict: z.enum(["allow", "defer", "deny"]),
    until: InstantSchema.exactOptional(),
    /** Rules that speak, in any order and each once; of an allowed contact those that warn. Missing = whichever. */
    rules: z.array(z.string().max(61)).max(50).exactOptional(),
  }),
});
export type RuleCase = z.output<typeof RuleCaseSchema>;

/** Cases of one rule pack, and what all their attempts have in common. */
const RuleCaseFileSchema = z.strictObject({
  pack: z.string().max(64),
  base: AttemptSchema.exactOptional(),
  cases: z.array(RuleCaseSchema).min(1).max(CASES_MAX),
});
export type RuleCaseFile = z.output<typeof RuleCaseFileSchema>;

/** Reads a file of cases; what is wrong is said with its place. */
export function readRuleCases(value: unknown): Result<RuleCaseFile, readonly Issue[]> {
  const parsed = RuleCaseFileSchema.safeParse(value);
  if (!parsed.success) {
    return err(
      parsed.error.issues.map(({ path, message }) =>
        issue("rules.malformed", { path: pathText(path) }, { problem: message.slice(0, NOTE_MAX) }),
      ),
    );
  }
  const ids = parsed.data.cases.map(({ id }) => id);
  const twice = ids.flatMap((id, index) => (ids.indexOf(id) < index ? [{ id, index }] : []));
  if (twice.length === 0) return ok(parsed.data);
  return err(twice.map(({ id, index }) => issue("rules.id-twice", { path: `cases[${index}]` }, { rule: id })));
}

export type RuleCaseResult = {
  readonly case: RuleCase;
  readonly verdict: PolicyVerdict;
  readonly passed: boolean;
  /** When it was asked and when it may leave, by the clock of the party's place; null = it is not put off. */
  readonly now: string;
  readonly until: string | null;
  readonly reasons: readonly PolicyReason[];
};

export type RuleCaseSetting = { readonly rulePack: RulePack; readonly asOf?: string };

/** Asks the gate every question of a file and holds the answers against what is expected. */
export function runRuleCases(file: RuleCaseFile, setting: RuleCaseSetting): readonly RuleCaseResult[] {
  return file.cases.map((one) => {
    const question = questionOf(one, file.base ?? {}, setting);
    const verdict = checkPolicy(question);
    const reasons = verdict.verdict === "allow" ? verdict.warnings : verdict.reasons;
    const zone = question.attempt.timeZones[0] ?? "UTC";
    return {
      case: one,
      verdict,
      passed: isExpected(one, verdict, reasons),
      now: formatInstant(zone, question.nowMs),
      until: verdict.verdict === "defer" ? formatInstant(zone, verdict.untilMs) : null,
      reasons,
    };
  });
}

function isExpected({ expect }: RuleCase, verdict: PolicyVerdict, reasons: readonly PolicyReason[]): boolean {
  if (verdict.verdict !== expect.verdict) return false;
  if (expect.until !== undefined) {
    if (verdict.verdict !== "defer" || verdict.untilMs !== parseInstant(expect.until)) return false;
  }
  const spoke = [...new Set(reasons.map(({ rule }) => rule))].sort();
  return expect.rules === undefined || String(spoke) === String([...expect.rules].sort());
}

function msOf(instant: string): number {
  return parseInstant(instant) ?? Number.NaN;
}

/** The case as the gate is asked it. Party, account and contact point are `party_1`, `acct_1` and `cp_1` unless it says otherwise. */
export function questionOf(one: RuleCase, base: CaseAttempt, setting: RuleCaseSetting): PolicyQuestion {
  const { consents, notices, text } = one;
  const asOf = setting.asOf ?? one.asOf;
  return {
    attempt: attemptOf({ ...base, ...one.attempt }),
    history: (one.history ?? []).map(
      ({ at, what, channel = "agent", point = "cp_1", account = "acct_1", ...more }) => ({
        ...more,
        atMs: msOf(at),
        channel,
        contactPointId: point,
        accountId: account,
        connected: what !== "attempted",
        conversed: what === "conversed",
        visit: null,
      }),
    ),
    holds: (one.holds ?? []).map(({ kind, from, until }) => ({
      kind,
      fromMs: msOf(from),
      untilMs: until === null ? null : msOf(until),
    })),
    rulePack: setting.rulePack,
    nowMs: msOf(one.now),
    ...(text === undefined ? {} : { text }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(consents === undefined
      ? {}
      : {
          consents: consents.map(({ from, until, ...more }) => ({ ...more, fromMs: msOf(from), untilMs: msOf(until) })),
        }),
    ...(notices === undefined
      ? {}
      : { notices: notices.map(({ notice, sent, returned = false }) => ({ notice, sentMs: msOf(sent), returned })) }),
  };
}

function attemptOf({ role, zones, point, channel = "agent", ...more }: CaseAttempt): ContactAttempt {
  const { id = "cp_1", kind = "phone", status = "valid", consent = "granted" } = point ?? {};
  return {
    ...more,
    partyId: "party_1",
    accountId: "acct_1",
    channel,
    partyRole: role ?? "self",
    timeZones: zones ?? [],
    contactPoint:
      point === null
        ? null
        : {
            id: id as `cp_${string}`,
            partyId: "party_1",
            kind,
            rank: 1,
            address: "sim:1",
            simulated: true,
            status,
            consent: consent === "unknown" ? {} : perChannel(() => consent),
          },
  };
}
