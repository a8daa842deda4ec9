import type { OutNow, PlacementDecision, WaitingPlacement } from "#db/queries/agency-batch";
import type { PlacementLine } from "#engine/agency/outgoing";
import { type ActAnswer, askToAct } from "#engine/contact/act";
import type { Agency } from "#engine/model/agency";
import type { FactValue } from "#engine/model/facts";
import type { MarketPack } from "#engine/model/market-pack";
import type { ContactPoint } from "#engine/model/party";
import type { HouseStanding } from "#engine/model/policy";
import { daysBetween, type EpochMs, isLocalDate, localDate, type TimeZone } from "#engine/model/time";
import { factsOf, remainingMinor, statusOf } from "#engine/portfolio/facts";
import { pastOf } from "#engine/runtime/gate";

export type PlacementSetting = {
  readonly agencies: readonly Agency[];
  readonly house: HouseStanding;
  readonly packOf: (market: MarketPack["market"]) => MarketPack;
  /** Where days past due are counted when nothing is known of the person's place. */
  readonly timeZone: TimeZone;
};
type Now = { readonly nowMs: EpochMs; readonly out: OutNow };

/**
 * Which agency gets each waiting account: the one its step names, else of those the rules allow the one with the fewest accounts in
 * hand. The gate allowed the placement when it was asked for; the same question (`askToAct`) is asked of each agency once more now
 * that the account leaves. Where the rules refuse every agency the step is told so. A name nobody knows keeps the account in the
 * house, because it is a mistake of ours.
 */
export function decidePlacements(
  waiting: readonly WaitingPlacement[],
  { nowMs, out }: Now,
  setting: PlacementSetting,
): readonly PlacementDecision[] {
  const hands: { [agency: string]: number } = { ...out };
  return waiting.map((one): PlacementDecision => {
    if (statusOf(one.snapshot.account, one.snapshot.paidMinor) !== "open") return { kind: "wait", waiting: one };
    const answers = candidatesFor(one, setting.agencies).map((agency) => ({
      agency,
      answer: mayHave(agency, one, { nowMs, setting }),
    }));
    const fit = answers.filter(({ answer }) => answer.kind === "allow").map(({ agency }) => agency);
    const [chosen] = fit.sort((left, right) => inHand(hands, left) - inHand(hands, right) || byCode(left, right));
    if (chosen !== undefined) {
      hands[chosen.code] = inHand(hands, chosen) + 1;
      return { kind: "place", waiting: one, agency: chosen.code, line: lineOf(one, nowMs, setting.timeZone) };
    }
    const reasons = answers.flatMap(({ answer }) => (answer.kind === "deny" ? answer.reasons : []));
    // Some may have it later; or nobody is known who could.
    if (answers.length === 0 || answers.some(({ answer }) => answer.kind === "defer"))
      return { kind: "wait", waiting: one };
    return { kind: "refuse", waiting: one, reasons };
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

/** What the rules say of this agency having this account now. */
function mayHave(agency: Agency, waiting: WaitingPlacement, { nowMs, setting }: Asking): ActAnswer {
  const { partyId, accountId, snapshot, party, rulePack, notAfterMs } = waiting;
  const { account, paidMinor, contacts7d, conversations7d, otherAccounts } = snapshot;
  const pack = setting.packOf(waiting.market as MarketPack["market"]);
  const facts = factsOf(
    {
      ...{ account, fields: pack.fields, ledger: { paidMinor }, otherAccounts, arms: {}, startedAtMs: null },
      counters: { contacts7d, conversations7d },
    },
    nowMs,
    setting.timeZone,
  );
  return askToAct(
    {
      ...pastOf(party),
      ...{ act: "placement", subject: { partyId, accountId }, account, facts, agency: agency.code, notAfterMs, nowMs },
    },
    { pack, program: { settings: { rulePack } }, house: setting.house, agencies: [agency] },
  );
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
