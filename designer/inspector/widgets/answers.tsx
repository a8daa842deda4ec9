"use client";

import { Plus, X } from "lucide-react";
import { useState } from "react";
import { type JsonValue, type LocalText, variablesOf } from "#engine";
import { IconButton } from "../../controls/icon-button";
import { FieldGroup, Input, TextButton } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import { useDraft } from "../use-draft";
import { VariableSelect } from "../variable-select";
import { problemsAt, type WidgetProps } from "../widget";
import { ItemProblems, ItemTools, itemsOf, movedBy, NameInput, renamed } from "./items";

type Answer = { readonly id: string; readonly name?: LocalText };

/** Codes are handles too, so they look like handles. */
const CODE = /^[A-Za-z][\w-]{0,63}$/;

/** Answers an outside system may give, each a way on. The code is what it sends and never changes here; the name is the author's. */
export function AnswersWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const answers = itemsOf<Answer>(value);
  const store = (next: readonly Answer[], gesture?: "typing"): boolean =>
    onValue(next as unknown as JsonValue, gesture);
  return (
    <FieldGroup id={id} label={label} problems={problems.filter((problem) => problem.path === "")}>
      {answers.length === 0 && <p className="dz-hint">{text("lists.none")}</p>}
      <ol className="dz-entries">
        {answers.map((answer, index) => (
          <li key={answer.id} className="dz-entry">
            <div className="dz-entry-head">
              <code className="dz-code-tag" title={answer.id}>
                {answer.id}
              </code>
              <NameInput
                item={answer}
                readOnly={readOnly}
                onItem={(typed) => store(answers.with(index, renamed(answer, locale, typed)), "typing")}
              />
              {!readOnly && (
                <ItemTools
                  index={index}
                  count={answers.length}
                  removeLabel={text("lists.remove-answer", { name: answer.id })}
                  onMove={(by) => store(movedBy(answers, index, by))}
                  onRemove={() => store(answers.toSpliced(index, 1))}
                />
              )}
            </div>
            <ItemProblems problems={problemsAt(problems, `[${index}]`)} />
          </li>
        ))}
      </ol>
      {!readOnly && answers.length < (field.maximum ?? Number.MAX_SAFE_INTEGER) && (
        <NewCode taken={answers.map((answer) => answer.id)} onCode={(code) => store([...answers, { id: code }])} />
      )}
    </FieldGroup>
  );
}

function NewCode({ taken, onCode }: { readonly taken: readonly string[]; readonly onCode: (code: string) => boolean }) {
  const text = useText();
  const [code, setCode] = useState("");
  const bad = code !== "" && (!CODE.test(code) || taken.includes(code));
  const add = (): void => {
    if (!bad && code !== "" && onCode(code)) setCode("");
  };
  return (
    <div className="dz-new-entry">
      <Input
        className="dz-code"
        aria-label={text("lists.answer-id")}
        aria-invalid={bad}
        title={bad ? text("lists.code-problem") : undefined}
        placeholder={text("lists.answer-id")}
        maxLength={64}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") add();
        }}
      />
      <TextButton disabled={bad || code === ""} onClick={add}>
        <Plus size={13} aria-hidden />
        {text("lists.add-answer")}
      </TextButton>
    </div>
  );
}

type Received = { readonly name: string; readonly variable: string };

/** Values an answer carries, by the names it gives them, and the variables that keep them. */
export function ReceiveWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const settings = useDesigner((state) => state.doc.settings);
  const items = itemsOf<Received>(value);
  const store = (next: readonly Received[], gesture?: "typing"): boolean =>
    onValue(next as unknown as JsonValue, gesture);
  const unused = variablesOf(settings).find((one) => !items.some((item) => item.variable === one.name));
  return (
    <FieldGroup id={id} label={label} problems={problems.filter((problem) => problem.path === "")}>
      {items.length === 0 && <p className="dz-hint">{text("lists.none")}</p>}
      <ul className="dz-entries">
        {items.map((item, index) => (
          // Two lines may stand under one name while an author types.
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the line's place
          <li key={index} className="dz-entry">
            <div className="dz-entry-head dz-receive">
              <ReceivedName
                name={item.name}
                label={text("lists.answer-name", { id: index + 1 })}
                readOnly={readOnly}
                onName={(name) => store(items.with(index, { ...item, name }), "typing")}
              />
              <span aria-hidden>{text("lists.into")}</span>
              <VariableSelect
                label={text("lists.to-variable")}
                value={item.variable}
                types={field.factTypes}
                readOnly={readOnly}
                onVariable={(variable) => store(items.with(index, { ...item, variable }))}
              />
              {!readOnly && (
                <IconButton
                  label={text("lists.remove-receive", { name: item.name })}
                  onClick={() => store(items.toSpliced(index, 1))}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              )}
            </div>
            <ItemProblems problems={problemsAt(problems, `[${index}]`)} />
          </li>
        ))}
      </ul>
      {!readOnly && items.length < (field.maximum ?? Number.MAX_SAFE_INTEGER) && (
        <TextButton
          onClick={() => {
            const name = `value_${items.length + 1}`;
            // Some step types take no empty variable; one that is free is then as good a start as any.
            if (!store([...items, { name, variable: "" }]) && unused !== undefined) {
              store([...items, { name, variable: unused.name }]);
            }
          }}
        >
          <Plus size={13} aria-hidden />
          {text("lists.add-receive")}
        </TextButton>
      )}
    </FieldGroup>
  );
}

function ReceivedName({
  name,
  label,
  readOnly,
  onName,
}: {
  readonly name: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly onName: (name: string) => boolean;
}) {
  const text = useText();
  const draft = useDraft(name, (typed) =>
    onName(typed) ? { ok: true, reads: typed } : { ok: false, problem: text("form.not-accepted") },
  );
  return (
    <Input
      className="dz-code"
      aria-label={label}
      aria-invalid={draft.problem !== null}
      title={draft.problem ?? undefined}
      maxLength={60}
      value={draft.value}
      readOnly={readOnly}
      onChange={(event) => draft.type(event.target.value)}
      onBlur={draft.leave}
    />
  );
}
