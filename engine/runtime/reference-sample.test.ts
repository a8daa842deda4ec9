import { describe, expect, it } from "vitest";
import { InvariantError } from "../model/invariant";
import { type Sample, withSample } from "./reference-sample";

type Outcome = Sample["open"][number]["outcome"];

const outcomeAt = (stepSeq: number) => ({ state: { stepSeq }, decisions: [], effects: [] }) as unknown as Outcome;

/** A turn of three steps, all of them in the sample; a refuted step ends it with the reason. */
function threeSteps(reference: (place: number) => Promise<Outcome>) {
  let takes = 0;
  const turn = (sample: Sample): string => {
    takes += 1;
    for (let place = 0; place < 3; place += 1) {
      const reason = sample.refuted.get(place);
      if (reason !== undefined) return `stopped at ${place}: ${reason}`;
      sample.open.push({ place, outcome: outcomeAt(place), ask: () => reference(place) });
    }
    return "done";
  };
  return { turn, takes: () => takes };
}

describe("a turn with steps of the sample", () => {
  it("is taken once where both executors agree", async () => {
    const { turn, takes } = threeSteps(async (place) => outcomeAt(place));
    expect(await withSample(turn)).toBe("done");
    expect(takes()).toBe(1);
  });

  it("is taken again without the step the reference refutes, whatever came after it", async () => {
    const { turn, takes } = threeSteps(async (place) => outcomeAt(place === 1 ? 99 : place));
    expect(await withSample(turn)).toBe("stopped at 1: executor-disagreement");
    expect(takes()).toBe(2);
  });

  it("stops at the step on which the reference breaks, by the code it breaks with", async () => {
    const { turn } = threeSteps(async (place) => {
      if (place === 2) throw new InvariantError("reference.broke");
      return outcomeAt(place);
    });
    expect(await withSample(turn)).toBe("stopped at 2: reference.broke");
  });

  it("waits for nobody where no step is in the sample", () => {
    expect(withSample(() => "done")).toBe("done");
  });
});
