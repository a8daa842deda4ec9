"use client";

import { type Content, checkText, inLocale, type Locale, qaTexts } from "#engine";
import { withValueAt } from "../../commands/data-path";
import { adoptContent, nextContentId, setContent } from "../../commands/details";
import type { NodeData } from "../../commands/steps";
import { Input, LabelledField, Select, TextArea, TextButton } from "../../controls/inputs";
import { contentsOf, useDesigner, useDesignerContext, useText } from "../../store/context";
import type { WidgetProps } from "../widget";

const TEXT_MAX = 4000;
/** The longest any channel shows; each has its own limit, which the checks know. */
const SUBJECT_MAX = 80;

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
    <LabelledField id={id} label={label} problems={problems}>
      <Select
        id={id}
        value={chosen}
        choices={choices}
        disabled={readOnly}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-problems`}
        onValue={(next) => onValue(next)}
      />
      {content !== undefined && !isOwn && <Preview {...props} content={content} />}
      {content !== undefined && isOwn && <OwnText content={content} readOnly={readOnly} id={id} />}
    </LabelledField>
  );
}

function Preview({ content, view, field, readOnly }: WidgetProps & { readonly content: Content }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const { store } = useDesignerContext();
  const adopt = (): void => {
    const { doc, dispatch } = store.getState();
    const copy: Content = { ...content, id: nextContentId(doc, content.channel), version: 1, source: content.id };
    const data: NodeData = withValueAt(view.node.data, field.path, copy.id);
    dispatch(adoptContent(doc, copy, { nodeId: view.node.id, data }));
  };
  const subject = content.subject === undefined ? "" : inLocale(content.subject, locale);
  return (
    <div className="dz-content">
      {subject !== "" && (
        <p className="dz-content-text">
          <b>
            <Marked text={subject} />
          </b>
        </p>
      )}
      <p className="dz-content-text">
        <Marked text={inLocale(content.text, locale)} />
      </p>
      <Findings text={`${subject}\n${inLocale(content.text, locale)}`.trim()} />
      {!readOnly && <TextButton onClick={adopt}>{text("content.write-own")}</TextButton>}
    </div>
  );
}

/** A template with its places marked and named as the field catalogue names them. */
function Marked({ text }: { readonly text: string }) {
  const locale = useDesigner((state) => state.locale);
  const fields = useDesigner((state) => state.pack.fields);
  const nameOf = (place: string): string => {
    const key = place.slice(2, -2).split("|")[0]?.trim() ?? "";
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return field === undefined ? key : inLocale(field.label, locale);
  };
  const parts = text.split(/(\{\{[^}]*\}\})/);
  return parts.map((part, index) =>
    part.startsWith("{{") ? (
      // The text is only ever shown whole: an index is as good a name as any for its parts.
      // biome-ignore lint/suspicious/noArrayIndexKey: parts never move
      <span key={index} className="dz-variable" title={part}>
        {nameOf(part)}
      </span>
    ) : (
      part
    ),
  );
}

function OwnText({
  content,
  readOnly,
  id,
}: {
  readonly content: Content;
  readonly readOnly: boolean;
  readonly id: string;
}) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const { store } = useDesignerContext();
  const edit = (member: "title" | "subject" | "text", typed: string): void => {
    const { doc, dispatch } = store.getState();
    const next = { ...content, [member]: { ...content[member], [locale]: typed } };
    dispatch(setContent(doc, next), `content:${content.id}:${member}:${locale}`);
  };
  return (
    <div className="dz-content">
      <Input
        aria-label={text("content.title")}
        value={content.title[locale] ?? ""}
        readOnly={readOnly}
        maxLength={80}
        onChange={(event) => edit("title", event.target.value)}
      />
      {content.subject !== undefined && (
        <Input
          aria-label={text("content.subject")}
          value={content.subject[locale] ?? ""}
          readOnly={readOnly}
          maxLength={SUBJECT_MAX}
          onChange={(event) => edit("subject", event.target.value)}
        />
      )}
      <TextArea
        aria-label={text("content.text")}
        aria-describedby={`${id}-findings`}
        rows={6}
        value={content.text[locale] ?? ""}
        readOnly={readOnly}
        maxLength={TEXT_MAX}
        onChange={(event) => edit("text", event.target.value)}
      />
      <Findings
        id={`${id}-findings`}
        text={`${content.subject?.[locale] ?? ""}\n${content.text[locale] ?? ""}`.trim()}
      />
      <p className="dz-hint">{text("content.variables")}</p>
    </div>
  );
}

function findingText(kind: string, locale: Locale): string {
  return qaTexts[locale][kind] ?? kind;
}

/** What the market's word lists find in a text, as one types. */
function Findings({ text: checked, id }: { readonly text: string; readonly id?: string }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const lexicons = useDesigner((state) => state.pack.lexicons);
  const findings = Object.values(lexicons).flatMap((lexicon) => checkText(checked, lexicon).findings);
  if (checked === "") return null;
  if (findings.length === 0) {
    return (
      <p id={id} className="dz-findings" data-clean>
        {text("content.clean")}
      </p>
    );
  }
  return (
    <ul id={id} className="dz-findings">
      {findings.map((finding) => (
        <li key={`${finding.start} ${finding.word}`} data-severity={finding.severity}>
          <b>{checked.slice(finding.start, finding.end)}</b>
          {findingText(`category.${finding.category}`, locale)} · {findingText(`severity.${finding.severity}`, locale)}
        </li>
      ))}
    </ul>
  );
}
