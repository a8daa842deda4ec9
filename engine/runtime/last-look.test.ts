import { describe, expect, it } from "vitest";
import type { Stop } from "../model/stop";
import { MINUTE_MS } from "../model/time";
import { ANN, aLiveRun, MONDAY } from "../testing/live-run";

/** A worker that is put to sleep for so long right after it has looked at what is stopped. */
async function asleepAfterLooking(sleepsMs: number) {
  const run = await aLiveRun();
  const { deps, sent } = run.shell;
  let nowMs = 0;
  let looks = 0;
  let paused: readonly Stop[] = [];
  const inForce = async () => {
    const seen = paused;
    // The first look is the gate's; the second is the sender's.
    looks += 1;
    if (looks !== 2) return seen;
    nowMs += sleepsMs;
    paused = [{ id: 1, kind: "pause", scope: "everything", subject: "", fromMs: MONDAY }];
    return seen;
  };
  Object.assign(deps, { monotonicMs: () => nowMs, stops: { ...deps.stops, inForce } });
  await run.enroll(ANN);
  looks = 0;
  await run.shell.tick();
  const wake = () => {
    paused = [];
  };
  return { ...run, sent, wake };
}

describe("a look at what is stopped", () => {
  it("is good for a moment: what was handed over right after it has left", async () => {
    expect((await asleepAfterLooking(100)).sent).toHaveLength(1);
  });

  it("is no good to a worker that slept over it: it looks again, and what is paused meanwhile goes back", async () => {
    const { sent, shell, wake } = await asleepAfterLooking(5000);
    expect(sent).toEqual([]);
    wake();
    await shell.runUntil(MONDAY + MINUTE_MS, MINUTE_MS);
    expect(sent).toHaveLength(1);
  });
});
