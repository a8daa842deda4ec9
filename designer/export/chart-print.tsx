"use client";

import { useMemo } from "react";
import { type Locale, type MarketPack, type StepWords, type StrategyDoc, strategyCatalogue } from "#engine";
import { flowOf } from "../canvas/bundles";
import { automaticLayout, bundleLabels, drawingOf, isPlacedByHand } from "../canvas/drawing";
import { sizeOf } from "../canvas/geometry";
import { viewOf } from "../commands/step-view";
import { contentsOf } from "../store/context";
import { providedFields } from "../store/use-words-of";
import { textOf } from "../texts/text";
import { type Box, chartPages, PAGE } from "./chart-pages";
import { CHART_FONTS, chartDrawn } from "./chart-svg";

const CHART_ID = "dz-printed-chart";

/**
 * The chart on pages of paper, A4 on its side, for the browser to print or save as PDF. Drawn once and shown in parts: every text
 * stays a text. In the language given, whatever the console speaks.
 */
export function ChartPrint({
  doc,
  pack,
  locale,
}: {
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly locale: Locale;
}) {
  const { drawn, scale, pages } = useMemo(() => printed(doc, pack, locale), [doc, pack, locale]);
  return (
    <div className="dz-print" lang={locale}>
      <svg width={0} height={0} className="dz-print-source" aria-hidden fontFamily={CHART_FONTS}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: written by our own writer, every text escaped */}
        <g id={CHART_ID} dangerouslySetInnerHTML={{ __html: drawn.body }} />
      </svg>
      {pages.map((page, index) => {
        const number = textOf(locale, "export.page", { number: index + 1, count: pages.length });
        return (
          <figure key={`${page.x} ${page.y}`} className="dz-print-page">
            <svg
              role="img"
              aria-label={`${drawn.title} ${number}`}
              width={Math.ceil(page.width * scale)}
              height={Math.ceil(page.height * scale)}
              viewBox={`${page.x} ${page.y} ${page.width} ${page.height}`}
              style={{ maxWidth: PAGE.width }}
              fontFamily={CHART_FONTS}
            >
              <use href={`#${CHART_ID}`} />
            </svg>
            <figcaption>{number}</figcaption>
          </figure>
        );
      })}
    </div>
  );
}

function printed(doc: StrategyDoc, pack: MarketPack, locale: Locale) {
  const fields = strategyCatalogue(pack.fields, doc.settings, [...providedFields(doc, doc)]);
  const strategies = Object.fromEntries(doc.strategies.map(({ key, name }) => [key, name]));
  const words: StepWords = { locale, fields, contents: contentsOf({ doc, pack }), strategies };
  const flow = flowOf(doc);
  const labels = bundleLabels(flow, doc, words);
  const layout = isPlacedByHand(doc) ? null : automaticLayout(doc, flow, labels);
  const drawing = drawingOf({ doc, flow, labels, layout });
  const drawn = chartDrawn(doc, drawing, words);
  const steps = doc.nodes.map((node): Box => {
    const place = drawing.positions[node.id] ?? { x: 0, y: 0 };
    return { ...place, ...sizeOf(viewOf(node).definition?.group) };
  });
  return { drawn, ...chartPages(drawn.box, steps) };
}
