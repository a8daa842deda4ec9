import { InvariantError } from "../model/invariant";
import type { Program, ScoreAttribute, StepSpec } from "../model/program";
import type { Option } from "./options";
import { claiming, type Symbols, settling } from "./symbols";

type ScoreSpec = Extract<StepSpec, { readonly kind: "score" }>;

/** Combinations of points offered per band; each may turn out to contradict itself. */
const COMBINATIONS_MAX = 24;
/** Combinations looked at per band before it is left at what was found. */
const LOOKED_AT_MAX = 20_000;

/** One way an attribute can come out. */
type Points = { readonly weighted: number; readonly claim: (symbols: Symbols) => Symbols };

/** Ways on of a scorecard: for each band some combinations of points that add up to it, and what cannot be told. */
export function scoreOptions(spec: ScoreSpec, program: Program, symbols: Symbols): readonly Option[] {
  const attributes = spec.attributes.map((attribute) => pointsOf(attribute, program));
  const bands = spec.bands.flatMap(({ atLeast, handle }, index) => {
    const below = spec.bands[index - 1]?.atLeast ?? Number.POSITIVE_INFINITY;
    const range = { atLeast: atLeast ?? Number.NEGATIVE_INFINITY, below };
    return combinations(attributes, range).map((chosen) => {
      const total = chosen.reduce((sum, { weighted }) => sum + weighted, 0);
      const claimed = chosen.reduce((before, { claim }) => claim(before), symbols);
      if (spec.variable === null) return { handle, symbols: claimed };
      return { handle, symbols: settling(claimed, spec.variable, { type: "number", value: total }) };
    });
  });
  return [...bands, ...unknownOptions(spec, program, symbols)];
}

function ordered(attribute: ScoreAttribute, program: Program) {
  const ruleSet = Object.hasOwn(program.ruleSets, attribute.ruleSet) ? program.ruleSets[attribute.ruleSet] : undefined;
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: attribute.ruleSet });
  return ruleSet.order.map(({ rule, when }, index) => ({
    rule,
    above: (symbols: Symbols): Symbols =>
      ruleSet.order.slice(0, index).reduce((before, earlier) => claiming(before, earlier.when, "false"), symbols),
    when,
  }));
}

function pointsOf(attribute: ScoreAttribute, program: Program): readonly Points[] {
  const rules = ordered(attribute, program);
  const { weight, points, otherwise, unknown } = attribute;
  const holding = rules.map(({ rule, above, when }) => ({
    weighted: weight * (points[rule] ?? 0),
    claim: (symbols: Symbols) => above(claiming(symbols, when, "true")),
  }));
  const none = {
    weighted: weight * otherwise,
    claim: (symbols: Symbols) => rules.reduce((before, { when }) => claiming(before, when, "false"), symbols),
  };
  if (unknown === null) return [...holding, none];
  const doubtful = rules.map(({ above, when }) => ({
    weighted: weight * unknown,
    claim: (symbols: Symbols) => above(claiming(symbols, when, "unknown")),
  }));
  return [...holding, none, ...doubtful];
}

function unknownOptions(spec: ScoreSpec, program: Program, symbols: Symbols): readonly Option[] {
  return spec.attributes
    .filter(({ unknown }) => unknown === null)
    .flatMap((attribute) =>
      ordered(attribute, program).map(({ above, when }) => ({
        handle: spec.unknown,
        symbols: above(claiming(symbols, when, "unknown")),
      })),
    );
}

type Range = { readonly atLeast: number; readonly below: number };

/** Choices of one outcome per attribute whose sum lies in the range; sums that cannot get there any more are not followed. */
function combinations(attributes: readonly (readonly Points[])[], range: Range): readonly (readonly Points[])[] {
  const least = suffixSums(attributes.map((points) => Math.min(...points.map(({ weighted }) => weighted))));
  const most = suffixSums(attributes.map((points) => Math.max(...points.map(({ weighted }) => weighted))));
  const found: (readonly Points[])[] = [];
  let looked = 0;
  const choose = (chosen: readonly Points[], sum: number): void => {
    looked += 1;
    if (found.length >= COMBINATIONS_MAX || looked > LOOKED_AT_MAX) return;
    const depth = chosen.length;
    if (sum + (most[depth] ?? 0) < range.atLeast || sum + (least[depth] ?? 0) >= range.below) return;
    const points = attributes[depth];
    if (points === undefined) found.push(chosen);
    else for (const one of points) choose([...chosen, one], sum + one.weighted);
  };
  choose([], 0);
  return found;
}

/** Sum of the values from each index to the end. */
function suffixSums(values: readonly number[]): readonly number[] {
  const sums = [0];
  for (const value of [...values].reverse()) sums.push((sums.at(-1) ?? 0) + value);
  return sums.reverse();
}
