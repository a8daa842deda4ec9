import fc from "fast-check";
import { parseStrategy } from "../../../graph/parse";
import type { Condition } from "../../../model/condition";
import { AUTHOR_EXIT_REASONS } from "../../../model/exit-reason";
import { STRATEGY_SCHEMA_VERSION, type StrategyDoc } from "../../../model/strategy";
import type { StrategyVariable } from "../../../model/variable";
import { valuesOf } from "./conditions";
import { type StepDraft, soundDraft } from "./step";
import { OWN_CONTENT } from "./wide-market";
import { BETWEEN, type Drawing, ENTRIES, EXITS, type Placed, wired } from "./wiring";
import { ASKED_ARMS, ASKED_EXPERIMENT, type Outline, type World, type Worlds, worldsOf } from "./world";

/** A strategy as a file holds it: nothing in it was read yet. */
export type DrawnDocument = { readonly [member: string]: unknown };

const STEPS_MAX = 5;
const STEPS_INSIDE_MAX = 2;
const SEEDS = 24;

type Inside = { readonly outline: Outline; readonly variables: readonly StrategyVariable[]; readonly drawing: Drawing };

/** The variables with what they hold in the beginning, unknown included. */
function beginning(variables: readonly StrategyVariable[]): fc.Arbitrary<readonly StrategyVariable[]> {
  return fc.tuple(
    ...variables.map((variable) =>
      fc
        .constantFrom(null, ...valuesOf({ ...variable, key: variable.name }))
        .map((initial): StrategyVariable => ({ ...variable, initial })),
    ),
  );
}

/** Evenly: a small number must not come more often, or every line would lead the same way. */
const seedsArbitrary = fc.array(fc.noBias(fc.nat(1000)), { minLength: SEEDS, maxLength: SEEDS });

const placed = (name: string, drafts: readonly StepDraft[]): readonly Placed[] =>
  drafts.map((draft, index) => ({ id: `${name}-${index + 1}`, draft }));

/** A step of any type that may stand between entry and exit; those that use a strategy only where there is one. */
function between(world: World): fc.Arbitrary<StepDraft> {
  const types = BETWEEN.filter(({ embeds }) => embeds === undefined || world.outlines.length > 0);
  return fc.oneof(
    ...types.map((definition) => ({ weight: weightOf(definition), arbitrary: soundDraft(definition, world) })),
  );
}

const LEADS_BACK = 10;
const HOLDS_A_STRATEGY = 8;

/**
 * How often a type is drawn: the more ways on it has, as far as its examples tell, the more often. Rounds that are left half-way,
 * and strategies that are used again, come about by several steps together, so that those steps are drawn more often still.
 */
function weightOf({ initial, examples, handles, embeds }: StepDraft["definition"]): number {
  const ways = [initial(), ...examples].map((data) => handles(data));
  const leadsBack = ways.flat().some(({ repeats }) => repeats === true);
  const most = Math.max(...ways.map(({ length }) => length));
  return 3 + most + (leadsBack ? LEADS_BACK : 0) + (embeds === undefined ? 0 : HOLDS_A_STRATEGY);
}

const exitDraft = (world: World): fc.Arbitrary<StepDraft> => fc.oneof(...EXITS.map((exit) => soundDraft(exit, world)));

function insideArbitrary(outline: Outline, world: World): fc.Arbitrary<Inside> {
  return fc
    .record({
      variables: beginning(outline.variables),
      drafts: fc.array(between(world), { minLength: 1, maxLength: STEPS_INSIDE_MAX, size: "max" }),
      exits: fc.tuple(...outline.exits.map(() => exitDraft(world))),
      seeds: seedsArbitrary,
    })
    .map(({ variables, drafts, exits, seeds }) => ({
      outline,
      variables,
      drawing: wired(
        placed("part", drafts),
        exits.map((draft, index) => ({ id: outline.exits[index] ?? "", draft })),
        seeds,
      ),
    }));
}

/** Strategies inside that are used, by whatever is used itself; an idle one only makes the case larger. */
function usedInside(whole: Drawing, inside: readonly Inside[]): readonly Inside[] {
  const used = new Set<string>();
  const visit = (drawing: Drawing): void => {
    for (const { type, data } of drawing.nodes) {
      const key = BETWEEN.find((known) => known.type === type)?.embeds?.(data);
      const found = inside.find(({ outline }) => outline.key === key);
      if (found === undefined || used.has(found.outline.key)) continue;
      used.add(found.outline.key);
      visit(found.drawing);
    }
  };
  visit(whole);
  return inside.filter(({ outline }) => used.has(outline.key));
}

