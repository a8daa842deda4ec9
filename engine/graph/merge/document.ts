import type { JsonValue } from "../../model/json";
import { STRATEGY_LIMITS, type StrategyDoc, type SubStrategy } from "../../model/strategy";
import type { ChangeSubject } from "../diff/diff";
import { hasTwins, json } from "../diff/document";
import { CONTENT, FRAME, NOTE, SETTINGS, TEST, TITLES, VARIABLES, wholeItem } from "../diff/document-shapes";
import { diffWord } from "../diff/reading";
import { type Given, NO_PLACE, type Shape, type Teller } from "../diff/structure";
import { asWritten, LOCAL_TEXT, leaf, part } from "../diff/tellers";
import { type DrawingSides, mergedDrawing } from "./drawing";
import { type Clash, mergedValue, plainSide, type Settle, type Side, type Sides, sidesOf } from "./three-way";

/** Who says whose goes on, and what is written down of it. `choose` may be asked several times for one clash. */
export type Judge = {
  readonly choose: (subject: ChangeSubject, clash: Clash) => Side;
  readonly note: (subject: ChangeSubject, clash: Clash) => void;
};

const STRATEGY: ChangeSubject = { kind: "strategy", id: "", within: null };
const stepsCount: Teller = (value, { locale }) => {
  const { nodes } = value as { readonly nodes?: readonly JsonValue[] };
  return diffWord(locale, "steps-count", { count: nodes?.length ?? 0 });
};

/** A document out of three. A document that would pass a limit is one of the two, and asks. */
export function mergedDocument(sides: Sides<StrategyDoc>, judge: Judge): StrategyDoc {
  const noted: (() => void)[] = [];
  const later: Judge = { ...judge, note: (subject, clash) => noted.push(() => judge.note(subject, clash)) };
  const merged = put(sides, later);
  if (withinLimits(merged)) {
    for (const note of noted) note();
    return merged;
  }
  const clash = { ...NO_PLACE, path: ["@limits"], tell: stepsCount, sides: sidesOf(sides, json) };
  return sides[settled(STRATEGY, judge)(clash)];
}

const settled =
  (subject: ChangeSubject, { choose, note }: Judge): Settle =>
  (clash) => {
    note(subject, clash);
    return choose(subject, clash);
  };

function put(sides: Sides<StrategyDoc>, judge: Judge): StrategyDoc {
  const { mine } = sides;
  const titles = mergedValue(
    TITLES,
    sidesOf(sides, ({ key, name, description }) => json({ key, name, description })),
    { place: NO_PLACE, settle: settled(STRATEGY, judge) },
  ) as Pick<StrategyDoc, "key" | "name" | "description">;
  const settings = mergedValue(
    SETTINGS,
    sidesOf(sides, (doc) => json(doc.settings)),
    { place: NO_PLACE, settle: settled({ kind: "settings", id: "", within: null }, judge) },
  ) as StrategyDoc["settings"];
  const drawing = drawn(sides, null, judge);
  const { description: _mine, ...rest } = mine;
  const kept = new Set(drawing.nodes.map(({ id }) => id));
  const known = new Set([...sides.base.nodes, ...mine.nodes, ...sides.theirs.nodes].map(({ id }) => id));
  const isGone = (id: string): boolean => known.has(id) && !kept.has(id);
  return {
    ...rest,
    ...titles,
    settings,
    entry: drawing.entry,
    nodes: [...drawing.nodes],
    edges: [...drawing.edges],
    contents: list(sides, { kind: "content", member: "contents", shape: CONTENT }, judge),
    strategies: strategies(sides, judge),
    frames: list(sides, { kind: "frame", member: "frames", shape: FRAME }, judge).map((frame) => ({
      ...frame,
      nodes: frame.nodes.filter((id) => !isGone(id)),
    })),
    notes: list(sides, { kind: "note", member: "notes", shape: PLACED_NOTE }, judge),
    tests: list(sides, { kind: "test", member: "tests", shape: TEST }, judge),
    layout: layout(sides, isGone, judge),
  };
}

const PLACED_NOTE: Shape = {
  kind: "members",
  members: { ...(NOTE.kind === "members" ? NOTE.members : {}), position: part("position") },
};

type Lists = { readonly content: "contents"; readonly frame: "frames"; readonly note: "notes"; readonly test: "tests" };
type Listed = { readonly [kind in keyof Lists]: { kind: kind; member: Lists[kind]; shape: Shape } }[keyof Lists];

/** A list whose order means nothing; every item is a subject of its own. */
function list<TListed extends Listed>(
  sides: Sides<StrategyDoc>,
  { kind, member, shape }: TListed,
  judge: Judge,
): StrategyDoc[TListed["member"]] {
  const items: Shape = { kind: "items", by: "id", ordered: false, label: () => () => "", tell: wholeItem, of: shape };
  const settle: Settle = ({ path: [id = "", ...path], labels, ...clash }) =>
    settled({ kind, id, within: null }, judge)({ ...clash, path, labels: labels.slice(1) });
  const merged = mergedValue(
    items,
    sidesOf(sides, (doc) => json(doc[member])),
    { place: NO_PLACE, settle },
  );
  return (merged ?? []) as unknown as StrategyDoc[TListed["member"]];
}

