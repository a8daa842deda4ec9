"use client";

import { ReactFlowProvider, ViewportPortal } from "@xyflow/react";
import { UserRound } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import {
  drawnStepId,
  everydayAccount,
  type Facts,
  issueText,
  type Locale,
  type MarketPack,
  type StrategyDoc,
  testedWays,
  type Walk,
} from "#engine";
import { Canvas } from "../canvas/canvas";
import { sizeOf } from "../canvas/geometry";
import { type Marks, MarksProvider } from "../canvas/spotlight";
import { useDrawingOf } from "../canvas/use-drawing-of";
import { setTests } from "../commands/details";
import { viewOf } from "../commands/step-view";
import { changed } from "../commands/steps";
import { useReadOnlyStore } from "../review/side";
import type { ShownAccount } from "../store/accounts";
import { DesignerProvider, useDesigner, useDesignerContext, useDrawing, useText } from "../store/context";
import { useWordsOf } from "../store/use-words-of";
import { UntestedBadges } from "./untested-badges";
import { useWalk, type Walking } from "./use-walk";
import { WalkChooser } from "./walk-chooser";
import { coverageMarks, walkMarks } from "./walk-marks";
import { WalkPanel } from "./walk-panel";
import type { WalkWords } from "./walk-parts";
import { WalkTests } from "./walk-tests";

export type StrategyWalkProps = {
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly locale: Locale;
  /** When an account comes in. */
  readonly startMs: number;
  readonly words: WalkWords;
  /** Accounts that fit a search, the first few. */
  readonly findAccounts: (search: string) => Promise<readonly ShownAccount[]>;
  /** What a rule would read of an account. */
  readonly factsOf: (accountId: string) => Promise<Facts>;
  /** The document with tests that were saved or deleted. */
  readonly onChange: (doc: StrategyDoc) => void;
};

/** One account walked through the strategy, step by step, on the executor that says what a strategy means. Nobody is contacted. */
export function StrategyWalk(props: StrategyWalkProps) {
  const { doc, pack, locale } = props;
  const store = useReadOnlyStore(doc, pack, locale);
  const words = useWordsOf(store);
  const shown = useStore(store, (state) => state.doc);
  const drawing = useDrawingOf(shown, words);
  const value = useMemo(() => ({ store, onOpenAccounts: undefined }), [store]);
  return (
    <DesignerProvider value={value} drawing={drawing} words={words}>
      <ReactFlowProvider>
        <Room {...props} />
      </ReactFlowProvider>
    </DesignerProvider>
  );
}

const FIRST_PARTY = "1";

function Room(props: StrategyWalkProps) {
  const { doc, pack, locale, startMs, words } = props;
  const text = useText();
  const { store } = useDesignerContext();
  const first = useMemo<Walk>(() => ({ startMs, party: FIRST_PARTY, facts: {}, events: [] }), [startMs]);
  const walking = useWalk(doc, pack, first);
  const { program, problems, now, frames, cursor } = walking;
  const [account, setAccount] = useState<string | null>(null);
  const [tab, setTab] = useState<"walk" | "tests">("walk");
  const [covering, setCovering] = useState(false);
  useInvented(walking, { pack, startMs, chosen: account !== null });
  const here = now === null ? undefined : drawnStepId(frames[cursor]?.drawnStep ?? now.state.nodeId);
  useEffect(() => store.getState().select({ nodes: here === undefined ? [] : [here] }), [store, here]);
  const tested = useMemo(
    () => (program === null || tab !== "tests" ? null : testedWays(doc, program, pack)),
    [doc, program, pack, tab],
  );
  const marks = useMarks(walking, here, covering && tested !== null ? tested.untested : null);
  const title = account ?? text("walk.invent");
  const room = useRef<HTMLElement>(null);
  useEffect(() => room.current?.focus({ preventScroll: true }), []);
  if (program === null) {
    const [problem] = problems;
    return (
      <div className="dz dz-walk-cannot">
        <p>{text("walk.cannot")}</p>
        {problem !== undefined && (
          <p className="dz-hint">{text("walk.cannot-first", { problem: issueText(problem, locale) })}</p>
        )}
      </div>
    );
  }
  return (
    <section
      ref={room}
      // The keys of the walk work as soon as it is shown.
      tabIndex={-1}
      className="dz dz-walk"
      aria-label={text("walk.title")}
      onKeyDown={(event) => onKeys(event, walking)}
      data-covering={covering}
    >
      <div className="dz-walk-canvas">
        <MarksProvider value={marks}>
          <Canvas>
            {covering && tested !== null ? <UntestedBadges untested={tested.untested} /> : <Token here={here} />}
          </Canvas>
        </MarksProvider>
      </div>
      <aside className="dz-walk-side">
        <div className="dz-walk-tabs" role="tablist">
          {(["walk", "tests"] as const).map((known) => (
            <button
              key={known}
              type="button"
              role="tab"
              aria-selected={tab === known}
              onClick={() => {
                setTab(known);
                if (known === "walk") setCovering(false);
              }}
            >
              {text(`walk.tab-${known}`, { count: doc.tests.length })}
            </button>
          ))}
        </div>
        {tab === "walk" ? (
          <>
            <WalkChooser
              title={title}
              findAccounts={props.findAccounts}
              onInvent={() => {
                setAccount(null);
                walking.act.begin({ ...first, facts: everydayAccount(program, pack.fields) });
              }}
              onAccount={async ({ id, label }) => {
                const facts = await props.factsOf(id);
                setAccount(label);
                walking.act.begin({ ...first, party: id.slice(-60), facts: knownFacts(facts) });
              }}
            />
            <WalkPanel
              doc={doc}
              words={words}
              walking={walking}
              title={title}
              onSave={(scenario) => props.onChange(changed(doc, setTests(doc, [...doc.tests, scenario])))}
            />
          </>
        ) : (
          <WalkTests
            doc={doc}
            pack={pack}
            program={program}
            tested={tested}
            covering={covering}
            onCovering={setCovering}
            onTests={(tests) => props.onChange(changed(doc, setTests(doc, tests)))}
            onWalk={(walk, name) => {
              setAccount(name);
              setTab("walk");
              setCovering(false);
              walking.act.begin(walk);
            }}
          />
        )}
      </aside>
    </section>
  );
}

