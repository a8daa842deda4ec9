import type { Facts } from "../model/facts";
import type { MarketPack, PolicyAction, RulePack } from "../model/market-pack";
import type { Account } from "../model/party";
import type {
  ContactAttempt,
  HouseStanding,
  KeptRecord,
  KnownAgency,
  PolicyReason,
  PolicyVerdict,
} from "../model/policy";
import type { TaskKind } from "../model/program";
import type { EpochMs, LocalDate, TimeZone } from "../model/time";
import { checkPolicy, needsDebt, needsNotices, type PolicyQuestion } from "../policy/check";
import { layeredPack } from "../policy/link";
import { debtOf } from "./debt";
import { noticesIn } from "./notices";
import type { PartyPast } from "./past-contacts";
import { placeOf } from "./place";
import { senderReason } from "./reasons";

/** What is done to a debtor without contacting anybody, and rules speak about. */
export type Act = Exclude<PolicyAction, "contact">;

/** Work that is such an act: the rules are asked before it leaves the house. Other work is about the case itself. */
export const TASK_ACTS = {
  placement: "placement",
  legal: "lawsuit",
  settlement: "settlement-quote",
} as const satisfies { readonly [task in TaskKind]?: Act };

/** The act a task is; null = no rule speaks of it. */
export function actOf(task: TaskKind): Act | null {
  return Object.hasOwn(TASK_ACTS, task) ? TASK_ACTS[task as keyof typeof TASK_ACTS] : null;
}

/** What a step asks: may this be done to this debtor now? */
export type ActQuestion = PartyPast & {
  readonly act: Act;
  readonly subject: Pick<ContactAttempt, "partyId" | "accountId">;
  readonly account: Account;
  readonly facts: Facts;
  /** Who would get the account: one agency by its name or code, or null = any that may. Only a placement concerns one. */
  readonly agency?: string | null;
  /** Not to be done after this instant. */
  readonly notAfterMs: EpochMs;
  readonly nowMs: EpochMs;
};

export type ActSetting = {
  readonly pack: MarketPack;
  readonly program: { readonly settings: { readonly rulePack: string } };
  readonly house?: HouseStanding | undefined;
  /** The register of agencies; absent = there is none, and nothing is known of any. */
  readonly agencies?: readonly KnownAgency[] | undefined;
  readonly lawOf?: LocalDate;
};

export type ActAnswer =
  | { readonly kind: "allow"; readonly warnings: readonly PolicyReason[]; readonly agency: string | null }
  | { readonly kind: "defer"; readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "deny"; readonly reasons: readonly PolicyReason[] };

/**
 * May this be done now? The last look before work that is no contact leaves, the same in the simulator and in the live path: its
 * deadline, is there still a debt, and what the rules say of the debt, its age, notices, holds and the agency that would get it.
 * Facts nobody knows count as each rule's `ifUnknown` says. Where any agency will do, one that may is enough, and the answer names it.
 */
export function askToAct(question: ActQuestion, setting: ActSetting): ActAnswer {
  const { nowMs, notAfterMs, facts } = question;
  if (nowMs > notAfterMs) return { kind: "deny", reasons: [senderReason("dispatch.window-closed")] };
  const status = facts.account_status ?? null;
  if (status !== "open") {
    return { kind: "deny", reasons: [senderReason("dispatch.account-settled", { status: String(status) })] };
  }
  const rulePack = layeredPack(setting.pack.rulePacks, setting.program.settings.rulePack);
  if (rulePack === null) return { kind: "deny", reasons: [senderReason("dispatch.rule-pack-missing")] };
  const asked = policyQuestion(question, { setting, rulePack });
  const { verdict, agency } = best(candidatesOf(question, setting), asked);
  if (verdict.verdict === "allow") return { kind: "allow", warnings: verdict.warnings, agency };
  if (verdict.verdict === "deny") return { kind: "deny", reasons: verdict.reasons };
  if (verdict.untilMs <= notAfterMs) return { kind: "defer", untilMs: verdict.untilMs, reasons: verdict.reasons };
  return { kind: "deny", reasons: [senderReason("dispatch.window-closed"), ...verdict.reasons] };
}

