import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ChartPrint } from "#designer";
import { type BookLine, type BookStep, ruleBook } from "#engine/graph/book/rule-book";
import { LOCALES } from "#engine/model/locale";
import type { StrategyDoc } from "#engine/model/strategy";
import { readLocale } from "../../../../_i18n/preferences";
import { marketOfLender, serverCaller } from "../../../../_server/compose";
import { AppError } from "../../../../_server/errors";
import { PrintButton } from "./print-button";

type Props = {
  readonly params: Promise<{ readonly key: string }>;
  readonly searchParams: Promise<{ readonly version?: string; readonly lang?: string }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).key };
}

/** A strategy written out for paper: every step, rule, table row and text, in Chinese or in English whatever the console speaks. */
export default async function RuleBookPage({ params, searchParams }: Props) {
  const [{ key }, { version, lang }, own] = await Promise.all([params, searchParams, readLocale()]);
  const locale = LOCALES.find((known) => known === lang) ?? own;
  const { doc, number, hash } = await documentOf(key, version);
  const book = ruleBook(doc, marketOfLender(), locale);
  const text = await getTranslations({ locale, namespace: "book" });
  return (
    <main lang={locale} className="mx-auto max-w-4xl bg-surface px-8 py-10 text-sm print:max-w-none print:p-0">
      <div className="mb-6 flex gap-3 print:hidden">
        <PrintButton label={text("print")} />
        {LOCALES.filter((other) => other !== locale).map((other) => (
          <a
            key={other}
            className="self-center text-accent underline"
            href={`?${new URLSearchParams({ lang: other, ...(version === undefined ? {} : { version }) })}`}
          >
            {text("otherLanguage")}
          </a>
        ))}
      </div>
      <header className="mb-8 border-b border-line pb-4">
        <h1 className="text-2xl">{book.title}</h1>
        {book.description !== null && <p className="mt-2">{book.description}</p>}
        <p className="mt-2 text-muted">
          {number === null ? text("draft") : text("version", { number })}
          {hash !== null && <code className="ml-3 break-all font-mono text-xs">sha256 {hash}</code>}
        </p>
      </header>
      <section aria-label={text("chart")} className="mb-8">
        <h2 className="mb-3 text-lg font-semibold print:hidden">{text("chart")}</h2>
        <ChartPrint doc={doc} pack={marketOfLender()} locale={locale} />
      </section>
      <Lines title={text("settings")} lines={book.settings} />
      {book.chapters.map(({ title, steps }) => (
        <section key={title ?? ""} className="mt-8">
          <h2 className="mb-3 text-lg font-semibold">{title ?? text("steps")}</h2>
          {steps.map((step, index) => (
            <Step key={step.id} step={step} number={index + 1} ways={text("ways")} nowhere={text("nowhere")} />
          ))}
        </section>
      ))}
      {book.texts.length > 0 && <Lines title={text("texts")} lines={book.texts} />}
    </main>
  );
}

function Step({
  step,
  number,
  ways,
  nowhere,
}: {
  readonly step: BookStep;
  readonly number: number;
  readonly ways: string;
  readonly nowhere: string;
}) {
  return (
    <article className="mb-4 break-inside-avoid-page border-t border-line pt-3">
      <h3 className="font-semibold">
        {number}. {step.name} <span className="font-normal text-muted">{step.name === step.type ? "" : step.type}</span>
      </h3>
      {step.summary !== null && <p>{step.summary}</p>}
      {step.note !== null && <p className="text-muted">{step.note}</p>}
      <LineTable lines={step.lines} />
      {step.ways.length > 0 && (
        <>
          <h4 className="mt-2 text-xs text-muted">{ways}</h4>
          <LineTable
            lines={step.ways.map(({ label, text }) => ({ label, text: text === "" ? nowhere : `→ ${text}` }))}
          />
        </>
      )}
    </article>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly BookLine[] }) {
  return (
    <section className="mt-8 break-inside-avoid-page">
      <h2 className="mb-3 text-lg font-semibold">{title}</h2>
      <LineTable lines={lines} />
    </section>
  );
}

function LineTable({ lines }: { readonly lines: readonly BookLine[] }) {
  if (lines.length === 0) return null;
  return (
    <table className="mt-1 w-full">
      <tbody>
        {lines.map(({ label, text }, index) => (
          // Ways on of one name and equal rows may stand twice; their order is what tells them apart.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
          <tr key={index} className="border-t border-line/60 align-top">
            <th scope="row" className="w-2/5 py-1 pr-4 text-left font-normal text-muted">
              {label}
            </th>
            <td className="whitespace-pre-wrap py-1 [overflow-wrap:anywhere]">{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Written = { readonly doc: StrategyDoc; readonly number: number | null; readonly hash: string | null };

/** The draft, or one of the versions by its number. */
async function documentOf(key: string, version: string | undefined): Promise<Written> {
  const caller = serverCaller();
  try {
    const strategy = await caller.strategy.byKey({ key });
    if (version === undefined) return { doc: strategy.draft, number: null, hash: null };
    const wanted = strategy.versions.find(({ number }) => String(number) === version);
    if (wanted === undefined) notFound();
    return await caller.strategy.version({ versionId: wanted.id });
  } catch (error) {
    const refusal = error instanceof Error ? error.cause : null;
    if (refusal instanceof AppError && refusal.kind === "not-found") notFound();
    throw error;
  }
}