/** What is not known is left out: a fact that is not listed is unknown. */
function knownFacts(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

/** Until somebody is chosen, an account that is nothing special. */
function useInvented(
  { program, walk, act }: Walking,
  { pack, startMs, chosen }: { readonly pack: MarketPack; readonly startMs: number; readonly chosen: boolean },
): void {
  const empty = Object.keys(walk.facts).length === 0 && walk.events.length === 0;
  useEffect(() => {
    if (program === null || chosen || !empty) return;
    act.begin({ startMs, party: FIRST_PARTY, facts: everydayAccount(program, pack.fields), events: [] });
  }, [program, chosen, empty, act, pack, startMs]);
}

function useMarks(
  { frames, cursor }: Walking,
  here: string | undefined,
  untested: readonly { readonly step: string; readonly handle: string }[] | null,
): Marks {
  const { flow } = useDrawing();
  return useMemo(() => {
    if (untested === null) return walkMarks(frames, cursor, here);
    const bundles = flow.bundles.map(({ id, source, members }) => ({
      id,
      source,
      handles: members.map(({ edge }) => edge.from.handle),
    }));
    return coverageMarks(untested, bundles);
  }, [frames, cursor, here, untested, flow]);
}

/** Keys of the walk, unless somebody is typing or on a button that has keys of its own. */
function onKeys(event: KeyboardEvent<HTMLElement>, { act }: Walking): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("input, select, textarea, summary") !== null) return;
  if (event.key === " " && target.closest("button, a") === null) act.next();
  else if (event.key === "Backspace") act.back();
  else if (/^[1-9]$/.test(event.key)) {
    const answer = event.currentTarget.querySelector<HTMLElement>(`[data-answer="${event.key}"]`);
    if (answer === null) return;
    answer.click();
  } else return;
  event.preventDefault();
}

/** Where the account is. It moves from step to step; with reduced motion it is simply there. */
function Token({ here }: { readonly here: string | undefined }) {
  const text = useText();
  const drawing = useDrawing();
  const node = useDesigner((state) => state.doc.nodes.find(({ id }) => id === here));
  if (here === undefined || node === undefined) return null;
  const { x, y } = drawing.positions[here] ?? { x: 0, y: 0 };
  const { width } = sizeOf(viewOf(node).definition?.group);
  return (
    <ViewportPortal>
      <div
        className="dz-token"
        data-testid="walk-token"
        data-at={here}
        style={{ transform: `translate(${x + width}px, ${y}px)` }}
      >
        <span title={text("walk.token")}>
          <UserRound size={16} aria-hidden />
        </span>
      </div>
    </ViewportPortal>
  );
}
