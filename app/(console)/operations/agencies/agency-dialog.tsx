"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Agency } from "#engine/model/agency";
import type { AgencyStanding } from "#engine/model/policy";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Field, Select, TextInput } from "../../../_ui/field";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";

const NAME_MAX = 64;
const CODE_MAX = 40;
const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const QUESTIONS = ["licensed", "whitelisted", "violation"] as const;
const DAYS = ["contractUntil", "evaluatedOn", "trainedOn"] as const;
type Answer = "unknown" | "yes" | "no";

/** What is known of an agency. What nobody knows stays unknown, and the rules decide what that means. */
export function AgencyDialog({ agency, onClose }: { readonly agency: Agency | null; readonly onClose: () => void }) {
  const text = useTranslations("agencies.register");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Agency>(agency ?? { code: "", name: "", standing: {} });
  const save = useMutation(
    trpc.agency.saveAgency.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.agency.pathKey() });
        onClose();
      },
    }),
  );
  const complete = CODE.test(draft.code) && draft.name.trim() !== "";
  const know = <TKey extends keyof AgencyStanding>(key: TKey, value: AgencyStanding[TKey] | undefined) => {
    const { [key]: _, ...others } = draft.standing;
    setDraft({ ...draft, standing: value === undefined ? others : { ...others, [key]: value } });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={agency === null ? text("add") : agency.name}
      description={text("dialogNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) save.mutate(draft);
        }}
      >
        <div className="grid grid-cols-2 gap-3">
          <Field label={text("name")}>
            <TextInput
              autoFocus
              value={draft.name}
              maxLength={NAME_MAX}
              onChange={(event) => setDraft({ ...draft, name: event.target.value })}
            />
          </Field>
          <Field label={text("code")} hint={text("codeHint")}>
            <TextInput
              value={draft.code}
              maxLength={CODE_MAX}
              disabled={agency !== null}
              onChange={(event) => setDraft({ ...draft, code: event.target.value })}
            />
          </Field>
          {QUESTIONS.map((key) => (
            <Field key={key} label={text(key)}>
              <Answers value={draft.standing[key]} onValue={(value) => know(key, value)} />
            </Field>
          ))}
          {DAYS.map((key) => (
            <Field key={key} label={text(key)}>
              <TextInput
                type="date"
                value={draft.standing[key] ?? ""}
                onChange={({ target }) => know(key, target.value === "" ? undefined : target.value)}
              />
            </Field>
          ))}
        </div>
        {save.error !== null && <ErrorState error={save.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text("cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending} disabled={!complete}>
            {text("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Answers({
  value,
  onValue,
}: {
  readonly value: boolean | undefined;
  readonly onValue: (value: boolean | undefined) => void;
}) {
  const text = useTranslations("agencies.register");
  const options = (["unknown", "yes", "no"] as const).map((answer) => ({ value: answer, label: text(answer) }));
  const answer: Answer = value === undefined ? "unknown" : value ? "yes" : "no";
  return (
    <Select<Answer>
      options={options}
      value={answer}
      onValue={(chosen) => onValue(chosen === "unknown" ? undefined : chosen === "yes")}
    />
  );
}
