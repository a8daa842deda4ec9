import { draw } from "../model/draw";
import type { Outcome } from "../model/execution";
import { InvariantError } from "../model/invariant";
import { canonicalJson } from "../model/json";

/** Steps of one turn that are run again on the reference executor (design D2). */
export type Sample = {
  /** Steps the turn has taken so far. */
  steps: number;
  readonly open: { readonly place: number; readonly outcome: Outcome; readonly ask: () => Promise<Outcome> }[];
  /** Why a step does not count, by its place in the turn: the reference says otherwise, or it broke. */
  readonly refuted: ReadonlyMap<number, string>;
};

/** Code of a step the two executors do not agree about. */
export const DISAGREES = "executor-disagreement";

const NOTHING_REFUTED: Sample["refuted"] = new Map();

/** The same steps are sampled however often and wherever they are run. One in `every`; 0 = none. */
export function isSampled(enrollmentId: string, eventId: string, every: number): boolean {
  return every > 0 && draw(0, enrollmentId, eventId) < 1 / every;
}

export function agreeing(compiled: Outcome, reference: Outcome): boolean {
  return canonicalJson(compiled) === canonicalJson(reference);
}

export function codeOfThrown(error: unknown): string {
  return error instanceof InvariantError ? error.code : "executor-threw";
}

/**
 * Takes a turn with the compiled executor alone, and asks the reference about the steps of the sample before anybody sees the
 * result. A turn touches nothing, so one that holds a refuted step is simply taken again without it. Most turns hold no step of the
 * sample and wait for nobody. Ends: every round refutes one more of the turn's bounded steps.
 */
export function withSample<TTurn>(take: (sample: Sample) => TTurn): TTurn | Promise<TTurn> {
  const sample: Sample = { steps: 0, open: [], refuted: NOTHING_REFUTED };
  const turn = take(sample);
  return sample.open.length === 0 ? turn : verified(take, { turn, sample });
}

async function verified<TTurn>(
  take: (sample: Sample) => TTurn,
  first: { readonly turn: TTurn; readonly sample: Sample },
): Promise<TTurn> {
  let { turn, sample } = first;
  const refuted = new Map<number, string>();
  for (;;) {
    const wrong = await firstWrong(sample);
    if (wrong === null) return turn;
    refuted.set(wrong.place, wrong.code);
    sample = { steps: 0, open: [], refuted };
    turn = take(sample);
  }
}

async function firstWrong({ open }: Sample): Promise<{ readonly place: number; readonly code: string } | null> {
  for (const { place, outcome, ask } of open) {
    try {
      if (!agreeing(outcome, await ask())) return { place, code: DISAGREES };
    } catch (error) {
      return { place, code: codeOfThrown(error) };
    }
  }
  return null;
}
