"use client";

import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { ImportMapping } from "#engine/graph/import/apply-mapping";
import { inLocale } from "#engine/model/locale";
import type { StrategyDoc } from "#engine/model/strategy";
import { definitionOf } from "#engine/nodes/index";
import { Button } from "../../../_ui/button";
import { Field, Select } from "../../../_ui/field";
import type { RouterOutputs } from "../../../_ui/trpc-client";

type Review = RouterOutputs["strategy"]["reviewImport"];
type Missing = Review["missing"][number];
/** What is done about each missing thing, by kind and name: "" leaves it, `CREATE` makes it, else what stands in its place. */
type Answers = { readonly [missing: string]: string };

/** No name begins so. */
const CREATE = "+";
/** Steps that are named where a thing is missing; the rest is counted. */
const STEPS_SHOWN = 4;

const keyOf = ({ kind, name }: Pick<Missing, "kind" | "name">): string => `${kind} ${name}`;

function mappingOf(missing: readonly Missing[], answers: Answers): ImportMapping {
  return missing.flatMap(({ kind, name }) => {
    const to = answers[keyOf({ kind, name })] ?? "";
    if (to === "") return [];
    return [{ kind, name, to: to === CREATE ? { create: true as const } : to }];
  });
}

/** What would come of a file: the report, and what to do about everything that is not here. */
export function ImportReview({
  review,
  busy,
  problem,
  onBack,
  onImport,
}: {
  readonly review: Review;
  readonly busy: boolean;
  readonly problem: ReactNode;
  readonly onBack: () => void;
  readonly onImport: (mapping: ImportMapping, replace: boolean) => void;
}) {
  const text = useTranslations("strategies");
  const locale = useLocale();
  const [answers, setAnswers] = useState<Answers>({});
  const { doc, missing, migrated, unknownSteps, exists } = review;
  const clean = missing.length + migrated.length + unknownSteps.length === 0;
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="font-semibold">
        {text("review.title", { name: inLocale(doc.name, locale), steps: doc.nodes.length })}
      </p>
      {exists && (
        <p role="alert" className="rounded-md border border-waiting/40 px-3 py-2">
          {text("review.exists", { key: doc.key })}
        </p>
      )}
      {clean && <p>{text("review.clean")}</p>}
      <Migrated review={review} />
      <Unknown review={review} />
      {missing.length > 0 && (
        <section>
          <h3 className="font-semibold">{text("review.missing")}</h3>
          <p className="mb-2 text-xs text-muted">{text("review.missingNote")}</p>
          <ul className="flex flex-col gap-3">
            {missing.map((one) => (
              <li key={keyOf(one)}>
                <MissingThing
                  missing={one}
                  doc={doc}
                  answer={answers[keyOf(one)] ?? ""}
                  onAnswer={(answer) => setAnswers({ ...answers, [keyOf(one)]: answer })}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      {problem}
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-surface px-5 py-3">
        <Button onClick={onBack}>{text("back")}</Button>
        <Button
          look={exists ? "danger" : "primary"}
          busy={busy}
          onClick={() => onImport(mappingOf(missing, answers), exists)}
        >
          {exists ? text("replaceDraft") : text("review.import")}
        </Button>
      </div>
    </div>
  );
}

type Place = { readonly within: string | null; readonly nodeId: string | null };

/** What a step is called; inside a strategy, behind the strategy's name. */
function useStepName(doc: StrategyDoc): (place: Place) => string {
  const text = useTranslations("strategies.review");
  const locale = useLocale();
  return ({ within, nodeId }) => {
    if (nodeId === null) return text("inSettings");
    const inner = within === null ? undefined : doc.strategies.find(({ key }) => key === within);
    const node = (inner ?? doc).nodes.find(({ id }) => id === nodeId);
    const own = node?.name === undefined ? undefined : inLocale(node.name, locale);
    const name = own ?? (node === undefined ? undefined : definitionOf(node.type)?.texts[locale].title) ?? nodeId;
    return inner === undefined ? name : `${inLocale(inner.name, locale)} · ${name}`;
  };
}

function Migrated({ review: { migrated, doc } }: { readonly review: Review }) {
  const text = useTranslations("strategies.review");
  const locale = useLocale();
  const stepName = useStepName(doc);
  if (migrated.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold">{text("migrated")}</h3>
      <ul className="list-disc pl-5">
        {migrated.map((one) => {
          if (one.kind === "document") return <li key="document">{text("document", one)}</li>;
          if (one.kind === "tests-dropped") return <li key="tests">{text("tests-dropped", one)}</li>;
          const { within, nodeId, from, to } = one;
          const type = definitionOf(one.type)?.texts[locale].title ?? one.type;
          return <li key={`${within} ${nodeId}`}>{text("step", { name: stepName(one), type, from, to })}</li>;
        })}
      </ul>
    </section>
  );
}

function Unknown({ review: { unknownSteps, doc } }: { readonly review: Review }) {
  const text = useTranslations("strategies.review");
  const stepName = useStepName(doc);
  if (unknownSteps.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold">{text("unknown")}</h3>
      <ul className="list-disc pl-5">
        {unknownSteps.map((step) => {
          const { within, nodeId, type, version, supported } = step;
          const name = stepName(step);
          return (
            <li key={`${within} ${nodeId}`}>
              {supported === null
                ? text("unknown-type", { name, type })
                : text("newer-data", { name, type, version, supported })}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function MissingThing({
  missing,
  doc,
  answer,
  onAnswer,
}: {
  readonly missing: Missing;
  readonly doc: StrategyDoc;
  readonly answer: string;
  readonly onAnswer: (answer: string) => void;
}) {
  const text = useTranslations("strategies.review");
  const locale = useLocale();
  const stepName = useStepName(doc);
  const { kind, name, places, candidates, canCreate } = missing;
  const steps = [...new Set(places.map(stepName))];
  const more = steps.length > STEPS_SHOWN ? "…" : "";
  const options = [
    { value: "", label: text("leave") },
    ...(canCreate ? [{ value: CREATE, label: text("create") }] : []),
    ...candidates.map((one) => ({ value: one.name, label: `${inLocale(one.label, locale)} (${one.name})` })),
  ];
  return (
    <Field
      label={text("choose", { kind: text(`kind.${kind}`), name })}
      hint={text("used", { count: places.length, steps: `${steps.slice(0, STEPS_SHOWN).join(", ")}${more}` })}
    >
      <Select options={options} value={answer} onValue={onAnswer} />
    </Field>
  );
}
