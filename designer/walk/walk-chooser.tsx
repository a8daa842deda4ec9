import { ChevronDown, Sparkles } from "lucide-react";
import { useId, useState } from "react";
import { AccountSearch } from "../controls/account-search";
import type { ShownAccount } from "../store/accounts";
import { useText } from "../store/context";

/** Who is walked: one of the lender's accounts, masked, or an invented one. */
export function WalkChooser({
  title,
  findAccounts,
  onAccount,
  onInvent,
}: {
  readonly title: string;
  readonly findAccounts: (search: string) => Promise<readonly ShownAccount[]>;
  readonly onAccount: (account: ShownAccount) => Promise<void>;
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
            find={findAccounts}
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
