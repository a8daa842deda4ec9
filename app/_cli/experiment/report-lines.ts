import type {
  ArmFigure,
  ExperimentReport,
  Finding,
  HealthCheck,
  MetricReport,
  Reason,
  Verdict,
} from "#engine/experiment/report";
import { experimentTexts } from "#engine/experiment/texts";
import { fillText } from "#engine/graph/words";
import type { Speaker } from "../language";
import { moneyText } from "../money-text";
import { tableLines } from "../table-lines";
import { numberText, percentText, pText } from "./numbers";

/** A report in words: what to do and why, whether it can be trusted, then the figures. */
export function reportLines(report: ExperimentReport, words: Speaker): readonly string[] {
  return [
    words.say("experiment.say-report", {
      experiment: report.experiment,
      days: report.days,
      method: methodText(report, words),
    }),
    ...verdictLines(report.verdict, words),
    ...(report.arms.length > 1 ? report.arms.flatMap((verdict) => verdictLines(verdict, words)) : []),
    "",
    ...healthLines(report, words),
    "",
    ...tableLines([headsOf(words), ...report.metrics.flatMap((metric) => rowsOf(metric, words))]),
  ];
}

const methodText = ({ method }: ExperimentReport, words: Speaker): string =>
  words.say(`experiment.say-method-${method}`);

const reasonText = ({ code, params }: Reason, { locale }: Speaker): string =>
  fillText(experimentTexts[locale][code], params);

function verdictLines({ code, arm, days, reasons }: Verdict, words: Speaker): readonly string[] {
  const said = words.say(`experiment.say-verdict-${code}`, { arm: arm ?? "", days: days ?? 0 });
  return [said, ...reasons.map((reason) => `  ${reasonText(reason, words)}`)];
}

function healthLines({ people, health }: ExperimentReport, words: Speaker): readonly string[] {
  const arms = people.map(({ arm, weight, assigned, exposed }) =>
    words.say("experiment.say-people", {
      arm,
      weight: percentText(weight / 10_000, words),
      assigned: numberText(assigned, words),
      exposed: numberText(exposed, words),
    }),
  );
  return [...arms, ...health.map((check) => checkLine(check, words))];
}

function checkLine({ check, state, about, p, share }: HealthCheck, words: Speaker): string {
  const detail = p !== null ? `p = ${pText(p).replace("< ", "<")}` : share === null ? "" : percentText(share, words);
  const name = words.say(`experiment.say-check-${check}`, { about });
  return `  ${words.say(`experiment.say-state-${state}`)}  ${name}${detail === "" ? "" : `  (${detail})`}`;
}

const headsOf = (words: Speaker): readonly string[] =>
  (["metric", "arm", "people", "value", "lift", "interval", "p", "note"] as const).map((head) =>
    words.say(`experiment.say-head-${head}`),
  );

function rowsOf({ metric, baseline, arms }: MetricReport, words: Speaker): readonly (readonly string[])[] {
  const cellsWith = (figure: ArmFigure | null): readonly [string, string] =>
    figure === null
      ? ["0", "—"]
      : [
          numberText(figure.n, words),
          metric.kind === "proportion" ? percentText(figure.mean, words) : numberText(figure.mean, words, 3),
        ];
  const role = words.say(`experiment.say-role-${metric.role}`);
  return [
    [`${metric.key} (${role})`, baseline?.arm ?? "", ...cellsWith(baseline), "", "", "", ""],
    ...arms.map(({ arm, figure, finding }) => {
      const row = ["", arm, ...cellsWith(figure)];
      if (finding === null) return [...row, "", "", "", words.say("experiment.say-hidden")];
      if (typeof finding === "string") return [...row, "", "", "", words.say(`experiment.say-${finding}`)];
      return [...row, ...findingCells(finding, words)];
    }),
  ];
}

function findingCells(finding: Finding, words: Speaker): readonly string[] {
  const { lift, scale, corrected, p, chanceToWin, notes, uncappedLift, yearly, state } = finding;
  const size = (value: number): string =>
    scale === "days"
      ? words.say("experiment.say-days", { days: numberText(value, words, 1) })
      : percentText(value, words, "always");
  const [low, high] = corrected.interval;
  const said = [
    words.say(`experiment.say-finding-${state}`),
    ...notes.map((note) => words.say(`experiment.say-note-${note}`)),
    ...(uncappedLift === null ? [] : [words.say("experiment.say-uncapped", { lift: size(uncappedLift) })]),
    ...(yearly === null
      ? []
      : [words.say("experiment.say-yearly", { amount: moneyText(yearly.amount, words.locale) })]),
  ];
  const chance =
    chanceToWin === null
      ? pText(corrected.p)
      : words.say("experiment.say-chance", { chance: percentText(chanceToWin, words) });
  const isCorrected = p !== null && corrected.p !== p;
  return [
    size(lift),
    `${size(low)} … ${size(high)}`,
    isCorrected ? words.say("experiment.say-corrected", { p: chance }) : chance,
    said.join(words.locale === "en" ? ", " : "，"),
  ];
}
