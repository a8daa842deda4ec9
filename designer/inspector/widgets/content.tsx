"use client";

import { useState } from "react";
import { type Content, inLocale, LOCALES, type Locale, localeOf } from "#engine";
import { withValueAt } from "../../commands/data-path";
import { adoptContent, nextContentId } from "../../commands/details";
import type { NodeData } from "../../commands/steps";
import { MarketText } from "../../contents/market-text";
import { OwnText } from "../../contents/own-text";
import { TextPreview } from "../../contents/text-preview";
import { useFindings } from "../../contents/use-findings";
import { LabelledField, Problems, Select, TextButton } from "../../controls/inputs";
import { useIssueText } from "../../problems/problems";
import { contentsOf, useDesigner, useDesignerContext, useText } from "../../store/context";
import type { WidgetProps } from "../widget";

/** The text a step sends: chosen from the market's and the strategy's own, shown as it is, and editable as a copy of one's own. */
export function ContentWidget(props: WidgetProps) {
  const { id, label, value, field, problems, readOnly, onValue } = props;
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const doc = useDesigner((state) => state.doc);
  const pack = useDesigner((state) => state.pack);
  const contents = contentsOf({ doc, pack });
  const chosen = typeof value === "string" ? value : "";
  const content = Object.hasOwn(contents, chosen) ? contents[chosen] : undefined;
  const offered = Object.values(contents).filter((one) => field.channel === undefined || one.channel === field.channel);
  const isOwn = doc.contents.some((own) => own.id === chosen);
  const lost = chosen !== "" && content === undefined ? [{ value: chosen, label: chosen }] : [];
  const choices = [
    { value: "", label: text("form.choose") },
    ...lost,
    ...offered.map((one) => ({
      value: one.id,
      label: doc.contents.includes(one)
        ? text("content.own", { title: inLocale(one.title, locale) })
        : inLocale(one.title, locale),
    })),
  ];
  return (
    <LabelledField id={id} label={label} problems={content === undefined ? problems : []}>
      <Select
        id={id}
        value={chosen}
        choices={choices}
        disabled={readOnly}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-problems`}
        onValue={(next) => onValue(next)}
      />
      {content !== undefined && <Chosen {...props} content={content} isOwn={isOwn} />}
    </LabelledField>
  );
}

/** The chosen text in the language its readers are written to, or in another one. */
function Chosen(props: WidgetProps & { readonly content: Content; readonly isOwn: boolean }) {
  const { id, content, isOwn, problems, readOnly, view, field } = props;
  const text = useText();
  const { store } = useDesignerContext();
  const sent = localeOf(useDesigner((state) => state.doc.settings.market));
  const [locale, setLocale] = useState<Locale>(sent);
  const findings = useFindings(content, locale);
  const say = useIssueText();
  // The linter asks the same questions; what stands at its place in the text is not said a second time.
  const told = new Set(findings.map((finding) => say({ ...finding, path: "" })));
  const adopt = (): void => {
    const { doc, dispatch } = store.getState();
    const copy: Content = { ...content, id: nextContentId(doc, content.channel), version: 1, source: content.id };
    const data: NodeData = withValueAt(view.node.data, field.path, copy.id);
    dispatch(adoptContent(doc, copy, { nodeId: view.node.id, data }));
  };
  return (
    <div className="dz-content">
      <fieldset className="dz-languages" aria-label={text("content.language")}>
        {LOCALES.map((known) => (
          <button key={known} type="button" aria-pressed={known === locale} onClick={() => setLocale(known)}>
            {text(`locales.${known}`)}
            {known === sent && ` · ${text("content.sent")}`}
          </button>
        ))}
      </fieldset>
      {isOwn ? (
        <OwnText id={id} findings={findings} content={content} locale={locale} readOnly={readOnly} />
      ) : (
        <MarketText content={content} findings={findings} locale={locale} />
      )}
      {!isOwn && !readOnly && <TextButton onClick={adopt}>{text("content.write-own")}</TextButton>}
      <Problems id={`${id}-problems`} problems={problems.filter((problem) => !told.has(problem.text))} />
      <TextPreview content={content} locale={locale} />
    </div>
  );
}
