import type { StrategyDoc } from "#engine";
import type { Position } from "../commands/operation";
import { type StepView, viewOf } from "../commands/step-view";
import type { Bundle, Flow } from "./bundles";
import { handleX, sizeOf } from "./geometry";
import { labelRooms, type PlacedLabel } from "./label-rooms";
import { loopSides, type Obstacle } from "./loop-sides";
import { labelPlace, levelsOf } from "./route";

/** How the lines of a drawing keep out of each other's way, by bundle. */
export type Lines = {
  /** Level of its horizontal piece below the card. */
  readonly levels: { readonly [bundleId: string]: number };
  /** Width its label may take; 0 = none. */
  readonly rooms: ReadonlyMap<string, number>;
  /** The same where a number stands behind the words of every line. */
  readonly countedRooms: ReadonlyMap<string, number>;
  /** Right side of everything a loop passes. */
  readonly sides: ReadonlyMap<string, number>;
};

export type LinesInput = {
  readonly flow: Flow;
  readonly positions: { readonly [nodeId: string]: Position };
  readonly lanes: { readonly [bundleId: string]: readonly Position[] };
  readonly labelWidthOf: (bundleId: string) => number;
};

type Ends = {
  readonly bundle: Bundle;
  /** Where its middle way on leaves the card. */
  readonly start: Position;
  /** Middle of the target's upper side. */
  readonly end: Position;
  readonly lanes: readonly Position[];
  readonly labelWidth: number;
};

/** Seen from further away, words are drawn larger for their line (canvas.css): their room is for that size. */
const FAR_SIZE = 4 / 3;
const LABEL_WIDTH_MAX = 172;
/** What a number behind the words of a line takes. */
const NUMBER_ROOM = 44;

export function linesOf(input: LinesInput, doc: StrategyDoc): Lines {
  const ends = endsOf(input, doc);
  const levels = levelsByBundle(ends);
  const sides = sidesOf(ends, cardsOf(input, doc));
  const labels = ends.flatMap(({ bundle, start, end, lanes, labelWidth }): PlacedLabel[] => {
    if (labelWidth === 0) return [];
    const side = sides.get(bundle.id) ?? start.x;
    const place = { start, end, lanes, level: levels[bundle.id] ?? 0, loop: bundle.loop, right: side };
    return [{ id: bundle.id, at: labelPlace(place), width: Math.min(LABEL_WIDTH_MAX, labelWidth * FAR_SIZE) }];
  });
  const counted = labels.map((label) => ({ ...label, width: label.width + NUMBER_ROOM }));
  return { levels, sides, rooms: labelRooms(labels), countedRooms: labelRooms(counted) };
}

function endsOf({ flow, positions, lanes, labelWidthOf }: LinesInput, doc: StrategyDoc): readonly Ends[] {
  const views = new Map(doc.nodes.map((node) => [node.id, viewOf(node)]));
  return flow.bundles.flatMap((bundle): Ends[] => {
    const view = views.get(bundle.source);
    const source = positions[bundle.source];
    const target = positions[bundle.target];
    if (view === undefined || source === undefined || target === undefined) return [];
    const { height } = sizeOf(view.definition?.group);
    const targetWidth = sizeOf(views.get(bundle.target)?.definition?.group).width;
    return [
      {
        bundle,
        start: { x: source.x + middleWayOn(bundle, view), y: source.y + height },
        end: { x: target.x + targetWidth / 2, y: target.y },
        lanes: bundle.loop ? [] : (lanes[bundle.id] ?? []),
        labelWidth: labelWidthOf(bundle.id),
      },
    ];
  });
}

function middleWayOn({ members }: Bundle, { handles, definition }: StepView): number {
  const places = members.map(({ handle }) => handles.findIndex((known) => known.id === handle?.id));
  const middle = places[Math.floor(places.length / 2)] ?? 0;
  return handleX(middle, handles.length, sizeOf(definition?.group).width);
}

function levelsByBundle(ends: readonly Ends[]): Lines["levels"] {
  const bySource = new Map<string, Ends[]>();
  for (const one of ends) bySource.set(one.bundle.source, [...(bySource.get(one.bundle.source) ?? []), one]);
  const levels: { [bundleId: string]: number } = {};
  for (const lines of bySource.values()) {
    const found = levelsOf(
      lines.map(({ bundle, start, end, lanes }) => ({
        startX: start.x,
        firstX: bundle.loop ? Number.MAX_SAFE_INTEGER : (lanes[0]?.x ?? end.x),
      })),
    );
    lines.forEach(({ bundle }, index) => {
      levels[bundle.id] = found[index] ?? 0;
    });
  }
  return levels;
}

function cardsOf({ positions }: LinesInput, doc: StrategyDoc): readonly Obstacle[] {
  return doc.nodes.flatMap((node) => {
    const corner = positions[node.id];
    if (corner === undefined) return [];
    const { width, height } = sizeOf(viewOf(node).definition?.group);
    return [{ top: corner.y, bottom: corner.y + height, right: corner.x + width }];
  });
}

function sidesOf(ends: readonly Ends[], cards: readonly Obstacle[]): Lines["sides"] {
  const forward = ends.filter(({ bundle }) => !bundle.loop);
  if (forward.length === ends.length) return new Map();
  const lanes = forward.flatMap(({ start, end, lanes }) =>
    lanes.map((bend): Obstacle => ({ top: start.y, bottom: end.y, right: bend.x })),
  );
  const labels = forward.flatMap(({ end, lanes: [label], labelWidth }) =>
    label === undefined
      ? []
      : [{ top: label.y, bottom: Math.min(label.y + 1, end.y), right: label.x + labelWidth / 2 }],
  );
  const loops = ends
    .filter(({ bundle }) => bundle.loop)
    .map(({ bundle, start, end, labelWidth }) => ({
      id: bundle.id,
      top: Math.min(start.y, end.y) - 1,
      bottom: Math.max(start.y, end.y) + 1,
      halfLabel: labelWidth / 2,
    }));
  return loopSides(loops, [...cards, ...lanes, ...labels]);
}
