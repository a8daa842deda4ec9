import type { Database } from "#db";
import { type AccountDetail, accountById } from "#db/queries/account";
import type { Facts } from "#engine/model/facts";
import type { AccountId } from "#engine/model/ids";
import { marketPack } from "#engine/packs/index";
import { factsOf } from "#engine/portfolio/facts";
import { engineNowMs } from "../clock";
import { AppError } from "../errors";
import { LENDER_MARKET, LENDER_TIME_ZONE } from "../lender";

/** One account as its page shows it. `facts` is what a rule would read now, `imported` what only people may. */
export type AccountPageDetail = AccountDetail & { readonly facts: Facts; readonly nowMs: number };

/** Refuses with `account.not-found`. */
export async function accountDetail(database: Database, accountId: AccountId): Promise<AccountPageDetail> {
  const [detail, nowMs] = await Promise.all([accountById(database.sql, accountId), engineNowMs(database)]);
  if (detail === null) throw new AppError("not-found", "account.not-found");
  const facts = factsOf(
    {
      account: detail.account,
      fields: marketPack(LENDER_MARKET).fields,
      ledger: { paidMinor: detail.paidMinor },
      // What hangs on the person's contacts is told by the history below, entry by entry.
      counters: { contacts7d: 0, conversations7d: 0 },
      otherAccounts: 0,
      arms: {},
      startedAtMs: null,
    },
    nowMs,
    LENDER_TIME_ZONE,
  );
  const { contacts_7d: _contacts, conversations_7d: _conversations, other_accounts: _others, ...known } = facts;
  return { ...detail, facts: known, nowMs };
}
