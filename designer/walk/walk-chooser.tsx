import { ChevronDown, Search, Sparkles } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { Input } from "../controls/inputs";
import { useText } from "../store/context";
import type { WalkAccount } from "./walk-parts";

/** Who is walked: one of the lender's accounts, masked, or an invented one. */
export function WalkChooser({
  title,
  findAccounts,
  onAccount,
  onInvent,
}: {
  readonly title: string;
  readonly findAccounts: (search: string) => Promise<readonly WalkAccount[]>;
  readonly onAccount: (account: WalkAccount) => Promise<void>;
  readonly onInvent: () => void;
}) {
  const text = useText();
  const [open, setOpen] = useState(false);
  const listId = useId();
  return (
    <div className="dz-walk-chooser">
      <button
        type="button"
        className="dz-walk-who"
        aria-expanded={open}
        aria-controls={listId}
        onClick={() => setOpen((before) => !before)}
      >
        <span>{title}</span>
        <ChevronDown size={14} aria-hidden />
        <span className="sr-only">{text("walk.choose")}</span>
      </button>
      {open && (
        <div id={listId} className="dz-walk-list">
          <button
            type="button"
            onClick={() => {
              setOpen(false);
              onInvent();
            }}
          >
            <Sparkles size={14} aria-hidden />
            {text("walk.invent")}
          </button>
          <AccountSearch
            findAccounts={findAccounts}
            onAccount={async (account) => {
              await onAccount(account);
              setOpen(false);
            }}
          />
        </div>
      )}
    </div>
  );
}

function AccountSearch({
  findAccounts,
  onAccount,
}: {
  readonly findAccounts: (search: string) => Promise<readonly WalkAccount[]>;
  readonly onAccount: (account: WalkAccount) => Promise<void>;
}) {
  const text = useText();
  const [search, setSearch] = useState("");
  const [found, setFound] = useState<readonly WalkAccount[] | "asked" | "failed">("asked");
  const [reading, setReading] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    findAccounts(search).then(
      (accounts) => current && setFound(accounts),
      () => current && setFound("failed"),
    );
    return () => {
      current = false;
    };
  }, [search, findAccounts]);
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
