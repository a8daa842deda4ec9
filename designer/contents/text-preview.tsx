"use client";

import { ChevronDown, Eye } from "lucide-react";
import { useEffect, useId, useMemo, useState } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import {
  type Content,
  type FactValue,
  fieldOf,
  type Issue,
  inLocale,
  type Locale,
  renderContent,
  renderSubject,
} from "#engine";
import { AccountSearch } from "../controls/account-search";
import { useIssueText } from "../problems/problems";
import type { AccountDesk, AskedSettings, ShownAccount } from "../store/accounts";
import { useDesigner, useDesignerContext, useFields, useText } from "../store/context";
import { Parts } from "./text-length";

type Chosen = StoreApi<{ readonly account: ShownAccount | null }>;

const chosenOf = new WeakMap<AccountDesk, Chosen>();

/** For whom texts are shown: of one desk the same for every text, until another account is chosen. */
function useChosen(desk: AccountDesk): Chosen {
  const known = chosenOf.get(desk) ?? createStore(() => ({ account: null }));
  chosenOf.set(desk, known);
  return known;
}

type Values = { readonly [key: string]: FactValue };

/** A text as one of the lender's accounts would get it, masked, and what it would lack. */
export function TextPreview({ content, locale }: { readonly content: Content; readonly locale: Locale }) {
  const { accounts } = useDesignerContext();
  return accounts === undefined ? null : <PreviewFor desk={accounts} content={content} locale={locale} />;
}

type PreviewProps = { readonly desk: AccountDesk; readonly content: Content; readonly locale: Locale };

function PreviewFor({ desk, content, locale }: PreviewProps) {
  const id = useId();
  const text = useText();
  const [open, setOpen] = useState(false);
  const chosen = useChosen(desk);
  const account = useStore(chosen, (state) => state.account);
  return (
    <section className="dz-preview" aria-label={text("content.preview")}>
      <button
        type="button"
        className="dz-walk-who"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen((before) => !before)}
      >
        <Eye size={14} aria-hidden />
        <span>
          {account === null ? text("content.preview-for") : text("content.previewed", { account: account.label })}
        </span>
        <ChevronDown size={14} aria-hidden />
      </button>
      {open && (
        <div id={id} className="dz-walk-list">
          <AccountSearch
            find={desk.find}
            onAccount={async (next) => {
              chosen.setState({ account: next });
              setOpen(false);
            }}
          />
        </div>
      )}
      {account !== null && (
        <Rendered key={account.id} desk={desk} content={content} locale={locale} account={account} />
      )}
    </section>
  );
}

function useValues(desk: AccountDesk, accountId: string): Values | "asked" | "failed" {
  const { market, currency, timeZone, fields, variables } = useDesigner((state) => state.doc.settings);
  const settings = useMemo<AskedSettings>(
    () => ({ market, currency, timeZone, fields, variables }),
    [market, currency, timeZone, fields, variables],
  );
  const [values, setValues] = useState<Values | "asked" | "failed">("asked");
  useEffect(() => {
    let current = true;
    desk.valuesOf(accountId, settings).then(
      (known) => current && setValues(known),
      () => current && setValues("failed"),
    );
    return () => {
      current = false;
    };
  }, [desk, accountId, settings]);
  return values;
}

function Rendered({ desk, content, locale, account }: PreviewProps & { readonly account: ShownAccount }) {
  const text = useText();
  const values = useValues(desk, account.id);
  if (typeof values === "string") {
    return <p className="dz-hint">{text(values === "asked" ? "walk.reading" : "content.preview-failed")}</p>;
  }
  const body = renderContent(content, values, locale);
  const subject = renderSubject(content, [values], locale);
  const lacking = [...(subject.ok ? [] : subject.error), ...(body.ok ? [] : body.error)];
  return (
    <div role="status">
      {lacking.length > 0 && <Lacking issues={lacking} />}
      {body.ok && (
        <p className="dz-content-text" lang={locale} data-testid="text-preview">
          {subject.ok && subject.value !== null && <b>{`${subject.value}\n`}</b>}
          {body.value}
        </p>
      )}
      {body.ok && content.channel === "sms" && (
        <p className="dz-length">
          {text("content.length", { count: [...body.value].length, limit: "" })}
          <Parts text={body.value} />
        </p>
      )}
    </div>
  );
}

function Lacking({ issues }: { readonly issues: readonly Issue[] }) {
  const say = useIssueText();
  const fields = useFields();
  const locale = useDesigner((state) => state.locale);
  const named = (issue: Issue): Issue => {
    const field = fieldOf(fields, String(issue.params.variable));
    return field === undefined
      ? issue
      : { ...issue, params: { ...issue.params, variable: inLocale(field.label, locale) } };
  };
  return (
    <ul className="dz-findings">
      {issues.map((issue) => (
        <li key={`${issue.code} ${issue.path} ${issue.params.variable}`} data-severity="error">
          {say(named(issue))}
        </li>
      ))}
    </ul>
  );
}