function drawn(sides: DrawingSides, within: string | null, judge: Judge) {
  const head: ChangeSubject = within === null ? STRATEGY : { kind: "inner", id: within, within: null };
  const subjectOf = (stepId: string): ChangeSubject => (stepId === "" ? head : { kind: "step", id: stepId, within });
  const merged = mergedDrawing(sides, (stepId, clash) => judge.choose(subjectOf(stepId), clash));
  if (merged !== null) {
    for (const { stepId, clash } of merged.clashes) judge.note(subjectOf(stepId), clash);
    return merged;
  }
  // Two steps of one id: a draft that cannot be published, taken as a whole.
  const given = sidesOf(sides, ({ nodes, edges, entry }) => json({ nodes, edges, entry }));
  const side =
    plainSide(given) ?? settled(head, judge)({ ...NO_PLACE, path: ["@drawing"], tell: stepsCount, sides: given });
  return sides[side];
}

/** Strategies inside the document. One that comes or goes is taken as a whole; of the others every step is merged. */
function strategies(sides: Sides<StrategyDoc>, judge: Judge): SubStrategy[] {
  const { base, mine, theirs } = sidesOf(sides, (doc) => doc.strategies);
  const whole = sidesOf({ base, mine, theirs }, (inner): Given => json(inner));
  if ([base, mine, theirs].some(hasTwins)) {
    const tell: Teller = (value) => `${Array.isArray(value) ? value.length : 0}`;
    const clash = { ...NO_PLACE, path: ["@strategies"], tell, sides: whole };
    return sides[plainSide(whole) ?? settled(STRATEGY, judge)(clash)].strategies;
  }
  const keys = [...new Set([...mine, ...theirs].map(({ key }) => key))];
  return keys.flatMap((key) => {
    const held = sidesOf({ base, mine, theirs }, (inner) => inner.find((one) => one.key === key));
    const given = sidesOf(held, (inner): Given => (inner === undefined ? undefined : json(inner)));
    const plain = plainSide(given);
    if (plain !== null) return held[plain] ?? [];
    const subject: ChangeSubject = { kind: "inner", id: key, within: null };
    if (held.base === undefined || held.mine === undefined || held.theirs === undefined) {
      return held[settled(subject, judge)({ ...NO_PLACE, tell: stepsCount, sides: given })] ?? [];
    }
    return [inside({ base: held.base, mine: held.mine, theirs: held.theirs }, subject, judge)];
  });
}

function inside(sides: Sides<SubStrategy>, subject: ChangeSubject, judge: Judge): SubStrategy {
  const head = mergedValue(
    { kind: "members", members: { name: part("name", LOCAL_TEXT), variables: part("variables", VARIABLES) } },
    sidesOf(sides, ({ name, variables }) => json({ name, variables })),
    { place: NO_PLACE, settle: settled(subject, judge) },
  ) as Pick<SubStrategy, "name" | "variables">;
  const { nodes, edges, entry } = drawn(sides, subject.id, judge);
  return { ...sides.mine, ...head, nodes: [...nodes], edges: [...edges], entry };
}

const POSITION = leaf(asWritten);

/** Where boxes stand. However many both moved, it is one question. */
function layout(sides: Sides<StrategyDoc>, isGone: (id: string) => boolean, judge: Judge): StrategyDoc["layout"] {
  const mode = plainSide(sidesOf(sides, (doc) => doc.layout.mode)) ?? "mine";
  const clashing: string[] = [];
  const positions = sidesOf(sides, (doc): Given => json(doc.layout.positions));
  const all: Shape = { kind: "record", part: (id) => ({ label: () => id, shape: POSITION }) };
  const placed = (side: Side) =>
    mergedValue(all, positions, {
      place: NO_PLACE,
      settle: ({ path: [id = ""] }) => {
        clashing.push(id);
        return side;
      },
    }) as StrategyDoc["layout"]["positions"];
  const mine = placed("mine");
  const count = clashing.filter((id) => !isGone(id)).length;
  const chosen = (): Side => {
    const tell: Teller = (_value, { locale }) => diffWord(locale, "positions-count", { count });
    return settled(
      STRATEGY,
      judge,
    )({
      path: ["layout"],
      labels: [({ locale }) => diffWord(locale, "positions")],
      tell,
      sides: positions,
    });
  };
  const merged = count > 0 && chosen() === "theirs" ? placed("theirs") : mine;
  const standing = Object.entries(merged).filter(([id]) => !isGone(id));
  return { mode: sides[mode].layout.mode, positions: Object.fromEntries(standing) };
}

function withinLimits(doc: StrategyDoc): boolean {
  const drawn = [doc, ...doc.strategies];
  const { settings } = doc;
  return (
    drawn.every(({ nodes, edges }) => nodes.length <= STRATEGY_LIMITS.nodes && edges.length <= STRATEGY_LIMITS.edges) &&
    [settings, ...doc.strategies].every(({ variables }) => variables.length <= STRATEGY_LIMITS.variables) &&
    settings.fields.length <= STRATEGY_LIMITS.fields &&
    settings.exits.length <= STRATEGY_LIMITS.exits &&
    (["contents", "strategies", "frames", "notes", "tests"] as const).every(
      (member) => doc[member].length <= STRATEGY_LIMITS[member],
    )
  );
}
