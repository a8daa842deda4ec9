import type { ConditionLeaf } from "../../model/condition";
import { matcherOf } from "../pattern";
import { patternSamples } from "./pattern-samples";

/** A question about a part of a text. */
type Part = { readonly kind: "contains" | "startsWith" | "matches"; readonly text: string };

/** A way the parts of a text can come out, with a text of that kind where one was found. */
export type TextKind = { readonly value: string | null; readonly holds: (leaf: ConditionLeaf) => boolean };

/** Parts whose combinations are gone through one by one: 256 of them. */
const PARTS_MAX = 8;

/** A pattern without a special character asks what `contains` asks; with `^` before it, what `startsWith` asks. */
const LITERAL_PATTERN = /^(\^?)([^.\\+*?()|[\]{}^$]*)$/;

function partOf({ operator, value }: ConditionLeaf): Part | null {
  const text = String(value);
  switch (operator) {
    case "contains":
    case "notContains":
      return { kind: "contains", text };
    case "startsWith":
      return { kind: "startsWith", text };
    case "matches": {
      const [, anchor, literal] = LITERAL_PATTERN.exec(text) ?? [];
      if (literal === undefined) return { kind: "matches", text };
      return { kind: anchor === "^" ? "startsWith" : "contains", text: literal };
    }
    default:
      return null;
  }
}

function keyOf({ kind, text }: Part): string {
  return `${kind} ${text}`;
}

type Test = { readonly part: Part; readonly holds: (text: string) => boolean };

function testOf(part: Part): Test {
  const { kind, text } = part;
  if (kind === "contains") return { part, holds: (whole) => whole.includes(text) };
  if (kind === "startsWith") return { part, holds: (whole) => whole.startsWith(text) };
  const matches = matcherOf(text);
  return { part, holds: (whole) => matches?.(whole) ?? false };
}

/**
 * Every kind of text the leaves can tell apart, but for the texts they name (`named`): those are their own kinds. `complete` is
 * false when there are too many parts to go through; then more kinds may exist.
 */
export function textKinds(
  leaves: readonly ConditionLeaf[],
  named: ReadonlySet<string>,
): { readonly kinds: readonly TextKind[]; readonly complete: boolean } {
  const parts = new Map<string, Part>();
  for (const leaf of leaves) {
    const part = partOf(leaf);
    if (part !== null) parts.set(keyOf(part), part);
  }
  const tests = [...parts.values()].map(testOf);
  const found = foundTexts(tests, named);
  if (tests.length > PARTS_MAX) {
    return { kinds: [...found].map(([signs, value]) => kindOf({ signs, value, tests })), complete: false };
  }
  const kinds: TextKind[] = [];
  for (let vector = 0; vector < 2 ** tests.length; vector += 1) {
    const signs = tests.map((_, index) => (vector & (1 << index)) !== 0);
    const value = found.get(signsKey(signs)) ?? null;
    if (value !== null || !isImpossible(tests, signs)) kinds.push(kindOf({ signs: signsKey(signs), value, tests }));
  }
  return { kinds, complete: true };
}

function signsKey(signs: readonly boolean[]): string {
  return signs.map((sign) => (sign ? "1" : "0")).join("");
}

type Made = { readonly signs: string; readonly value: string | null; readonly tests: readonly Test[] };

function kindOf({ signs, value, tests }: Made): TextKind {
  const signOf = new Map(tests.map(({ part }, index) => [keyOf(part), signs[index] === "1"]));
  return {
    value,
    holds: (leaf) => {
      const part = partOf(leaf);
      // A text that no question names is equal to none of those named.
      if (part === null) return leaf.operator === "notEqual" || leaf.operator === "notIn";
      return (signOf.get(keyOf(part)) ?? false) !== (leaf.operator === "notContains");
    },
  };
}

/** Whether the signs contradict each other by what the parts themselves say; patterns are not looked into. */
function isImpossible(tests: readonly Test[], signs: readonly boolean[]): boolean {
  const yes = tests.flatMap(({ part }, index) => (signs[index] === true && part.kind !== "matches" ? [part] : []));
  const no = tests.flatMap(({ part }, index) => (signs[index] === false && part.kind !== "matches" ? [part] : []));
  const starts = yes.filter(({ kind }) => kind === "startsWith").map(({ text }) => text);
  const longest = starts.reduce((left, right) => (right.length > left.length ? right : left), "");
  if (starts.some((start) => !longest.startsWith(start))) return true;
  return no.some(({ kind, text }) =>
    kind === "startsWith" ? longest.startsWith(text) : text === "" || yes.some((part) => part.text.includes(text)),
  );
}

/** What parts are put together with: nothing, or something that is in none of them. */
const JOINTS = ["", " ", "·", "_"] as const;
const FILLERS = ["other", "其他", "x", "0", ""] as const;
/** Wanted parts put together at once; more are met by chance or not at all. */
const TOGETHER_MAX = 3;
const TEXTS_TRIED_MAX = 4000;

/** Texts by the signs they give, found by putting wanted parts together in several ways. */
function foundTexts(tests: readonly Test[], named: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let tried = 0;
  const consider = (text: string): void => {
    tried += 1;
    if (tried > TEXTS_TRIED_MAX || named.has(text)) return;
    const signs = signsKey(tests.map(({ holds }) => holds(text)));
    if (!found.has(signs)) found.set(signs, text);
  };
  for (const filler of fresh(named)) consider(filler);
  const pieces = tests.map(({ part }) => ({
    first: part.kind === "startsWith" ? 0 : 1,
    texts: part.kind === "matches" ? patternSamples(part.text) : [part.text],
  }));
  for (const chosen of combinations(pieces.length)) {
    const ordered = chosen.flatMap((index) => pieces[index] ?? []).sort((left, right) => left.first - right.first);
    for (const joint of JOINTS) {
      for (const text of joined(ordered, joint)) for (const filler of ["", joint, "x"]) consider(`${text}${filler}`);
    }
  }
  return found;
}

/** Some plain text that nobody named. */
function fresh(named: ReadonlySet<string>): readonly string[] {
  let other = "other";
  for (let count = 1; named.has(other); count += 1) other = `other-${count}`;
  return [other, ...FILLERS];
}

/** Choices of up to `TOGETHER_MAX` pieces in every order, and all of them at once. */
function combinations(count: number): readonly (readonly number[])[] {
  const indices = Array.from({ length: count }, (_, index) => index);
  let longest: readonly (readonly number[])[] = [[]];
  const chosen: (readonly number[])[] = [];
  for (let length = 1; length <= Math.min(TOGETHER_MAX, count); length += 1) {
    longest = longest.flatMap((one) => indices.filter((index) => !one.includes(index)).map((index) => [...one, index]));
    chosen.push(...longest);
  }
  return [...chosen, indices];
}

function joined(pieces: readonly { readonly texts: readonly string[] }[], joint: string): readonly string[] {
  return pieces.reduce<readonly string[]>(
    (texts, piece, index) =>
      texts.flatMap((text) => piece.texts.map((next) => (index === 0 ? next : `${text}${joint}${next}`))).slice(0, 8),
    [""],
  );
}
