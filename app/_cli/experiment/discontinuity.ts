import { estimatesAt, type RuledRow, type ThresholdEstimate, thresholdsOf } from "#engine/experiment/thresholds";
import { issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import type { Discontinuity } from "#engine/statistics/discontinuity";
import { type Answer, type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import type { Speaker } from "../language";
import { tableLines } from "../table-lines";
import { flagNumber, numberText, pText } from "./numbers";
import { CellReader, needColumns, numberColumns, readSheet, type Sheet } from "./read-people";

const PERCENT = 100;
/** Below this the sides of a threshold were different in what the treatment cannot have changed. */
const SUSPICIOUS_P = 0.01;

/** `due experiment discontinuity <csv> --arm --x --y`: what can be said where a threshold decided and not chance. */
export function discontinuityOfFile(input: CommandInput, file: string): Answer {
  const { words } = input;
  const columns = { arm: needFlag(input, "arm"), x: needFlag(input, "x"), y: needFlag(input, "y") };
  const alpha = flagNumber(input, "alpha", { minimum: 0.1, maximum: 20, fallback: 5 }) / PERCENT;
  const bandwidth = flagText(input, "bandwidth") === undefined ? null : bandwidthFlag(input);
  const sheet = readSheet(file);
  needColumns(sheet, Object.values(columns));
  const rows = rowsOf(sheet, columns);
  const thresholds = thresholdsOf(rows);
  if (thresholds === null) {
    throw new ProblemsError(file, [issue("experiment.no-threshold", {}, { column: columns.x, arm: columns.arm })]);
  }
  const estimates = estimatesAt(rows, thresholds, { alpha, bandwidth });
  return {
    exit: 0,
    json: {
      randomised: false,
      people: rows.length,
      x: columns.x,
      y: columns.y,
      estimates: estimates as unknown as JsonValue,
    },
    lines: [
      words.say("experiment.say-not-random", { x: columns.x, arm: columns.arm }),
      "",
      ...tableLines([
        (["threshold", "arms", "people", "bandwidth", "jump", "interval", "p", "half"] as const).map((head) =>
          words.say(`experiment.say-head-${head}`),
        ),
        ...estimates.map((estimate) => cellsOf(estimate, words)),
      ]),
      ...estimates.flatMap((estimate) => doubts(estimate, words)),
      words.say("experiment.say-jump-note", { y: columns.y }),
    ],
  };
}

const bandwidthFlag = (input: CommandInput): number =>
  flagNumber(input, "bandwidth", { minimum: Number.MIN_VALUE, maximum: 1e15, fallback: null });

function needFlag(input: CommandInput, name: string): string {
  const found = flagText(input, name);
  if (found !== undefined) return found;
  throw new UsageError("usage.option-missing", "usage.option-missing", { option: `--${name}` });
}

function rowsOf(
  sheet: Sheet,
  columns: { readonly arm: string; readonly x: string; readonly y: string },
): readonly RuledRow[] {
  const others = numberColumns(sheet, Object.values(columns));
  const read = new CellReader(sheet.file);
  const rows = sheet.lines.flatMap((line) => {
    const [x, y] = [read.number(line, columns.x), read.number(line, columns.y)];
    if (x === null || y === null) return [];
    const known = Object.fromEntries(others.map((column) => [column, read.number(line, column)]));
    return [{ arm: read.text(line, columns.arm), x, y, others: known }];
  });
  read.finish();
  return rows;
}

const interval = ({ interval: [low, high] }: Discontinuity, words: Speaker): string =>
  `${numberText(low, words, 1)} … ${numberText(high, words, 1)}`;

function cellsOf({ threshold, estimate, halved }: ThresholdEstimate, words: Speaker): readonly string[] {
  const arms = `${threshold.lower} → ${threshold.upper}`;
  if (estimate === null)
    return [String(threshold.at), arms, "", "", words.say("experiment.say-too-few-near"), "", "", ""];
  return [
    numberText(threshold.at, words),
    arms,
    `${estimate.below} + ${estimate.above}`,
    `± ${numberText(estimate.bandwidth, words)}`,
    numberText(estimate.jump, words, 1),
    interval(estimate, words),
    pText(estimate.p),
    halved === null ? "" : `${numberText(halved.jump, words, 1)} (${interval(halved, words)})`,
  ];
}

/** Signs that people near a threshold were different on its sides, or moved over it. */
function doubts({ threshold, estimate, others }: ThresholdEstimate, words: Speaker): readonly string[] {
  const at = numberText(threshold.at, words);
  return [
    ...(estimate !== null && estimate.sortingP < SUSPICIOUS_P
      ? [words.say("experiment.say-sorted", { at, p: pText(estimate.sortingP) })]
      : []),
    ...others
      .filter(({ p }) => p < SUSPICIOUS_P)
      .map(({ column, p }) => words.say("experiment.say-other-jumps", { at, column, p: pText(p) })),
  ];
}
