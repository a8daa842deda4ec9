"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { diffStrategies, type MarketPack, type MergeChoices, type MergeConflict, mergeStrategies } from "#engine";
import { Button } from "../../../../_ui/button";
import { Dialog } from "../../../../_ui/dialog";
import type { Draft, Meeting } from "./use-draft";

type Side = MergeChoices[string];
const SIDES: readonly Side[] = ["mine", "theirs"];

/** Two people changed one draft at the same places. Nothing is saved before the author has said, place by place, whose goes on. */
export function ConflictDialog({ draft, pack }: { readonly draft: Draft; readonly pack: MarketPack }) {
  const text = useTranslations("strategy.conflict");
  const [putOff, setPutOff] = useState<number | null>(null);
  const { meeting } = draft;
  if (draft.state.kind !== "conflict" || meeting === null) return null;
  const { revision } = meeting.theirs;
  if (putOff === revision) {
    return (
      <div role="alert" className="flex items-center gap-3 border-b border-breach/30 bg-breach-soft px-6 py-2 text-sm">
        <span>{text("frozen")}</span>
        <Button size="small" onClick={() => setPutOff(null)}>
          {text("decide")}
        </Button>
      </div>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) setPutOff(revision);
      }}
      title={text("title")}
      description={text("note")}
      wide
    >
      <Decide key={revision} draft={draft} meeting={meeting} pack={pack} />
    </Dialog>
  );
}

function Decide({
  draft,
  meeting,
  pack,
}: {
  readonly draft: Draft;
  readonly meeting: Meeting;
  readonly pack: MarketPack;
}) {
  const text = useTranslations("strategy.conflict");
  const [choices, setChoices] = useState<MergeChoices>({});
  const { base, theirs } = meeting;
  const { conflicts } = useMemo(
    () => mergeStrategies({ base, mine: draft.doc, theirs: theirs.doc }, pack, { choices }),
    [base, draft.doc, theirs, pack, choices],
  );
  const changes = useMemo(() => countChanges(meeting, pack), [meeting, pack]);
  const open = conflicts.filter(({ id }) => choices[id] === undefined).length;
  const all = (side: Side) => setChoices(Object.fromEntries(conflicts.map(({ id }) => [id, side])));
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="text-muted">{text("merged", { changes, conflicts: conflicts.length })}</p>
      <ul className="flex flex-col gap-3" aria-label={text("list")}>
        {conflicts.map((conflict) => (
          <Conflict
            key={conflict.id}
            conflict={conflict}
            choice={choices[conflict.id]}
            onChoose={(side) => setChoices({ ...choices, [conflict.id]: side })}
          />
        ))}
      </ul>
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-5 py-3">
        <Button onClick={() => all("mine")}>{text("mine")}</Button>
        <Button onClick={() => all("theirs")}>{text("theirs")}</Button>
        <span className="ml-auto text-xs text-muted" role="status">
          {open === 0 ? text("ready") : text("open", { count: open })}
        </span>
        <Button look="primary" disabled={open > 0} onClick={() => draft.meet(choices)}>
          {text("merge")}
        </Button>
      </div>
    </div>
  );
}

function countChanges({ base, theirs }: Meeting, pack: MarketPack): number {
  const { changes, omitted } = diffStrategies(base, theirs.doc, pack);
  return changes.length + omitted;
}

/** One place, with what either wrote there in words. */
function Conflict({
  conflict,
  choice,
  onChoose,
}: {
  readonly conflict: MergeConflict;
  readonly choice: Side | undefined;
  readonly onChoose: (side: Side) => void;
}) {
  const text = useTranslations("strategy.conflict");
  const locale = useLocale();
  const words = conflict.words[locale];
  const { subject, place } = words;
  return (
    <li>
      <fieldset className="rounded-md border border-line">
        <legend className="ml-2 px-1 font-semibold">{place === "" ? subject : `${subject} · ${place}`}</legend>
        <p className="px-3 text-xs text-muted">{text("before", { value: words.base ?? text("nothing") })}</p>
        <div className="grid gap-2 p-3 sm:grid-cols-2">
          {SIDES.map((side) => (
            <label
              key={side}
              className={`flex cursor-pointer items-start gap-2 rounded-md border p-2 ${
                choice === side ? "border-accent bg-accent-soft" : "border-line hover:bg-sunken"
              }`}
            >
              <input
                type="radio"
                className="mt-0.5 accent-(--accent)"
                name={conflict.id}
                checked={choice === side}
                onChange={() => onChoose(side)}
              />
              <span className="min-w-0">
                <span className="block text-xs text-muted">{text(side === "mine" ? "mineIs" : "theirsIs")}</span>
                <span className="break-words">{words[side] ?? text("nothing")}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </li>
  );
}
