import type { Issue } from "../model/issue";
import { err, type Result } from "../model/result";
import { STRATEGY_LIMITS, type StrategyDoc } from "../model/strategy";
import { parseStrategy } from "./parse";
import { positionsOf, readJson } from "./read-json";

/** The place and the places around it, innermost first; a member that is missing stands nowhere, but its parent does. */
function placesAround(path: string): readonly string[] {
  const places = [path];
  for (let cut = path.length; cut > 0; ) {
    cut = Math.max(path.lastIndexOf(".", cut - 1), path.lastIndexOf("[", cut - 1), 0);
    places.push(path.slice(0, cut));
  }
  return places;
}

/** The same issues with line and column of the text they speak about. Issues that have a line keep it. */
export function locateIssues(text: string, issues: readonly Issue[]): readonly Issue[] {
  const wanted = new Set(issues.flatMap((found) => (found.line === undefined ? placesAround(found.path) : [])));
  if (wanted.size === 0) return issues;
  const positions = positionsOf(text, wanted);
  return issues.map((found) => {
    if (found.line !== undefined) return found;
    const place = placesAround(found.path).find((path) => positions.has(path));
    return place === undefined ? found : { ...found, ...positions.get(place) };
  });
}

/**
 * A strategy document from the text of a file. Size first, then strict JSON, then `parseStrategy`; every problem carries
 * its line and column. Nothing of a refused file is kept.
 */
export function readStrategyText(text: string): Result<StrategyDoc, readonly Issue[]> {
  const json = readJson(text, { bytes: STRATEGY_LIMITS.fileBytes, depth: STRATEGY_LIMITS.jsonDepth });
  if (!json.ok) return json;
  const parsed = parseStrategy(json.value);
  return parsed.ok ? parsed : err(locateIssues(text, parsed.error));
}
