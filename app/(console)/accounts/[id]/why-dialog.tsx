"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { WhyRules } from "#designer";
import { Badge } from "../../../_ui/badge";
import { Dialog } from "../../../_ui/dialog";
import { factWords, type RunWords } from "../../../_ui/engine-words";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";

type Explanation = RouterOutputs["run"]["explain"];
type Asked = { readonly enrollmentId: `enr_${string}`; readonly ordinal: number };

/** Why a step did what it did: the way there, every rule with ✓ and ✗, where each fact came from, and whether it still comes out so. */
export function WhyDialog({
  asked,
  title,
  words,
  stepName,
  ruleName,
  onClose,
}: {
  readonly asked: Asked;
  readonly title: string;
  readonly words: RunWords;
  readonly stepName: (stepId: string) => string;
  /** Name the author gave a rule; null where it has none. */
  readonly ruleName: (rule: string) => string | null;
  readonly onClose: () => void;
}) {
  const text = useTranslations("why");
  const trpc = useTRPC();
  const explanation = useQuery(trpc.run.explain.queryOptions(asked));
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={text("title", { step: title })} wide>
      {explanation.isPending && <LoadingRows rows={8} />}
      {explanation.isError && <ErrorState error={explanation.error} onRetry={() => explanation.refetch()} />}
      {explanation.data !== undefined && (
        <div className="flex flex-col gap-5 text-sm">
          <Verdict explanation={explanation.data} />
          <Path explanation={explanation.data} stepName={stepName} />
          <WhyRules
            ruleSets={explanation.data.ruleSets}
            decided={explanation.data.decision.code === "rule-holds" ? explanation.data.decision.detail : null}
            locale={words.locale}
            fields={words.pack.fields}
            valueText={(fact, value) => factWords(fact, value, words).value}
            ruleName={ruleName}
          />
          <FactTable explanation={explanation.data} words={words} stepName={stepName} />
        </div>
      )}
    </Dialog>
  );
}

/** Whether the reference executor still decides so, and by which version. */
function Verdict({ explanation }: { readonly explanation: Explanation }) {
  const text = useTranslations("why");
  const { replay, strategy, versionNumber } = explanation;
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2">
        {replay.kind === "agrees" && (
          <Badge tone="cured" icon={<CircleCheck size={13} aria-hidden />}>
            {text("agrees")}
          </Badge>
        )}
        {replay.kind === "differs" && (
          <Badge tone="breach" icon={<TriangleAlert size={13} aria-hidden />}>
            {text("differs")}
          </Badge>
        )}
        {replay.kind === "not-replayable" && <Badge>{text("notReplayable")}</Badge>}
        <span className="text-muted">
          {text("version", { key: strategy.key, number: versionNumber })}{" "}
          <code className="figures text-xs" title={strategy.programHash}>
            {strategy.programHash.slice(0, 12)}
          </code>
        </span>
      </p>
      {replay.kind === "agrees" && replay.sticky === true && <p className="text-muted">{text("sticky")}</p>}
      {replay.kind === "differs" && (
        <p role="alert" className="rounded-md bg-breach-soft px-3 py-2">
          {text("differsNote", {
            handle: replay.replayed.handle ?? "–",
            code: replay.replayed.code,
            detail: replay.replayed.detail ?? "–",
          })}
        </p>
      )}
    </div>
  );
}

/** Steps shown of a long way: the last ones, because they led here. */
const PATH_SHOWN = 12;

function Path({
  explanation,
  stepName,
}: {
  readonly explanation: Explanation;
  readonly stepName: (stepId: string) => string;
}) {
  const text = useTranslations("why");
  const { path, drawnStep } = explanation;
  const shown = path.slice(-PATH_SHOWN);
  return (
    <section aria-label={text("path")}>
      <h3 className="mb-1 text-xs text-muted">{text("path")}</h3>
      <p className="leading-6">
        {path.length > shown.length && (
          <span className="text-muted">{text("earlier", { count: path.length - shown.length })} </span>
        )}
        {shown.map((step) => (
          <span key={step.stepSeq}>
            {stepName(step.drawnStep)}
            <span className="text-muted"> → </span>
          </span>
        ))}
        <strong className="font-semibold">{stepName(drawnStep)}</strong>
      </p>
    </section>
  );
}

function FactTable({
  explanation,
  words,
  stepName,
}: {
  readonly explanation: Explanation;
  readonly words: RunWords;
  readonly stepName: (stepId: string) => string;
}) {
  const text = useTranslations("why");
  const { facts } = explanation;
  if (facts.length === 0) return null;
  return (
    <section aria-label={text("facts")}>
      <h3 className="mb-1 text-xs text-muted">{text("facts")}</h3>
      <table className="w-full">
        <tbody>
          {facts.map(({ fact, value, source }) => {
            const said = factWords(fact, value, words);
            return (
              <tr key={fact} className="border-t border-line/70">
                <th scope="row" className="py-1 pr-3 text-left font-normal" title={fact}>
                  {said.label}
                </th>
                <td className="figures py-1 pr-3 text-right">{said.value}</td>
                <td className="py-1 text-muted">
                  <Source source={source} stepName={stepName} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Source({
  source,
  stepName,
}: {
  readonly source: Explanation["facts"][number]["source"];
  readonly stepName: (stepId: string) => string;
}) {
  const text = useTranslations("why");
  const formats = useFormats();
  const zone = useZone();
  switch (source.kind) {
    case "file":
      return source.asOf === null ? text("source.file") : text("source.fileAsOf", { date: source.asOf });
    case "variable":
      return source.step === null
        ? text("source.initial")
        : text("source.variable", { step: stepName(source.step), time: formats.instant(source.atMs, zone) });
    case "unlisted":
      return text("source.unlisted");
    default:
      return text(`source.${source.kind}`, { time: formats.instant(source.atMs, zone) });
  }
}
