import type { OutNow, PlacementDecision, WaitingPlacement } from "#db/queries/agency-batch";
import type { PlacementLine } from "#engine/agency/outgoing";
import { placeOf } from "#engine/contact/place";
import { senderReason } from "#engine/contact/reasons";
import type { Agency } from "#engine/model/agency";
import type { FactValue } from "#engine/model/facts";
import type { MarketPack } from "#engine/model/market-pack";
import type { ContactPoint } from "#engine/model/party";
import type { PolicyReason } from "#engine/model/policy";
import { daysBetween, type EpochMs, isLocalDate, localDate, type TimeZone } from "#engine/model/time";
import { checkPolicy } from "#engine/policy/check";
import { layeredPack } from "#engine/policy/link";
import { remainingMinor, statusOf } from "#engine/portfolio/facts";

export type PlacementSetting = {
  readonly agencies: readonly Agency[];
  readonly packOf: (market: MarketPack["market"]) => MarketPack;
  /** Where days past due are counted when nothing is known of the person's place. */
  readonly timeZone: TimeZone;
};
type Now = { readonly nowMs: EpochMs; readonly out: OutNow };

/**
 * Which agency gets each waiting account: the one its step names, else of those the rules allow the one with the fewest accounts in
 * hand. Rules are asked of each account and agency (`placement`); where they refuse every agency the step is told so. A name
 * nobody knows keeps the account in the house, because it is a mistake of ours.
 */
export function decidePlacements(
  waiting: readonly WaitingPlacement[],
  { nowMs, out }: Now,
  setting: PlacementSetting,
): readonly PlacementDecision[] {
  const hands: { [agency: string]: number } = { ...out };
  return waiting.map((one): PlacementDecision => {
    const asked = candidatesFor(one, setting.agencies);
    if (asked.length === 0) return { kind: "wait", waiting: one };
    if (statusOf(one.snapshot.account, one.snapshot.paidMinor) !== "open") return { kind: "wait", waiting: one };
    const answers = asked.map((agency) => ({ agency, reasons: objectionsTo(agency, one, { nowMs, setting }) }));
    const fit = answers.filter(({ reasons }) => reasons.length === 0).map(({ agency }) => agency);
    const [chosen] = fit.sort((left, right) => inHand(hands, left) - inHand(hands, right) || byCode(left, right));
    if (chosen === undefined)
      return { kind: "refuse", waiting: one, reasons: answers.flatMap(({ reasons }) => reasons) };
    hands[chosen.code] = inHand(hands, chosen) + 1;
    return { kind: "place", waiting: one, agency: chosen.code, line: lineOf(one, nowMs, setting.timeZone) };
  });
}

const inHand = (hands: OutNow, { code }: Agency): number => hands[code] ?? 0;
const byCode = (left: Agency, right: Agency): number => (left.code < right.code ? -1 : 1);

/** The agency a step names, by its name or code; without a name every agency. */
function candidatesFor({ details }: WaitingPlacement, agencies: readonly Agency[]): readonly Agency[] {
  const { agency = null } = details;
  if (agency === null) return agencies;
  return agencies.filter(({ code, name }) => name === agency || code === agency);
}

type Asking = { readonly nowMs: EpochMs; readonly setting: PlacementSetting };

/** Why this agency may not have this account; empty = it may. */
function objectionsTo(agency: Agency, waiting: WaitingPlacement, { nowMs, setting }: Asking): readonly PolicyReason[] {
  const { partyId, accountId, snapshot, rulePack: name } = waiting;
  const pack = setting.packOf(waiting.market as MarketPack["market"]);
  const rulePack = layeredPack(pack.rulePacks, name);
  if (rulePack === null) return [senderReason("dispatch.rule-pack-missing")];
  const { region, timeZones } = placeOf(snapshot.account, null, pack);
  const verdict = checkPolicy({
    attempt: {
      action: "placement",
      partyId,
      accountId,
      // A placement touches no channel; its rules are asked whatever channel they list.
      channel: "agent",
      partyRole: "self",
      contactPoint: null,
      timeZones,
      region,
      agency: agency.standing,
    },
    history: [],
    // A held person's accounts have not come this far.
    holds: [],
    rulePack,
    nowMs,
  });
  return verdict.verdict === "allow" ? [] : verdict.reasons;
}

const text = (value: FactValue | undefined): string => (typeof value === "string" ? value : "");
const number = (value: FactValue | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

function lineOf({ snapshot, details }: WaitingPlacement, nowMs: EpochMs, timeZone: TimeZone): PlacementLine {
  const { account, paidMinor, contactPoints } = snapshot;
  const { fields, overdueSince } = account;
  const today = localDate(account.timeZone ?? timeZone, nowMs);
  const term = text(details.term_ends_on);
  return {
    accountNo: account.accountNo,
    debtorName: text(fields.customer_name),
    phones: contactPoints.filter(mayBeCalled).map(({ address }) => address),
    owed: { minor: remainingMinor(account, paidMinor), currency: account.currency },
    daysPastDue: overdueSince === null ? null : Math.max(0, daysBetween(overdueSince, today)),
    product: text(fields.product_type),
    hand: number(details.hand, 1),
    commissionShare: number(details.commission_share, 0),
    termEndsOn: isLocalDate(term) ? term : null,
  };
}

/** Numbers the debtor said no to, and those that are wrong, are nobody's business. */
function mayBeCalled({ kind, status, simulated, consent }: ContactPoint): boolean {
  return kind === "phone" && status === "valid" && !simulated && consent.agent !== "refused";
}
