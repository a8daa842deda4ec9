import { inLocale, type NodeGroup, type StepWords, type StrategyDoc, stepSummary } from "#engine";
import type { Bundle } from "../canvas/bundles";
import { boundsOf, type Drawing, stepName } from "../canvas/drawing";
import { handleX, outlineOf, shapeOf, sizeOf } from "../canvas/geometry";
import type { Size } from "../canvas/layout/layout";
import { routeOf } from "../canvas/route";
import type { Position } from "../commands/operation";
import { viewOf } from "../commands/step-view";

/** A file stands alone: it has colours of its own, those of the light screen. */
const PAPER = "#ffffff";
const INK = "#1f2a30";
const MUTED = "#5b6970";
const LINE = "#b8c3c8";
const EDGE = "#7d8c93";
const HUES: { readonly [group in NodeGroup]: string } = {
  entry: "#0b6b6f",
  contact: "#2c6fb3",
  wait: "#8a7443",
  decide: "#434b52",
  control: "#434b52",
  people: "#8c3d76",
  qa: "#1f7a65",
  agency: "#7a5236",
  exit: "#70777c",
};
const UNKNOWN_HUE = "#b3362b";
/** Whatever of these the reader's machine has; a text stays a text, so that it can be searched, copied and translated. */
const FONTS = "Inter, 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif";

const MARGIN = 40;
const HEAD = 56;
const NAME_SIZE = 13;
const SMALL_SIZE = 12;
const WIDE_FROM = 0x2e7f;
/** Widths of a glyph in parts of the font's size: Chinese signs are square, Latin letters about half as wide. */
const WIDE_GLYPH = 1;
const NARROW_GLYPH = 0.56;
const TEXT_LEFT = 18;
const DISC_GAP = 10;
const DISC_TEXT_MAX = 220;

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll(CONTROL, " ");
}

/** Signs XML 1.0 has no place for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const glyph of text) width += size * (glyph.charCodeAt(0) > WIDE_FROM ? WIDE_GLYPH : NARROW_GLYPH);
  return width;
}

/** As much of a text as fits, with an ellipsis where something is left out. */
export function fitted(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  let width = textWidth("…", size);
  let kept = "";
  for (const glyph of text) {
    width += textWidth(glyph, size);
    if (width > room) break;
    kept += glyph;
  }
  return `${kept.trimEnd()}…`;
}

type Line = {
  readonly at: Position;
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  readonly bold?: true;
};

