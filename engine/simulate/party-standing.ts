import { bucketOf } from "../model/party";
import { localDate } from "../model/time";
import { daysPastDue, statusOf } from "../portfolio/facts";
import type { AccountRun, PartyRun } from "./party-state";
import { countOne, groupOf } from "./tally";

/** Where an account that came in stands at the end: in which stage, and what came of people like it. */
export function countStanding(party: PartyRun, run: AccountRun): void {
  const { setting, tally } = party;
  const { account, paidMinor, costMinor, contacts, segment } = run;
  const { timeZone } = setting.program.settings;
  const bucket = (atMs: number) => bucketOf(daysPastDue(account, localDate(timeZone, atMs)));
  const from = bucket(setting.startMs);
  const isPaid = statusOf(account, paidMinor) === "paid";
  countOne(tally.moves, `${from}>${isPaid ? "paid" : bucket(setting.endMs)}`);
  for (const key of [`segment:${segment.key}`, `bucket:${from}`]) {
    const group = groupOf(tally, key);
    group.accounts += 1;
    group.cured += isPaid ? 1 : 0;
    group.recoveredMinor += paidMinor;
    group.costMinor += costMinor;
    group.contacts += contacts;
  }
}
