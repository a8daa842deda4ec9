/**
 * Texts an RE2 pattern probably matches. Reads the everyday part of the syntax (characters, classes, groups, alternatives, counts,
 * anchors) and answers nothing for the rest; whoever asks tries the texts on the pattern itself.
 */
export function patternSamples(pattern: string): readonly string[] {
  const reader: Reader = { pattern, at: 0 };
  const samples = alternatives(reader);
  return samples === null || reader.at < pattern.length ? [] : samples;
}

/** Samples kept of one part; more would multiply with every part that follows. */
const SAMPLES_MAX = 4;
/** Longest text a counted part is written out to. */
const REPEATED_MAX = 200;

type Reader = { readonly pattern: string; at: number };
type Samples = readonly string[];

function alternatives(reader: Reader): Samples | null {
  const found: string[] = [];
  for (;;) {
    const one = sequence(reader);
    if (one === null) return null;
    found.push(...one);
    if (reader.pattern[reader.at] !== "|") return found.slice(0, SAMPLES_MAX);
    reader.at += 1;
  }
}

function sequence(reader: Reader): Samples | null {
  let texts: Samples = [""];
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern[reader.at] ?? "")) {
    const atom = readAtom(reader);
    const counted = atom === null ? null : readCount(reader, atom);
    if (counted === null) return null;
    texts = texts.flatMap((text) => counted.map((next) => text + next)).slice(0, SAMPLES_MAX);
  }
  return texts;
}

const CLASS_SAMPLES: { readonly [letter: string]: Samples } = {
  d: ["1", "0"],
  D: ["a"],
  w: ["a", "1"],
  W: ["-"],
  s: [" "],
  S: ["a"],
  b: [""],
  A: [""],
  z: [""],
  n: ["\n"],
  t: ["\t"],
};

function readAtom(reader: Reader): Samples | null {
  const { pattern } = reader;
  const character = pattern[reader.at] ?? "";
  reader.at += 1;
  switch (character) {
    case "^":
    case "$":
      return [""];
    case ".":
      return ["a", "1"];
    case "(":
      return readGroup(reader);
    case "[":
      return readClass(reader);
    case "\\": {
      const escaped = pattern[reader.at] ?? "";
      reader.at += 1;
      if (/[A-Za-z0-9]/.test(escaped)) return CLASS_SAMPLES[escaped] ?? null;
      return [escaped];
    }
    default:
      return "*+?{".includes(character) ? null : [character];
  }
}

function readGroup(reader: Reader): Samples | null {
  if (reader.pattern.startsWith("?:", reader.at)) reader.at += 2;
  else if (reader.pattern[reader.at] === "?") return null;
  const inside = alternatives(reader);
  if (inside === null || reader.pattern[reader.at] !== ")") return null;
  reader.at += 1;
  return inside;
}

/** What a negated class leaves open is tried from these. */
const PLAIN = ["a", "1", "-", "中", " "] as const;

function readClass(reader: Reader): Samples | null {
  const end = reader.pattern.indexOf("]", reader.at + 1);
  if (end < 0) return null;
  const body = reader.pattern.slice(reader.at, end);
  reader.at = end + 1;
  if (/[[\\]/.test(body)) return body.startsWith("^") ? [...PLAIN] : (CLASS_SAMPLES[body.slice(1, 2)] ?? null);
  if (!body.startsWith("^")) return [...new Set([body[0] ?? "", body.at(-1) ?? ""])];
  return PLAIN.filter((plain) => !body.slice(1).includes(plain));
}

const COUNT = /^(?:\{(\d{1,4})(?:,(\d{0,4}))?\}|([*+?]))\??/;

function readCount(reader: Reader, atom: Samples): Samples | null {
  const [whole, least, , sign] = COUNT.exec(reader.pattern.slice(reader.at)) ?? [];
  if (whole === undefined) return atom;
  reader.at += whole.length;
  if (sign === "*" || sign === "?") return [...atom, ""].slice(-SAMPLES_MAX);
  const times = sign === "+" ? 1 : Number(least);
  const texts = atom.map((text) => text.repeat(times));
  return texts.every((text) => text.length <= REPEATED_MAX) ? texts : null;
}
