import type { JsonValue } from "../../model/json";
import { inLocale } from "../../model/locale";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc, SubStrategy } from "../../model/strategy";
import { strategiesLogic } from "../hash";
import type { ChangeSubject } from "./diff";
import { CONTENT, ENTRY, FRAME, NOTE, SETTINGS, TEST, TITLES, VARIABLES, wholeItem } from "./document-shapes";
import { drawnFindings } from "./drawn";
import { type Drawn, diffWord, type ReadingMaker, readingOf } from "./reading";
import { itemName } from "./shapes";
import { type Difference, type DifferenceKind, differences, type Given, type Label, type Shape } from "./structure";
import { LOCAL_TEXT, part } from "./tellers";

/** A difference with what is needed to put it into words. */
export type Finding = {
  readonly difference: Difference;
  readonly subject: ChangeSubject;
  readonly logic: boolean;
  readonly name: Label;
  readonly readings: { readonly before: ReadingMaker; readonly after: ReadingMaker };
};

export type Readings = Finding["readings"];

const NOWHERE: Drawn = { nodes: [], edges: [], entry: { node: "" }, variables: [] };

export function drawnOf(doc: StrategyDoc): Drawn {
  return { nodes: doc.nodes, edges: doc.edges, entry: doc.entry, variables: doc.settings.variables };
}

/** Every difference between two documents, in the order a reader meets them. */
export function documentFindings(before: StrategyDoc, after: StrategyDoc, pack: MarketPack): readonly Finding[] {
  const drawn = { before: drawnOf(before), after: drawnOf(after) };
  const readings = { before: readingOf(before, drawn.before, pack), after: readingOf(after, drawn.after, pack) };
  const lists = new ListReader(readings);
  return [
    ...strategyFindings(before, after, readings),
    ...drawnFindings(drawn, { readings, within: null, name: (name) => name }),
    ...lists.findings("content", CONTENT, { before: before.contents, after: after.contents, by: "id", logic: true }),
    ...innerFindings(before, after, pack),
    ...lists.findings("frame", FRAME, { before: before.frames, after: after.frames, by: "id", logic: false }),
    ...lists.findings("note", NOTE, {
      before: before.notes.map(({ id, text }) => ({ id, text })),
      after: after.notes.map(({ id, text }) => ({ id, text })),
      by: "id",
      logic: false,
    }),
    ...lists.findings("test", TEST, { before: before.tests, after: after.tests, by: "id", logic: false }),
  ];
}

function strategyFindings(before: StrategyDoc, after: StrategyDoc, readings: Readings): readonly Finding[] {
  const titles = ({ key, name, description }: StrategyDoc): Given => json({ key, name, description });
  const strategy = { kind: "strategy", id: "", within: null } as const;
  const name: Label = ({ locale }) => diffWord(locale, "subject.strategy");
  const found = differences(TITLES, { before: titles(before), after: titles(after) });
  const entry = differences(
    { kind: "members", members: { entry: ENTRY } },
    { before: { entry: before.entry.node }, after: { entry: after.entry.node } },
  );
  const settings = differences(SETTINGS, { before: json(before.settings), after: json(after.settings) });
  return [
    ...found.map((difference) => ({ difference, subject: strategy, logic: false, name, readings })),
    ...entry.map((difference) => ({ difference, subject: strategy, logic: true, name, readings })),
    ...settings.map((difference) => ({
      difference,
      subject: { kind: "settings", id: "", within: null } as const,
      logic: true,
      name: (({ locale }) => diffWord(locale, "subject.settings")) satisfies Label,
      readings,
    })),
  ];
}

