import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compileStrategy } from "../../compile/compile";
import { canonicalJson } from "../../model/json";
import { marketPack } from "../../packs";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "../../run/testing/drawn-strategy";
import { type MonthlyHistory, replayMonthly } from "./replay";

const pack = marketPack("cn");
const FOLDER = resolve(import.meta.dirname, "../../..", process.env.DUECOURSE_REAL_DATA ?? "../shared/data");
const REAL = join(FOLDER, "portfolio/credit_record.csv.gz");

function programOf(steps: { readonly [id: string]: DrawnStep }) {
  const compiled = compileStrategy(drawnStrategy(steps), pack);
  if (!compiled.ok) throw new Error(canonicalJson(compiled.error));
  return compiled.value;
}

/** Waits, and lets go. */
const DO_NOTHING = programOf({
  start: { type: "start", data: { when: PAST_DUE }, to: { enter: "wait" } },
  wait: {
    type: "wait",
    data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 300 * 1440 },
    to: { happened: "done", elapsed: "done" },
  },
  done: { type: "exit", data: { reason: "completed" }, to: {} },
});
const REMIND = programOf({
  start: { type: "start", data: { when: PAST_DUE }, to: { enter: "sms" } },
  sms: { type: "sms", data: { contentId: "sms.m1.soft", waitForDelivery: false }, to: { sent: "done" } },
  done: { type: "exit", data: { reason: "completed" }, to: {} },
});

/** Status of the file to days past due, by its description: 0 = 1-29, then months; C = paid off, X = no loan. */
const DPD: { readonly [status: string]: number } = { "0": 15, "1": 45, "2": 75, "3": 105, "4": 135, "5": 165 };
const history = (id: string, statuses: string): MonthlyHistory => ({
  id,
  months: [...statuses].map((status) => ({ status, dpd: DPD[status] ?? null })),
});

describe("months that have been", () => {
  const histories = [history("A", "XX0012C"), history("B", "CCX"), history("C", "0")];

  it("go on as they did, whatever a strategy would have done", () => {
    const nothing = replayMonthly(histories, { program: DO_NOTHING, pack, from: "2024-01-01" });
    expect(nothing.transitions).toEqual({
      ...{ "X>X": 1, "X>0": 1, "0>0": 1, "0>1": 1, "1>2": 1, "2>C": 1, "C>C": 1, "C>X": 1 },
    });
    const reminded = replayMonthly(histories, { program: REMIND, pack, from: "2024-01-01" });
    expect(reminded.transitions).toEqual(nothing.transitions);
  });

  it("say who would have come in, which steps they would have entered and who would have been asked for", () => {
    const nothing = replayMonthly(histories, { program: DO_NOTHING, pack, from: "2024-01-01" });
    expect(nothing).toMatchObject({ accounts: 3, enrolled: 2, entered: { wait: 2 } });
    expect(Object.values(nothing.requested).every((count) => count === 0)).toBe(true);
    const reminded = replayMonthly(histories, { program: REMIND, pack, from: "2024-01-01" });
    expect(reminded).toMatchObject({ enrolled: 2, entered: { sms: 2, done: 2 }, requested: { sms: 2 } });
  });
});

/** Half a minute of a busy machine: only where the data folder is named. */
describe.skipIf(process.env.DUECOURSE_REAL_DATA === undefined || !existsSync(REAL))(
  "696,231 months of 30,555 real clients",
  () => {
    it("replayed with a strategy that does nothing, roll exactly as they rolled", () => {
      const expected = JSON.parse(readFileSync(join(FOLDER, "portfolio/expected.json"), "utf8"));
      const byClient = new Map<string, { readonly month: number; readonly status: string }[]>();
      const [, ...lines] = gunzipSync(readFileSync(REAL)).toString("utf8").trim().split(/\r?\n/);
      for (const line of lines) {
        const [id = "", month = "", status = ""] = line.split(",");
        const known = byClient.get(id);
        if (known === undefined) byClient.set(id, [{ month: Number(month), status }]);
        else known.push({ month: Number(month), status });
      }
      const histories = [...byClient].map(([id, months]) =>
        history(
          id,
          months
            .sort((left, right) => left.month - right.month)
            .map(({ status }) => status)
            .join(""),
        ),
      );
      const replay = replayMonthly(histories, { program: DO_NOTHING, pack, from: "2020-01-01" });
      const counts: { [from: string]: { [to: string]: number } } = {};
      for (const [move, count] of Object.entries(replay.transitions)) {
        const [from = "", to = ""] = move.split(">");
        counts[from] = { ...counts[from], [to]: count };
      }
      expect(replay.accounts).toBe(expected.credit_record_clients);
      expect(counts).toEqual(expected.credit_record_rollrate_counts);
      expect(Object.values(replay.requested).every((count) => count === 0)).toBe(true);
    }, 120_000);
  },
);
