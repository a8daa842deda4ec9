"use client";

import { type KeyboardEvent, useRef } from "react";
import type { Content, Locale, PlacedFinding } from "#engine";
import { setContent } from "../commands/details";
import { Input } from "../controls/inputs";
import { useDesignerContext, useText } from "../store/context";
import { CheckedTextArea } from "./checked-text-area";
import { FindingsList } from "./findings-list";
import { rewritten } from "./rewrite";
import { TextLength } from "./text-length";
import { marksIn } from "./use-findings";

const TEXT_MAX = 4000;
/** The longest any channel shows; each has its own limit, which the checks know. */
const SUBJECT_MAX = 80;

type Part = "subject" | "text";

/** A text the author writes, in one language: checked at every letter, with its length and what stands ready to be said instead. */
export function OwnText({
  content,
  findings,
  locale,
  readOnly,
  id,
}: {
  readonly content: Content;
  readonly findings: readonly PlacedFinding[];
  readonly locale: Locale;
  readonly readOnly: boolean;
  readonly id: string;
}) {
  const text = useText();
  const { store } = useDesignerContext();
  const areas = { subject: useRef<HTMLTextAreaElement>(null), text: useRef<HTMLTextAreaElement>(null) };
  const edit = (member: "title" | Part, typed: string, burst?: string): void => {
    const { doc, dispatch } = store.getState();
    dispatch(setContent(doc, { ...content, [member]: { ...content[member], [locale]: typed } }), burst);
  };
  const type = (member: "title" | Part, typed: string): void =>
    edit(member, typed, `content:${content.id}:${member}:${locale}`);
  const show = ({ at }: PlacedFinding): void => {
    if (at === null) return;
    areas[at.part].current?.focus();
    areas[at.part].current?.setSelectionRange(at.start, at.end);
  };
  const rewrite = (finding: PlacedFinding): void => {
    const made = rewritten(content, locale, finding);
    if (made === null) return;
    edit(made.part, made.text);
    const area = areas[made.part].current;
    // The caret can only be put into the new text once it stands there.
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(made.caret, made.caret);
    });
  };
  /** Alt+Enter takes what is offered for the words the caret is in. */
  const takeOffer = (event: KeyboardEvent<HTMLTextAreaElement>, part: Part): void => {
    if (event.key !== "Enter" || !event.altKey) return;
    const caret = event.currentTarget.selectionStart;
    const under = findings.find(
      ({ at, suggestion }) => suggestion !== null && at?.part === part && at.start <= caret && caret <= at.end,
    );
    if (under === undefined) return;
    event.preventDefault();
    rewrite(under);
  };
  const area = (part: Part, { rows, limit }: { readonly rows: number; readonly limit: number }) => (
    <CheckedTextArea
      areaRef={areas[part]}
      marks={marksIn(findings, part)}
      aria-label={text(`content.${part}`)}
      aria-describedby={`${id}-findings`}
      aria-invalid={findings.some(({ at, severity }) => at?.part === part && severity === "error")}
      lang={locale}
      spellCheck={false}
      rows={rows}
      value={content[part]?.[locale] ?? ""}
      readOnly={readOnly}
      maxLength={limit}
      onKeyDown={(event) => takeOffer(event, part)}
      onChange={(event) =>
        type(part, part === "subject" ? event.target.value.replaceAll("\n", " ") : event.target.value)
      }
    />
  );
  return (
    <div className="dz-content">
      <Input
        aria-label={text("content.title")}
        value={content.title[locale] ?? ""}
        readOnly={readOnly}
        maxLength={80}
        onChange={(event) => type("title", event.target.value)}
      />
      {content.subject !== undefined && area("subject", { rows: 1, limit: SUBJECT_MAX })}
      {area("text", { rows: 6, limit: TEXT_MAX })}
      <TextLength content={content} locale={locale} />
      <FindingsList
        id={`${id}-findings`}
        findings={findings}
        {...(readOnly ? {} : { onShow: show, onRewrite: rewrite })}
      />
      {!readOnly && <p className="dz-hint">{text("content.variables")}</p>}
    </div>
  );
}