/** Members left undefined are left out: a document is JSON. */
export function json(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

type Listed = {
  readonly before: readonly object[];
  readonly after: readonly object[];
  readonly by: string;
  readonly logic: boolean;
};

/** Lists of the document whose order means nothing; each item is a subject of its own. */
class ListReader {
  readonly #readings: Readings;
  constructor(readings: Readings) {
    this.#readings = readings;
  }

  findings(
    kind: "content" | "frame" | "note" | "test",
    of: Shape,
    { before, after, by, logic }: Listed,
  ): readonly Finding[] {
    const list: Shape = { kind: "items", by, ordered: false, label: () => () => "", tell: wholeItem, of };
    const values = { before: json(before), after: json(after) };
    return differences(list, values).map((difference) => {
      const [id = "", ...path] = difference.path;
      const item = itemWith(values.after, by, id) ?? itemWith(values.before, by, id);
      return {
        difference: { ...difference, path, labels: difference.labels.slice(1) },
        subject: { kind, id, within: null },
        logic,
        name: (reading) =>
          diffWord(reading.locale, `subject.${kind}`, { name: item === undefined ? id : itemName(item, reading) }),
        readings: this.#readings,
      };
    });
  }
}

function itemWith(list: JsonValue, by: string, id: string): { readonly [name: string]: JsonValue } | undefined {
  const items = Array.isArray(list) ? (list as readonly { readonly [name: string]: JsonValue }[]) : [];
  return items.find((item) => item[by] === id);
}

/** Strategies inside the document. One that comes or goes is told as a whole; of the others every step is. */
function innerFindings(before: StrategyDoc, after: StrategyDoc, pack: MarketPack): readonly Finding[] {
  const keys = [...new Set([...before.strategies, ...after.strategies].map(({ key }) => key))];
  if (hasTwins(before.strategies) || hasTwins(after.strategies)) return twinFindings(before, after, pack);
  return keys.flatMap((key) => {
    const was = before.strategies.find((one) => one.key === key);
    const is = after.strategies.find((one) => one.key === key);
    const drawn = { before: was ?? NOWHERE, after: is ?? NOWHERE };
    const readings = { before: readingOf(before, drawn.before, pack), after: readingOf(after, drawn.after, pack) };
    const title: Label = ({ locale }) => inLocale((is ?? was)?.name ?? { en: key }, locale);
    const name: Label = (reading) => diffWord(reading.locale, "subject.inner", { name: title(reading) });
    const subject = { kind: "inner", id: key, within: null } as const;
    if (was === undefined || is === undefined) {
      const kind: DifferenceKind = was === undefined ? "added" : "removed";
      return [{ difference: wholeStrategy(kind, was, is), subject, logic: true, name, readings }];
    }
    const head = (logic: boolean, shape: Shape, member: (strategy: SubStrategy) => Given): readonly Finding[] =>
      differences(shape, { before: member(was), after: member(is) }).map((difference) => ({
        difference,
        subject,
        logic,
        name,
        readings,
      }));
    const inside = (reading: Parameters<Label>[0], said: string) =>
      diffWord(reading.locale, "subject.inside", { strategy: title(reading), name: said });
    return [
      ...head(false, { kind: "members", members: { name: part("name", LOCAL_TEXT) } }, (one) =>
        json({ name: one.name }),
      ),
      ...head(
        true,
        { kind: "members", members: { entry: ENTRY, variables: part("variables", VARIABLES) } },
        ({ entry, variables }) => json({ entry: entry.node, variables }),
      ),
      ...drawnFindings(drawn, { readings, within: key, name: (said, reading) => inside(reading, said) }),
    ];
  });
}

export function hasTwins(strategies: readonly SubStrategy[]): boolean {
  return new Set(strategies.map(({ key }) => key)).size < strategies.length;
}

function wholeStrategy(kind: DifferenceKind, was: SubStrategy | undefined, is: SubStrategy | undefined): Difference {
  const steps = (strategy: SubStrategy | undefined): Given =>
    strategy === undefined ? undefined : strategy.nodes.length;
  return {
    kind,
    path: [],
    labels: [],
    before: steps(was),
    after: steps(is),
    tell: (count, { locale }) => diffWord(locale, "steps-count", { count: String(count) }),
  };
}

/** Two strategies of one key: a draft that cannot be published, compared as a whole. */
function twinFindings(before: StrategyDoc, after: StrategyDoc, pack: MarketPack): readonly Finding[] {
  const logicOf = (doc: StrategyDoc) => json(strategiesLogic(doc.strategies));
  const readings = { before: readingOf(before, NOWHERE, pack), after: readingOf(after, NOWHERE, pack) };
  return differences(
    { kind: "leaf", tell: (value) => `${Array.isArray(value) ? value.length : 0}` },
    { before: logicOf(before), after: logicOf(after) },
  ).map((difference) => ({
    difference,
    subject: { kind: "inner", id: "", within: null },
    logic: true,
    name: ({ locale }) => diffWord(locale, "drawing"),
    readings,
  }));
}
