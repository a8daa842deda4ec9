import { inLocale } from "../../model/locale";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc } from "../../model/strategy";
import type { ChangeSubject } from "../diff/diff";
import { drawnOf } from "../diff/document";
import { type Drawn, diffWord, nameOfStep, type ReadingMaker, readingOf } from "../diff/reading";
import { itemName } from "../diff/shapes";
import type { Given, Label } from "../diff/structure";
import { type Sides, sidesOf } from "./three-way";

export type Readings = Sides<ReadingMaker>;
type Named = { readonly name: Label; readonly readings: Readings };

const NOWHERE: Drawn = { nodes: [], edges: [], entry: { node: "" }, variables: [] };

/** What the things of a document are called when one speaks of a conflict about them. */
export class SubjectNames {
  readonly #sides: Sides<StrategyDoc>;
  readonly #pack: MarketPack;
  readonly #readings = new Map<string | null, Readings>();

  constructor(sides: Sides<StrategyDoc>, pack: MarketPack) {
    this.#sides = sides;
    this.#pack = pack;
  }

  of(subject: ChangeSubject): Named {
    const { kind, id, within } = subject;
    const readings = this.#readingsOf(kind === "inner" ? id : within);
    switch (kind) {
      case "strategy":
      case "settings":
        return { readings, name: ({ locale }) => diffWord(locale, `subject.${kind}`) };
      case "step":
        return { readings, name: this.#stepName(id, within) };
      case "inner":
        return {
          readings,
          name: (reading) => diffWord(reading.locale, "subject.inner", { name: this.#title(id)(reading) }),
        };
      default:
        return { readings, name: this.#itemName(kind, id) };
    }
  }

  #drawn(within: string | null): Sides<Drawn> {
    if (within === null) return sidesOf(this.#sides, drawnOf);
    return sidesOf(this.#sides, ({ strategies }) => strategies.find(({ key }) => key === within) ?? NOWHERE);
  }

  #readingsOf(within: string | null): Readings {
    const known = this.#readings.get(within);
    if (known !== undefined) return known;
    const drawn = this.#drawn(within);
    const { base, mine, theirs } = this.#sides;
    const made = {
      base: readingOf(base, drawn.base, this.#pack),
      mine: readingOf(mine, drawn.mine, this.#pack),
      theirs: readingOf(theirs, drawn.theirs, this.#pack),
    };
    this.#readings.set(within, made);
    return made;
  }

  #inOrder(): readonly StrategyDoc[] {
    const { base, mine, theirs } = this.#sides;
    return [mine, theirs, base];
  }

  #title(key: string): Label {
    const found = this.#inOrder().flatMap(({ strategies }) => strategies.filter((inner) => inner.key === key));
    return ({ locale }) => inLocale(found[0]?.name ?? { en: key }, locale);
  }

  #stepName(id: string, within: string | null): Label {
    const { base, mine, theirs } = this.#drawn(within);
    const node = [mine, theirs, base].flatMap(({ nodes }) => nodes.filter((one) => one.id === id))[0];
    return (reading) => {
      const name = node === undefined ? id : nameOfStep(node, reading.locale);
      if (within === null) return name;
      return diffWord(reading.locale, "subject.inside", { strategy: this.#title(within)(reading), name });
    };
  }

  #itemName(kind: "content" | "test" | "frame" | "note", id: string): Label {
    const list = { content: "contents", test: "tests", frame: "frames", note: "notes" } as const;
    const items = this.#inOrder().flatMap((doc): readonly { readonly id: string }[] => doc[list[kind]]);
    const item = items.find((one) => one.id === id) as { readonly [name: string]: Given } | undefined;
    return (reading) =>
      diffWord(reading.locale, `subject.${kind}`, { name: item === undefined ? id : itemName(item, reading) });
  }
}
