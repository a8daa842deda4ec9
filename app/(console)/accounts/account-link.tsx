import Link from "next/link";
import type { AccountId } from "#engine/model/ids";

type Named = { readonly accountId: AccountId; readonly accountNo: string };

/** An account by its number, in a table about something else; leads to its page. */
export function AccountLink({ accountId, accountNo }: Named) {
  return (
    <Link className="text-accent hover:underline" href={`/accounts/${encodeURIComponent(accountId)}`}>
      {accountNo}
    </Link>
  );
}