type Answering = { readonly setting: ActSetting; readonly rulePack: RulePack };

function policyQuestion(question: ActQuestion, { setting, rulePack }: Answering): PolicyQuestion {
  const { act: action, subject, account, facts, holds, consents, history, nowMs } = question;
  const { region, timeZones } = placeOf(account, null, setting.pack);
  const product = facts.product_type;
  const attempt: ContactAttempt = {
    ...subject,
    action,
    // Rules about acts name no channel.
    channel: "letter",
    partyRole: "self",
    contactPoint: null,
    timeZones,
    region,
    product: typeof product === "string" ? product : undefined,
    actor: setting.house?.actor,
    licence: setting.house?.licence,
  };
  const [zone] = timeZones;
  const debt =
    zone === undefined || !needsDebt(rulePack, attempt) ? undefined : debtOf(account, facts, { nowMs, zone });
  return {
    attempt: debt === undefined ? attempt : { ...attempt, debt },
    history,
    holds,
    consents,
    notices: needsNotices(rulePack, attempt) ? noticesIn(question) : undefined,
    rulePack,
    nowMs,
    asOf: setting.lawOf,
  };
}

/** Agencies the act may concern, in the order of their names; null = none, or one of which nothing is known. */
function candidatesOf(
  { act, agency = null }: ActQuestion,
  { agencies = [] }: ActSetting,
): readonly (KnownAgency | null)[] {
  if (act !== "placement") return [null];
  const meant = agencies.filter(({ name, code }) => agency === null || name === agency || code === agency);
  return meant.length === 0 ? [null] : [...meant].sort((one, other) => (one.name < other.name ? -1 : 1));
}

type Best = { readonly verdict: PolicyVerdict; readonly agency: string | null };
const RANK = { allow: 0, defer: 1, deny: 2 } as const satisfies {
  readonly [verdict in PolicyVerdict["verdict"]]: number;
};

function best(candidates: readonly (KnownAgency | null)[], asked: PolicyQuestion): Best {
  let found: Best | null = null;
  for (const known of candidates) {
    const attempt = known === null ? asked.attempt : { ...asked.attempt, agency: known.standing };
    const verdict = checkPolicy({ ...asked, attempt });
    if (found === null || isBetter(verdict, found.verdict)) found = { verdict, agency: known?.name ?? null };
    if (verdict.verdict === "allow") break;
  }
  return found ?? { verdict: { verdict: "deny", reasons: [] }, agency: null };
}

function isBetter(one: PolicyVerdict, other: PolicyVerdict): boolean {
  if (one.verdict === "defer" && other.verdict === "defer") return one.untilMs < other.untilMs;
  return RANK[one.verdict] < RANK[other.verdict];
}

/**
 * May a record be deleted now? The rules of every pack that is in use somewhere in the house are asked, wherever its people live:
 * `zones` empty = anywhere. The first objection answers.
 */
export function askToDelete(
  record: KeptRecord,
  { rulePacks, nowMs, zones = [] }: { rulePacks: readonly RulePack[]; nowMs: EpochMs; zones?: readonly TimeZone[] },
): PolicyVerdict {
  const attempt: ContactAttempt = {
    action: "record-deletion",
    partyId: "party_any",
    accountId: "acct_any",
    channel: "letter",
    partyRole: "self",
    contactPoint: null,
    timeZones: zones,
    record,
  };
  let latest: PolicyVerdict = { verdict: "allow", warnings: [] };
  for (const rulePack of rulePacks) {
    const verdict = checkPolicy({ attempt, history: [], holds: [], rulePack, nowMs });
    if (verdict.verdict !== "allow") return verdict;
    latest = { verdict: "allow", warnings: [...latest.warnings, ...verdict.warnings] };
  }
  return latest;
}
