"use client";

import {
  ReactFlowProvider,
  useOnViewportChange,
  useReactFlow,
  useStoreApi,
  type Viewport,
  ViewportPortal,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { Locale, MarketPack, StrategyChange, StrategyDoc } from "#engine";
import { Canvas } from "../canvas/canvas";
import type { Drawing } from "../canvas/drawing";
import { sizeOf } from "../canvas/geometry";
import { MarksProvider } from "../canvas/spotlight";
import { useDrawingOf } from "../canvas/use-drawing-of";
import { DesignerProvider, useDrawing } from "../store/context";
import { createDesignerStore, type DesignerStore } from "../store/store";
import { useWordsOf } from "../store/use-words-of";
import { MarkBadge } from "./mark-badge";
import { marksOf, type Side, type StepMark, stepMarks } from "./marks-of";
import type { Pairing } from "./pairing";

const FOCUS_ZOOM_MIN = 0.7;

/** A store nobody writes to. */
export function useReadOnlyStore(doc: StrategyDoc, pack: MarketPack, locale: Locale): DesignerStore {
  const make = (): DesignerStore =>
    createDesignerStore({
      doc,
      pack,
      locale,
      readOnly: true,
      nowMs: () => 0,
      later: () => () => undefined,
      onChange: () => undefined,
    });
  const [store] = useState(make);
  useEffect(() => store.getState().configure({ pack, locale }), [store, pack, locale]);
  useEffect(() => store.getState().adopt(doc), [store, doc]);
  return store;
}

type SideProps = {
  readonly side: Side;
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly locale: Locale;
  readonly title: string;
  readonly changes: readonly StrategyChange[];
  /** The change that is looked at. */
  readonly current: StrategyChange | undefined;
  readonly pairing: Pairing;
  readonly onChoose: (nodeId: string, within: string | null) => void;
};

/** One of the two drawings; both are moved together. */
export function CompareSide(props: SideProps) {
  const { side, doc, pack, locale, title, changes } = props;
  const store = useReadOnlyStore(doc, pack, locale);
  const shown = useStore(store, (state) => state.doc);
  const opened = useStore(store, (state) => state.opened);
  const words = useWordsOf(store);
  const drawing = useDrawingOf(shown, words);
  const value = useMemo(() => ({ store, onOpenAccounts: undefined }), [store]);
  const { bundles } = drawing.flow;
  const marks = useMemo(
    () => marksOf(changes, side, { doc: shown, bundles, within: opened }),
    [changes, side, shown, bundles, opened],
  );
  useOpened(store, props);
  return (
    <DesignerProvider value={value} drawing={drawing} words={words}>
      <section className="dz-compare-side" data-side={side} data-testid={`compare-${side}`} aria-label={title}>
        <h3 className="dz-compare-title">{title}</h3>
        <div className="dz-compare-canvas">
          <ReactFlowProvider>
            <MarksProvider value={marks}>
              <Canvas key={opened}>
                <Badges changes={changes} opened={opened} doc={shown} current={props.current} />
                <Together
                  side={side}
                  pairing={props.pairing}
                  drawing={drawing}
                  current={props.current}
                  opened={opened}
                />
              </Canvas>
            </MarksProvider>
          </ReactFlowProvider>
        </div>
      </section>
    </DesignerProvider>
  );
}

/** Shows the drawing a change stands in, and tells which step the reader chose. */
function useOpened(store: DesignerStore, { current, onChoose }: SideProps): void {
  useEffect(() => {
    if (current === undefined) return;
    const { kind, id, within } = current.subject;
    store.getState().open(kind === "inner" && id !== "" ? id : within);
    store
      .getState()
      .select({ nodes: kind === "step" && store.getState().doc.nodes.some((node) => node.id === id) ? [id] : [] });
  }, [store, current]);
  const chosen = useStore(store, (state) => state.selection.nodes[0]);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  useEffect(() => {
    if (chosen !== undefined) choose.current(chosen, store.getState().opened);
  }, [store, chosen]);
}

function Badges({
  changes,
  opened,
  doc,
  current,
}: {
  readonly changes: readonly StrategyChange[];
  readonly opened: string | null;
  readonly doc: StrategyDoc;
  readonly current: StrategyChange | undefined;
}) {
  const drawing = useDrawing();
  const marks = useMemo(() => stepMarks(changes, opened), [changes, opened]);
  const here = doc.nodes.flatMap(({ id }): [string, StepMark][] => {
    const mark = marks.get(id);
    return mark === undefined ? [] : [[id, mark]];
  });
  return (
    <ViewportPortal>
      {here.map(([id, mark]) => {
        const { x, y } = drawing.positions[id] ?? { x: 0, y: 0 };
        return (
          <div
            key={id}
            className="dz-mark-place"
            data-current={current?.subject.id === id && current.subject.within === opened}
            style={{ transform: `translate(${x}px, ${y}px)` }}
          >
            <MarkBadge mark={mark} />
          </div>
        );
      })}
    </ViewportPortal>
  );
}

/** Moves this drawing with the other one, and both to the change that is looked at. */
function Together({
  side,
  pairing,
  drawing,
  current,
  opened,
}: {
  readonly side: Side;
  readonly pairing: Pairing;
  readonly drawing: Drawing;
  readonly current: StrategyChange | undefined;
  readonly opened: string | null;
}) {
  const flow = useReactFlow();
  const chart = useStoreApi();
  const room = useCallback(() => {
    const { width, height } = chart.getState();
    return { width, height };
  }, [chart]);
  useEffect(
    () =>
      pairing.join(side, {
        room,
        show: (viewport: Viewport) => void flow.setViewport(viewport),
        positionOf: (nodeId) => drawing.positions[nodeId],
      }),
    [pairing, side, flow, room, drawing],
  );
  useOnViewportChange({
    onChange: useCallback((viewport: Viewport) => pairing.moved(side, viewport), [pairing, side]),
  });
  useEffect(() => {
    if (current === undefined || current.subject.kind !== "step") return;
    if (current.subject.within !== opened) return;
    pairing.focus(current.subject.id, { zoomMin: FOCUS_ZOOM_MIN, card: sizeOf(undefined) });
  }, [pairing, current, opened]);
  return null;
}
