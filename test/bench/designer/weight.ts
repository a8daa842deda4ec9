import type { Page } from "playwright-core";

/** Compressed bytes a page asks for until it stands, by kind; `largest` names its heaviest scripts, `later` is what comes afterwards. */
export type PageWeight = {
  readonly later: number;
  readonly document: number;
  readonly scripts: number;
  readonly styles: number;
  readonly fonts: number;
  readonly largest: readonly { readonly script: string; readonly bytes: number }[];
};

const LARGEST_SHOWN = 8;

export async function pageWeight(page: Page, standsAtMs: number): Promise<PageWeight> {
  const { document, files } = await page.evaluate(() => {
    const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return {
      document: visit?.encodedBodySize ?? 0,
      files: entries.map(({ name, encodedBodySize, startTime }) => ({ name, bytes: encodedBodySize, startTime })),
    };
  });
  const first = files.filter(({ startTime }) => startTime <= standsAtMs);
  const ofKind = (mark: string) => first.filter(({ name }) => new URL(name).pathname.endsWith(mark));
  const sum = (found: readonly { readonly bytes: number }[]) => found.reduce((total, { bytes }) => total + bytes, 0);
  const scripts = ofKind(".js").toSorted((left, right) => right.bytes - left.bytes);
  return {
    document,
    later: sum(files) - sum(first),
    scripts: sum(scripts),
    styles: sum(ofKind(".css")),
    fonts: sum(ofKind(".woff2")),
    largest: scripts
      .slice(0, LARGEST_SHOWN)
      .map(({ name, bytes }) => ({ script: name.split("/").at(-1) ?? name, bytes })),
  };
}
