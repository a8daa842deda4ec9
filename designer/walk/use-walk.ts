import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  compileStrategy,
  createWalker,
  type Facts,
  type FactValue,
  framesOf,
  type Issue,
  type MarketPack,
  type Program,
  SCENARIO_EVENTS_MAX,
  type ScenarioEvent,
  type StrategyDoc,
  strategyContentHash,
  type ToldWalk,
  type Walk,
  type WalkFrame,
  type WalkMoment,
} from "#engine";

export type Walking = {
  readonly program: Program | null;
  /** Why the strategy cannot be walked. */
  readonly problems: readonly Issue[];
  readonly walk: Walk;
  readonly told: ToldWalk | null;
  readonly frames: readonly WalkFrame[];
  /** Ways on already taken, from 0; as many as there are frames: the account stands where it waits. */
  readonly cursor: number;
  readonly now: WalkMoment | null;
  readonly act: {
    readonly begin: (walk: Walk) => void;
    readonly next: () => void;
    readonly back: () => void;
    readonly look: (cursor: number) => void;
    readonly happen: (event: ScenarioEvent) => void;
    readonly setFact: (fact: string, value: FactValue, when: "start" | "now") => void;
    readonly reset: () => void;
  };
};

/** The Program of the document, made again only when what it does changed. */
function useProgram(doc: StrategyDoc, pack: MarketPack) {
  const hash = useMemo(() => strategyContentHash(doc), [doc]);
  const known = useRef<{
    readonly key: string;
    readonly pack: MarketPack;
    readonly made: ReturnType<typeof compileStrategy>;
  }>(null);
  if (known.current?.key !== hash || known.current.pack !== pack) {
    known.current = { key: hash, pack, made: compileStrategy(doc, pack) };
  }
  return known.current.made;
}

type Telling = {
  readonly told: ToldWalk | null /** The walk on the screen is not told to its end yet. */;
  readonly busy: boolean;
};

/** The story as the reference executor tells it; the last one asked for wins. */
function useTold(program: Program | null, walk: Walk): Telling {
  const walker = useMemo(() => (program === null ? null : createWalker(program)), [program]);
  const [last, setLast] = useState<{ readonly walk: Walk; readonly told: ToldWalk } | null>(null);
  useEffect(() => {
    let current = true;
    if (walker === null) setLast(null);
    else void walker(walk).then((told) => current && setLast({ walk, told }));
    return () => {
      current = false;
    };
  }, [walker, walk]);
  return { told: last?.told ?? null, busy: last?.walk !== walk };
}

const END = Number.POSITIVE_INFINITY;

/** One account on its way through the strategy: what it came in with, what happened, and how far one has looked. */
export function useWalk(doc: StrategyDoc, pack: MarketPack, first: Walk): Walking {
  const compiled = useProgram(doc, pack);
  const program = compiled.ok ? compiled.value : null;
  const [walk, setWalk] = useState(first);
  const [wished, setWished] = useState(0);
  const { told, busy } = useTold(program, walk);
  const frames = useMemo(() => (told === null ? [] : framesOf(told)), [told]);
  const cursor = Math.min(wished, frames.length);
  const now = told === null ? null : (told.moments[frames[cursor]?.moment ?? told.moments.length - 1] ?? null);

  const happen = useCallback(
    (event: ScenarioEvent) => {
      // What happens next belongs to where the account stands: a key pressed too soon must not tell another story.
      if (told === null || busy) return;
      setWished(frames.length);
      // What no longer happened is forgotten: the account goes on from where it is.
      const events = walk.events.slice(0, told.moments.length - 1);
      if (events.length < SCENARIO_EVENTS_MAX) setWalk({ ...walk, events: [...events, event] });
    },
    [told, busy, frames.length, walk],
  );
  const act = useMemo<Walking["act"]>(() => {
    const last = told?.moments.at(-1);
    return {
      begin: (next) => {
        setWished(0);
        setWalk(next);
      },
      next: () => {
        if (cursor < frames.length) setWished(cursor + 1);
        else if (last?.state.status === "active" && last.state.wakeAtMs !== null) happen({ type: "timer.fired" });
      },
      back: () => {
        const first = frames.findIndex(({ moment }) => moment === (told?.moments.length ?? 0) - 1);
        if (cursor > Math.max(first, 0) || walk.events.length === 0) return setWished(Math.max(0, cursor - 1));
        setWished(END);
        setWalk({ ...walk, events: walk.events.slice(0, Math.max(0, (told?.moments.length ?? 1) - 2)) });
      },
      look: setWished,
      happen,
      setFact: (fact, value, when) => {
        setWished(END);
        if (when === "now" && told !== null) setWalk(withFactNow(walk, told, { [fact]: value }));
        else setWalk({ ...walk, facts: { ...walk.facts, [fact]: value } });
      },
      reset: () => {
        setWished(0);
        setWalk({ ...walk, events: [] });
      },
    };
  }, [told, frames, cursor, walk, happen]);
  return { program, problems: compiled.ok ? [] : compiled.error, walk, told, frames, cursor, now, act };
}

/** A fact that changes where the account stands; several in a row are one event. */
function withFactNow(walk: Walk, told: ToldWalk, facts: Facts): Walk {
  const events = walk.events.slice(0, told.moments.length - 1);
  const last = events.at(-1);
  if (last?.type === "facts.changed") {
    return { ...walk, events: [...events.slice(0, -1), { ...last, facts: { ...last.facts, ...facts } }] };
  }
  return { ...walk, events: [...events, { type: "facts.changed", facts: { ...facts } }] };
}
