"use client";

import { type Content, fieldOf, inLocale, type Locale, type PlacedFinding } from "#engine";
import { useDesigner, useFields } from "../store/context";
import { FindingsList } from "./findings-list";
import { placeMarks, segmentsOf } from "./segments";
import { TextLength } from "./text-length";
import { marksIn } from "./use-findings";

/** A text of the market as it will be said, with its places named as the field catalogue names them and what is against it. */
export function MarketText({
  content,
  findings,
  locale,
}: {
  readonly content: Content;
  readonly findings: readonly PlacedFinding[];
  readonly locale: Locale;
}) {
  const subject = content.subject === undefined ? "" : inLocale(content.subject, locale);
  return (
    <div className="dz-content">
      {subject !== "" && (
        <p className="dz-content-text" lang={locale}>
          <b>
            <Marked text={subject} marks={marksIn(findings, "subject")} />
          </b>
        </p>
      )}
      <p className="dz-content-text" lang={locale}>
        <Marked text={inLocale(content.text, locale)} marks={marksIn(findings, "text")} />
      </p>
      <TextLength content={content} locale={locale} />
      <FindingsList findings={findings} />
    </div>
  );
}

function Marked({ text, marks }: { readonly text: string; readonly marks: Parameters<typeof segmentsOf>[1] }) {
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const nameOf = (place: string): string => {
    const key = place.slice(2, -2).split("|")[0]?.trim() ?? "";
    const field = fieldOf(fields, key);
    return field === undefined ? key : inLocale(field.label, locale);
  };
  return segmentsOf(text, [...placeMarks(text), ...marks]).map(({ text: shown, start, kind }) => {
    if (kind === null) return shown;
    if (kind !== "place") {
      return (
        <mark key={start} data-kind={kind}>
          {shown}
        </mark>
      );
    }
    return (
      <span key={start} className="dz-variable" title={shown}>
        {nameOf(shown)}
      </span>
    );
  });
}
