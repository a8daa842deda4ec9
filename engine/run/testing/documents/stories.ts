import fc from "fast-check";
import { armFact } from "../../../model/execution";
import type { Facts, FactType, FactValue, Field } from "../../../model/facts";
import { type Move, OTHER_MOVES } from "../random-events";
import { UNUSABLE } from "../random-strategy";
import { valuesOf } from "./conditions";
import { ANSWER_VALUES } from "./widgets";
import { ACCOUNT_FIELDS, ASKED_ARMS, ASKED_EXPERIMENT } from "./world";

type Known = { readonly key: string; readonly values: readonly FactValue[] };

/** What steps wait for, or go by, comes more often than the rest: open promises, plans that end, debts worth a claim, time left. */
const LIKELY: ReadonlyMap<string, readonly FactValue[]> = new Map([
  ["promise_status", ["open", "open", "open", "open"]],
  ["promise_paid_share", [0.36, 0.36]],
  ["promise_due_date", ["2026-01-09"]],
  ["plan_status", ["completed", "broken", "broken", "completed", "broken"]],
]);
const LIKELY_OF_TYPE: { readonly [type in FactType]?: readonly FactValue[] } = {
  money: [5_000_000, 5_000_000, 5_000_000, 20_000_000],
  date: ["2028-03-01", "2028-03-01", "2028-03-01", "2028-03-01"],
};

function likely({ key, type }: Field): readonly FactValue[] {
  return LIKELY.get(key) ?? LIKELY_OF_TYPE[type] ?? [];
}

const arms = (experiment: string): Known => ({ key: armFact(experiment), values: [...ASKED_ARMS, "retired", 7] });
const FACTS: readonly Known[] = [
  ...ACCOUNT_FIELDS.map((field: Field) => ({
    key: field.key,
    values: [...valuesOf(field), ...likely(field)],
  })),
  ...[ASKED_EXPERIMENT, "m1-team", "north"].map(arms),
];

const valueArbitrary = ({ values }: Known): fc.Arbitrary<FactValue | undefined> =>
  fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom<(FactValue | undefined)[]>(...values) },
    fc.constantFrom<(FactValue | undefined)[]>(undefined, ...UNUSABLE),
  );

/** Parties without a row of an arm are many: the step draws it for them. */
const isArm = ({ key }: Known): boolean => key.startsWith("arm.");

const beginningArbitrary: fc.Arbitrary<Facts> = fc
  .record(Object.fromEntries(FACTS.filter((fact) => !isArm(fact)).map((fact) => [fact.key, valueArbitrary(fact)])))
  .map(known);

function known(drawn: { readonly [fact: string]: FactValue | undefined }): Facts {
  return Object.fromEntries(
    Object.entries(drawn).flatMap(([fact, value]) => (value === undefined ? [] : [[fact, value]])),
  );
}

const changeArbitrary = fc.oneof(
  ...FACTS.map((fact) =>
    valueArbitrary(fact).map((value): { [fact: string]: FactValue | undefined } => ({ [fact.key]: value })),
  ),
);

const rarely = <TValue>(usual: TValue, ...others: readonly TValue[]): fc.Arbitrary<TValue> =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));

const valuesArbitrary = fc.option(
  fc.dictionary(
    fc.constantFrom(...ANSWER_VALUES),
    fc.constantFrom<FactValue[]>(50_000, 7.5, "2026-03-01", "2026-02-30", "a", true, null),
    { maxKeys: 3 },
  ),
  { nil: undefined },
);

const moveArbitrary = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Move["kind"]>("awaited") },
    fc.constantFrom<Move["kind"][]>(...OTHER_MOVES, "stop", "resumed", "exit", "migrated"),
  ),
  // Small numbers are not to come more often than large ones: they say which answer it is.
  pick: fc.noBias(fc.nat(9999)),
  visitShift: rarely(0, -1, 1),
  attemptShift: rarely(0, -1, 1),
  outcome: fc.constantFrom("NA", "PTP", "DLV", "approved", "accepted", "ZZZ", "constructor"),
  verdict: fc.constantFrom("pass" as const, "block" as const, "review" as const),
  minutesLater: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(0, 1, 61, 1440) }, fc.constantFrom(20_000, 500_000)),
  values: valuesArbitrary,
  paused: rarely(false, true),
  changes: fc.array(changeArbitrary, { maxLength: 3 }),
});

const MOVES_MAX = 12;

/** One account's story: what is known of it in the beginning, and what happens then; facts stay until they change. */
export type DrawnStory = { readonly facts: Facts; readonly moves: readonly Move[] };

export const storyArbitrary: fc.Arbitrary<DrawnStory> = fc
  .record({
    facts: beginningArbitrary,
    moves: fc.array(moveArbitrary, { minLength: 3, maxLength: MOVES_MAX, size: "max" }),
  })
  .map(({ facts, moves }) => {
    let now: { readonly [fact: string]: FactValue | undefined } = facts;
    return {
      facts,
      moves: moves.map(({ changes, ...move }) => {
        now = Object.assign({}, now, ...changes);
        return { ...move, facts: known(now) };
      }),
    };
  });
