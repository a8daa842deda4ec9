import { enrollmentIdOf } from "../runtime/enroll";
import { taskEntry } from "../runtime/hand-over";
import { type HandMade, handMadeProgram, withStandingFields } from "./hand-made-program";
import { ANN, aLiveRun, MONDAY } from "./live-run";
import type { LiveSettings } from "./live-shell";
import { STRICT_MARKET } from "./live-story";

const VERSION_ID = "ver_hand-made-1";

/** The strict market, with facts about promises and plans. */
export const WORK_MARKET = withStandingFields(STRICT_MARKET);

export function versionOf(made: HandMade) {
  const program = handMadeProgram(STRICT_MARKET, made);
  return { versionId: VERSION_ID, strategyId: "strat_hand-made", program } as const;
}

/** A live run of a strategy that asks people, with the people: they end work and pay when the test says so. */
export async function aWorkRun(made: HandMade, settings: Partial<LiveSettings> = {}) {
  const run = await aLiveRun({ pack: WORK_MARKET, version: versionOf(made), ...settings });
  const keyOf = (visit: string, account = ANN) => `${enrollmentIdOf(VERSION_ID, account.id)}:${visit}`;
  /** A person ends a piece of work, named by its visit (`stepSeq:attempt`). */
  const ends = (
    visit: string,
    outcome: string,
    { values = {}, task = "approval", account = ANN, atMs = MONDAY } = {},
  ) => {
    const [stepSeq = 0, attempt = 0] = visit.split(":").map(Number);
    const { id: accountId, partyId } = account;
    const subject = { enrollmentId: enrollmentIdOf(VERSION_ID, accountId), partyId, accountId };
    const intent = { stepSeq, attempt, task } as Parameters<typeof taskEntry>[0];
    const eventId = `${keyOf(visit, account)}`;
    return run.stores.inbox.put([taskEntry(intent, subject, { eventId, outcome, values, atMs })]);
  };
  /** Ann pays, at the bank. */
  const pays = (amountMinor: number, atMs: number) =>
    run.stores.inbox.put([
      {
        dedupeKey: `paid:${atMs}`,
        partyId: ANN.partyId,
        accountId: ANN.id,
        enrollmentId: null,
        type: "payment.posted",
        atMs,
        stepSeq: null,
        attempt: null,
        data: { amountMinor, source: "bank" },
      },
    ]);
  return { ...run, keyOf, ends, pays };
}
