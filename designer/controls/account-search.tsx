"use client";

import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import type { ShownAccount } from "../store/accounts";
import { useText } from "../store/context";
import { Input } from "./inputs";

/** A list of the lender's accounts, masked, narrowed by what is typed. */
export function AccountSearch({
  find,
  onAccount,
}: {
  readonly find: (search: string) => Promise<readonly ShownAccount[]>;
  readonly onAccount: (account: ShownAccount) => Promise<void>;
}) {
  const text = useText();
  const [search, setSearch] = useState("");
  const [found, setFound] = useState<readonly ShownAccount[] | "asked" | "failed">("asked");
  const [reading, setReading] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    find(search).then(
      (accounts) => current && setFound(accounts),
      () => current && setFound("failed"),
    );
    return () => {
      current = false;
    };
  }, [search, find]);
  return (
    <>
      <span className="dz-walk-search">
        <Search size={14} aria-hidden />
        <Input
          type="search"
          aria-label={text("walk.search")}
          placeholder={text("walk.search")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </span>
      {found === "asked" && <p className="dz-hint">{text("walk.searching")}</p>}
      {(found === "failed" || found.length === 0) && <p className="dz-hint">{text("walk.no-accounts")}</p>}
      {typeof found !== "string" && (
        <ul>
          {found.map((account) => (
            <li key={account.id}>
              <button
                type="button"
                disabled={reading !== null}
                onClick={async () => {
                  setReading(account.id);
                  await onAccount(account).finally(() => setReading(null));
                }}
              >
                <span>{account.label}</span>
                <span className="dz-walk-account-hint">
                  {reading === account.id ? text("walk.reading") : account.hint}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
