import { perChannel } from "../../model/content";
import type { RulePack } from "../../model/market-pack";
import type { ContactPoint } from "../../model/party";
import type { ContactAttempt } from "../../model/policy";
import type { PolicyQuestion } from "../kinds/define";

export const A_POINT: ContactPoint = {
  id: "cp_1",
  partyId: "party_1",
  kind: "phone",
  rank: 1,
  address: "sim:1",
  simulated: true,
  status: "valid",
  consent: perChannel(() => "granted"),
};

/** A robot call to the debtor in Beijing, who agreed to everything. */
export const A_CALL: ContactAttempt = {
  partyId: "party_1",
  accountId: "acct_1",
  channel: "robot",
  partyRole: "self",
  contactPoint: A_POINT,
  timeZones: ["Asia/Shanghai"],
};

/** A pack of these rules and a calendar that knows one holiday, 1 May 2026, and the year 2026. */
export function aPack(...rules: RulePack["rules"]): RulePack {
  return {
    pack: "test",
    version: "1",
    jurisdiction: "CN",
    title: { en: "Test" },
    rules,
    calendar: { name: "test", holidays: ["2026-05-01"], workdays: [], knownUntil: "2026-12-31" },
  };
}

export type AskedWith = Partial<Omit<PolicyQuestion, "attempt">> & { readonly attempt?: Partial<ContactAttempt> };

/** A question about a call on Monday 2 March 2026 at 10:00 in Beijing, with what is given instead. */
export function aQuestion({ attempt = {}, ...asked }: AskedWith & Pick<PolicyQuestion, "rulePack">): PolicyQuestion {
  return { history: [], holds: [], nowMs: Date.UTC(2026, 2, 2, 2), ...asked, attempt: { ...A_CALL, ...attempt } };
}
