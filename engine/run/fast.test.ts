import { describe, expect, test } from "vitest";
import { linkFast } from "./fast";
import { lines, story } from "./testing/both-executors";
import { CALL_STEPS, LATE } from "./testing/call-strategy";
import { drawnStrategy, programOf } from "./testing/drawn-strategy";

const program = programOf(drawnStrategy(CALL_STEPS));

/** What a browser does under a content security policy without `unsafe-eval`. */
function forbidden(): never {
  throw new EvalError("Refused to evaluate a string as JavaScript");
}

async function told(link: Parameters<typeof story>[0]) {
  const account = story(link, program);
  const outcomes = [
    await account.start(LATE),
    await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "PTP" }),
    await account.send({ type: "payment.posted", amountMinor: 100 }),
  ];
  return outcomes.map((outcome) => ({ ...outcome, lines: lines(outcome) }));
}

describe("the fastest executor there may be", () => {
  test("is made of code where code may be made", () => {
    const bodies: string[] = [];
    linkFast(program, (parameters, body) => {
      bodies.push(body);
      return new Function(...parameters, body);
    });
    expect(bodies).toHaveLength(1);
  });

  test("is linked where a security policy forbids to make code, and does the same", async () => {
    const linked = await told(() => linkFast(program, forbidden));
    expect(linked).toEqual(await told(() => linkFast(program)));
    expect(linked[2]?.lines).toEqual(["promised.happened(payment.posted) -> happened", "done.exit(completed)"]);
  });

  test("does not hide a Program that is broken", () => {
    const unwired = { ...program, steps: { ...program.steps, start: { ...program.steps.start, handles: {} } } };
    expect(() => linkFast(unwired as typeof program)).toThrow("program.unwired-handle");
    expect(() =>
      linkFast(program, () => {
        throw new TypeError("something else");
      }),
    ).toThrow("something else");
  });

  test("is linked for a Program whose limit would need columns without end", async () => {
    const endless = { ...program, limits: { ...program.limits, stepsPerAdvance: 1_000_000 } };
    expect(lines(await story(() => linkFast(endless), endless).start(LATE))).toEqual([
      "start.entered(enter) -> enter",
      "next.requested(1)",
    ]);
  });
});