const ASKED_SPLIT = {
  experimentKey: ASKED_EXPERIMENT,
  phase: 1,
  arms: ASKED_ARMS.map((id, index) => ({ id, weight: [5000, 3000, 2000][index] ?? 0 })),
};

/** The step that draws the arm conditions ask for: of whichever type takes such data. */
function askedSplit(): readonly StepDraft[] {
  const definition = BETWEEN.find(({ schema }) => schema.safeParse(ASKED_SPLIT).success);
  return definition === undefined ? [] : [{ definition, version: definition.version, data: ASKED_SPLIT }];
}

type Parts = {
  readonly variables: readonly StrategyVariable[];
  readonly exitRules: readonly { readonly when: Condition; readonly reason: string }[];
  readonly horizonDays: number;
  readonly schemaVersion: number;
  readonly whole: Drawing;
  readonly inside: readonly Inside[];
};

function documentOf({ world, parts }: { readonly world: World; readonly parts: Parts }): DrawnDocument {
  const { variables, exitRules, horizonDays, schemaVersion, whole } = parts;
  return {
    $schema: `https://duecourse.org/schemas/strategy-${schemaVersion}.schema.json`,
    schemaVersion,
    id: "strat_drawn",
    key: "drawn",
    name: { en: "Drawn" },
    settings: {
      ...world.settings,
      variables,
      horizonDays,
      exits: exitRules.map((rule, index) => ({ ...rule, id: `exit-${index + 1}` })),
    },
    ...whole,
    contents: [OWN_CONTENT],
    strategies: usedInside(whole, parts.inside).map(({ outline, variables: own, drawing }) => ({
      key: outline.key,
      name: { en: outline.key },
      variables: own,
      ...drawing,
    })),
    layout: { mode: "auto", positions: {} },
  };
}

function documentsIn({ whole, inside }: Worlds, first: readonly StepDraft[]): fc.Arbitrary<DrawnDocument> {
  const entry = fc.oneof(...ENTRIES.map((definition) => soundDraft(definition, whole)));
  const exitRule = fc.record({
    when: whole.condition,
    reason: fc.constantFrom(...AUTHOR_EXIT_REASONS, "cured", "closed", "sold", "written-off"),
  });
  return fc
    .record({
      entry: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, entry),
      drafts: fc.array(between(whole), { minLength: 2, maxLength: STEPS_MAX, size: "max" }),
      exits: fc.array(exitDraft(whole), { minLength: 1, maxLength: 2 }),
      seeds: seedsArbitrary,
      variables: beginning(whole.variables),
      exitRules: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        fc.array(exitRule, { minLength: 1, maxLength: 2 }),
      ),
      horizonDays: fc.constantFrom(1, 30, 400, 400, 400, 400, 1500),
      schemaVersion: fc.constantFrom(STRATEGY_SCHEMA_VERSION, STRATEGY_SCHEMA_VERSION - 1),
      inside: fc.tuple(...inside.map(({ outline, world }) => insideArbitrary(outline, world))),
    })
    .map(({ entry: own, drafts, exits, seeds, inside: strategies, ...settings }) => {
      const steps = [
        ...(own === null ? OPEN_DOOR : [own]).map((draft) => ({ id: "start", draft })),
        ...placed("step", drafts.toSpliced((seeds[0] ?? 0) % (drafts.length + 1), 0, ...first)),
      ];
      const drawing = wired(steps, placed("exit", exits), seeds);
      return documentOf({ world: whole, parts: { ...settings, whole: drawing, inside: strategies } });
    });
}

/** Lets everybody in, so that stories grow long. */
const OPEN_DOOR: readonly StepDraft[] = ENTRIES.map((definition) => ({
  definition,
  version: definition.version,
  data: { when: { any: [true, false].map((value) => ({ fact: "dpd", operator: "isKnown", value })) } },
}));

/**
 * A strategy as a file holds it: steps of every registered type, drawn from what their forms offer and wired at random, with
 * strategies inside, variables, fields of the lender, exits and a horizon of its own. Nearly all of them lint without an error.
 */
export const documentArbitrary: fc.Arbitrary<DrawnDocument> = fc.oneof(
  { weight: 3, arbitrary: documentsIn(worldsOf({ arms: false, uses: false }), []) },
  { weight: 3, arbitrary: documentsIn(worldsOf({ arms: false, uses: true }), []) },
  { weight: 1, arbitrary: documentsIn(worldsOf({ arms: true, uses: true }), askedSplit()) },
);

/** The same, read and brought up to date. */
export const strategyArbitrary: fc.Arbitrary<StrategyDoc> = documentArbitrary
  .map(parseStrategy)
  .filter((read) => read.ok)
  .map(({ value }) => value);