/** The whole text is the tooltip of what is shown of it. */
function textOf({ at, text, size, colour, bold }: Line, room: number, anchor: "start" | "middle" = "start"): string {
  const weight = bold === true ? ' font-weight="600"' : "";
  const shown = fitted(text, size, room);
  const whole = shown === text ? "" : `<title>${escaped(text)}</title>`;
  return `<text x="${round(at.x)}" y="${round(at.y)}" font-size="${size}" fill="${colour}"${weight} text-anchor="${anchor}">${whole}${escaped(shown)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

type Chart = { readonly doc: StrategyDoc; readonly drawing: Drawing; readonly words: StepWords };

function stepSvg(node: StrategyDoc["nodes"][number], { drawing, words }: Chart): string {
  const group = viewOf(node).definition?.group;
  const size = sizeOf(group);
  const shape = shapeOf(group);
  const hue = group === undefined ? UNKNOWN_HUE : HUES[group];
  const { x, y } = drawing.positions[node.id] ?? { x: 0, y: 0 };
  const disc = shape === "disc";
  const left = disc ? size.width + DISC_GAP : TEXT_LEFT;
  const room = disc ? DISC_TEXT_MAX : size.width - left - TEXT_LEFT;
  const name = {
    at: { x: left, y: 28 },
    text: stepName(node, words),
    size: NAME_SIZE,
    colour: INK,
    bold: true,
  } as const;
  const summary = {
    at: { x: left, y: 47 },
    text: stepSummary(node, words) ?? node.type,
    size: SMALL_SIZE,
    colour: MUTED,
  };
  return [
    `<g transform="translate(${round(x)} ${round(y)})" data-step="${escaped(node.id)}">`,
    `<path d="${outlineOf(shape, size)}" fill="${PAPER}" stroke="${disc ? hue : LINE}" stroke-width="1.5"/>`,
    disc
      ? `<circle cx="${size.width / 2}" cy="${size.height / 2}" r="9" fill="${hue}"/>`
      : `<path d="M 0 16 V ${size.height - 16}" stroke="${hue}" stroke-width="5"/>`,
    textOf(name, room),
    textOf(summary, room),
    "</g>",
  ].join("");
}

function bundleSvg(bundle: Bundle, { doc, drawing }: Chart): string {
  const [source, target] = [bundle.source, bundle.target].map((id) => doc.nodes.find((node) => node.id === id));
  const from = drawing.positions[bundle.source];
  const to = drawing.positions[bundle.target];
  if (source === undefined || target === undefined || from === undefined || to === undefined) return "";
  const view = viewOf(source);
  const size = sizeOf(view.definition?.group);
  const targetSize = sizeOf(viewOf(target).definition?.group);
  const starts = bundle.members.map(({ handle }) => {
    const place = Math.max(
      0,
      view.handles.findIndex(({ id }) => id === handle?.id),
    );
    return { x: from.x + handleX(place, view.handles.length, size.width), y: from.y + size.height };
  });
  const { trunk, stubs, label } = routeOf({
    starts,
    end: { x: to.x + targetSize.width / 2, y: to.y - 2 },
    lanes: drawing.lanes[bundle.id] ?? null,
    level: drawing.lines.levels[bundle.id] ?? 0,
    loop: bundle.loop,
    right: drawing.lines.sides.get(bundle.id) ?? Math.max(from.x + size.width, to.x + targetSize.width),
  });
  const dashes = bundle.loop ? ' stroke-dasharray="5 4"' : "";
  const lines = [
    ...stubs.map((stub) => `<path d="${stub}" fill="none" stroke="${EDGE}" stroke-width="1.5"${dashes}/>`),
    `<path d="${trunk}" fill="none" stroke="${EDGE}" stroke-width="1.5"${dashes} marker-end="url(#arrow)"/>`,
  ];
  return (
    lines.join("") + labelSvg(drawing.labels[bundle.id]?.short ?? "", label, drawing.lines.rooms.get(bundle.id) ?? 0)
  );
}

function labelSvg(text: string, at: Position, room: number): string {
  if (text === "" || room <= 0) return "";
  const shown = fitted(text, SMALL_SIZE, room - 12);
  const width = textWidth(shown, SMALL_SIZE) + 12;
  const box = `<rect x="${round(at.x - width / 2)}" y="${round(at.y - 10)}" width="${round(width)}" height="20" rx="4" fill="${PAPER}"/>`;
  return box + textOf({ at: { x: at.x, y: at.y + 4 }, text, size: SMALL_SIZE, colour: INK }, room - 12, "middle");
}

/** The room a chart takes, and what is drawn in it, for whoever puts it on a page. */
export type ChartDrawn = {
  readonly box: Position & Size;
  readonly title: string;
  /** SVG elements, every text a text and escaped. */
  readonly body: string;
};

export const CHART_FONTS = FONTS;

/** The chart without a document around it. The same text for the same strategy. */
export function chartDrawn(doc: StrategyDoc, drawing: Drawing, words: StepWords): ChartDrawn {
  const chart: Chart = { doc, drawing, words };
  const bounds = boundsOf(drawing);
  const box = {
    x: bounds.x - MARGIN,
    y: bounds.y - MARGIN - HEAD,
    width: Math.max(bounds.width, DISC_TEXT_MAX * 2) + 2 * MARGIN,
    height: bounds.height + 2 * MARGIN + HEAD,
  };
  const title = inLocale(doc.name, words.locale);
  const head = { at: { x: bounds.x, y: bounds.y - HEAD }, text: title, size: 20, colour: INK, bold: true } as const;
  const body = [
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0.5 0.5 L 7.5 4 L 0.5 7.5 Z" fill="${EDGE}"/></marker></defs>`,
    `<rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" fill="${PAPER}"/>`,
    textOf(head, box.width - 2 * MARGIN),
    ...drawing.flow.bundles.map((bundle) => bundleSvg(bundle, chart)),
    ...doc.nodes.map((node) => stepSvg(node, chart)),
  ].join("\n");
  return { box, title, body };
}

/**
 * The chart as an SVG document: every text a text, nothing fetched, the same bytes for the same strategy. Sizes are those of the
 * screen at 100 %.
 */
export function chartSvg(doc: StrategyDoc, drawing: Drawing, words: StepWords): string {
  const { box, title, body } = chartDrawn(doc, drawing, words);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(box.width)}" height="${round(box.height)}" viewBox="${round(box.x)} ${round(box.y)} ${round(box.width)} ${round(box.height)}" font-family="${FONTS}" xml:lang="${words.locale}" role="img">`,
    `<title>${escaped(title)}</title>`,
    body,
    "</svg>\n",
  ].join("\n");
}
