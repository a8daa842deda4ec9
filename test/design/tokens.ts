import { contrast, hexOf, type Oklch } from "./contrast";

export type Theme = "light" | "dark";
export const THEMES: readonly Theme[] = ["light", "dark"];
/** Name without its dashes -> colour in each theme. */
export type Tokens = ReadonlyMap<string, { readonly [theme in Theme]: Oklch }>;

const COLOUR = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
const PAIR = new RegExp(String.raw`^\s*--([\w-]+): light-dark\(${COLOUR}, ${COLOUR}\);`, "gm");
const SAME = /^\s*--([\w-]+): var\(--([\w-]+)\);/gm;

/** The colours a stylesheet gives names to, in both themes; one that is another's is found under both names. */
export function colourTokens(css: string): Tokens {
  const tokens = new Map<string, { readonly light: Oklch; readonly dark: Oklch }>();
  for (const [, name = "", ...numbers] of css.matchAll(PAIR)) {
    const [l = 0, c = 0, h = 0, darkL = 0, darkC = 0, darkH = 0] = numbers.map(Number);
    tokens.set(name, {
      light: { lightness: l, chroma: c, hue: h },
      dark: { lightness: darkL, chroma: darkC, hue: darkH },
    });
  }
  for (const [, name = "", other = ""] of css.matchAll(SAME)) {
    const same = tokens.get(other);
    // `--color-…` are only the names the utility classes know them by.
    if (same !== undefined && !name.startsWith("color-")) tokens.set(name, same);
  }
  return tokens;
}

/** WCAG 2.2 AA: 1.4.3 for text, 1.4.11 for graphics one has to see to understand the content. */
export const LEAST_CONTRAST = { text: 4.5, graphics: 3 } as const;
export type Use = keyof typeof LEAST_CONTRAST;
export type Pair = { readonly use: Use; readonly colour: string; readonly on: string };

const GROUNDS = ["paper", "surface", "sunken"];
const MEANINGS = ["accent", "cured", "waiting", "breach", "held", "simulated"];
const GROUPS = ["entry", "contact", "wait", "decide", "people", "qa", "agency", "exit"];

const pairs = (use: Use, colours: readonly string[], grounds: readonly string[]): readonly Pair[] =>
  colours.flatMap((colour) => grounds.map((on) => ({ use, colour, on })));

/** Every colour that is written or drawn, with what it stands on. */
export const PAIRS: readonly Pair[] = [
  ...pairs("text", ["ink", "muted", ...MEANINGS, "accent-strong"], GROUNDS),
  ...MEANINGS.map((meaning): Pair => ({ use: "text", colour: meaning, on: `${meaning}-soft` })),
  { use: "text", colour: "accent-ink", on: "accent" },
  { use: "text", colour: "accent-ink", on: "accent-strong" },
  ...pairs(
    "graphics",
    GROUPS.map((group) => `group-${group}`),
    ["paper", "surface"],
  ),
  ...pairs("graphics", ["chart-line", "flow-live", "flow-simulated"], ["paper"]),
];

export type Measured = Pair & { readonly theme: Theme; readonly ratio: number };

/** Every pair in both themes. Throws RangeError when the stylesheet lacks a colour. */
export function measured(tokens: Tokens): readonly Measured[] {
  return PAIRS.flatMap((pair) =>
    THEMES.map((theme) => {
      const [colour, ground] = [tokens.get(pair.colour), tokens.get(pair.on)];
      if (colour === undefined || ground === undefined) throw new RangeError(`${pair.colour} on ${pair.on}`);
      return { ...pair, theme, ratio: contrast(colour[theme], ground[theme]) };
    }),
  );
}

type TableWords = { readonly token: string; readonly light: string; readonly dark: string; readonly least: string };

/** The colours as a Markdown table: their values, and their smallest contrast with what they stand on. */
export function colourTable(tokens: Tokens, words: TableWords): string {
  const all = measured(tokens);
  const rows = [...tokens].map(([name, { light, dark }]) => {
    const cell = (theme: Theme): string => {
      const own = all.filter((one) => one.colour === name && one.theme === theme);
      return own.length === 0 ? "" : Math.min(...own.map(({ ratio }) => ratio)).toFixed(1);
    };
    return `| \`--${name}\` | \`${hexOf(light)}\` | ${cell("light")} | \`${hexOf(dark)}\` | ${cell("dark")} |`;
  });
  return [
    `| ${words.token} | ${words.light} | ${words.least} | ${words.dark} | ${words.least} |`,
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
