import { z } from "zod";
import { PARTY_ROLES } from "../../model/market-pack";
import { type ContactRecord, LASTING_OUTCOMES } from "../../model/policy";
import {
  defineRuleKind,
  EXAMPLE_BASE,
  type Objection,
  type PolicyQuestion,
  type RulePart,
  ruleSchema,
  standingPart,
} from "./define";

const GROUNDS = ["number-invalid", "unreached", "deceased", "incapable"] as const;
/** Somebody else asked not to be contacted again, or the number is not theirs. */
const NEVER_AGAIN: ReadonlySet<string> = new Set(LASTING_OUTCOMES);

/** R6: who may be contacted, and on what grounds somebody other than the debtor may be asked to pass a message on. */
const schema = ruleSchema("party", {
  /** May be contacted about the debt. */
  roles: z.array(z.enum(PARTY_ROLES).exclude(["unknown"])).min(1),
  /** May be asked for the debtor's whereabouts, if one of the grounds holds, and never again once they refuse. */
  thirdPersons: z
    .strictObject({
      roles: z.array(z.enum(PARTY_ROLES).exclude(["self", "unknown"])).min(1),
      requiresAny: z.array(z.enum(GROUNDS)).min(1),
      /** Calls in a row that did not reach the debtor. */
      unreachedCalls: z.int().min(1).max(20).optional(),
    })
    .optional(),
});
type PartyRule = z.output<typeof schema>;
type ThirdPersons = NonNullable<PartyRule["thirdPersons"]>;

const CALLS: ReadonlySet<string> = new Set(["robot", "agent"]);

/** Latest calls to the debtor in a row that nobody answered. */
function unreachedInARow(history: readonly ContactRecord[]): number {
  const calls = history.filter(({ channel, role = "self" }) => CALLS.has(channel) && role === "self");
  const latestFirst = calls.sort((one, other) => other.atMs - one.atMs);
  const reached = latestFirst.findIndex(({ connected }) => connected);
  return reached < 0 ? latestFirst.length : reached;
}

function hasGround(third: ThirdPersons, { attempt: { debtor = {} }, history }: PolicyQuestion): boolean {
  return third.requiresAny.some((ground) => {
    if (ground === "number-invalid") return debtor.numbersInvalid === true;
    if (ground === "deceased") return debtor.deceased === true;
    if (ground === "incapable") return debtor.incapable === true;
    return third.unreachedCalls !== undefined && unreachedInARow(history) >= third.unreachedCalls;
  });
}

function thirdPersonObjections(third: ThirdPersons, asked: PolicyQuestion): readonly Objection[] {
  const { attempt, history } = asked;
  const params = { role: attempt.partyRole };
  const refused = history.some(
    ({ outcome, contactPointId }) =>
      typeof outcome === "string" && NEVER_AGAIN.has(outcome) && contactPointId === attempt.contactPoint?.id,
  );
  return [
    ...(refused ? [{ code: "policy.third-person-refused", params }] : []),
    ...(hasGround(third, asked) ? [] : [{ code: "policy.third-person-without-ground", params }]),
    ...(attempt.purpose === "locate" ? [] : [{ code: "policy.third-person-hears-of-debt", params }]),
  ];
}

/** Without third persons: nobody but these roles is contacted. */
export function partyPart({
  severity,
  roles,
  thirdPersons,
}: Pick<PartyRule, "severity" | "roles" | "thirdPersons">): RulePart {
  const direct: ReadonlySet<string> = new Set(roles);
  const third: ReadonlySet<string> = new Set(thirdPersons?.roles ?? []);
  return standingPart(severity, (asked) => {
    const { partyRole } = asked.attempt;
    if (direct.has(partyRole)) return [];
    if (thirdPersons !== undefined && third.has(partyRole)) return thirdPersonObjections(thirdPersons, asked);
    return [{ code: "policy.party-role", params: { role: partyRole } }];
  });
}

export const partyKind = defineRuleKind<PartyRule>({
  kind: "party",
  row: "R6",
  title: { "zh-CN": "联系对象", en: "Who may be contacted" },
  schema,
  texts: {
    "policy.party-role": {
      "zh-CN": "{rule}：不允许联系{role}",
      en: "{rule}: {role} must not be contacted",
    },
    "policy.third-person-refused": {
      "zh-CN": "{rule}：{role}已拒绝再被联系，不得再次联系",
      en: "{rule}: {role} refused to be contacted again",
    },
    "policy.third-person-without-ground": {
      "zh-CN": "{rule}：没有可以联系{role}的情形（本人号码无效、连续未接通、身故或无民事行为能力）",
      en: "{rule}: there is no ground to contact {role} (the debtor's number invalid, calls in a row unanswered, death, incapacity)",
    },
    "policy.third-person-hears-of-debt": {
      "zh-CN": "{rule}：对{role}只能请其转告，不得透露债务",
      en: "{rule}: {role} may only be asked to pass a message on, and hears nothing of a debt",
    },
  },
  link: (rule) => [partyPart(rule)],
  example: {
    ...EXAMPLE_BASE,
    id: "example.party",
    title: { "zh-CN": "本人失联才可请联系人转告", en: "A reference only when the debtor cannot be reached" },
    kind: "party",
    roles: ["self", "guarantor"],
    thirdPersons: { roles: ["contact-person"], requiresAny: ["number-invalid", "unreached"], unreachedCalls: 3 },
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { partyRole: "contact-person", purpose: "locate", debtor: { numbersInvalid: true } },
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { partyRole: "contact-person", purpose: "locate" },
    code: "policy.third-person-without-ground",
  },
});
