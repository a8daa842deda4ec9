import { canonicalHash } from "../model/json";
import type { MarketPack } from "../model/market-pack";
import type { QaStep, QaStepFinding, QaStepVerdict } from "../ports/qa-step";
import { checkText } from "./check-text";

const VERDICTS = ["pass", "review", "block"] as const;

/** The word lists of a market as a step: the worst verdict of all of them, every finding with its place. */
export function textCheckStep({ lexicons }: Pick<MarketPack, "lexicons">): QaStep {
  const modelVersion = `lexicons-${canonicalHash(lexicons).slice(0, 16)}`;
  return {
    id: "text-check",
    evaluate: async ({ subject, text }) => {
      const said = subject === null ? text : `${subject}\n${text}`;
      const checked = Object.values(lexicons).map((lexicon) => checkText(said, lexicon));
      const worst = Math.max(0, ...checked.map(({ verdict }) => VERDICTS.indexOf(verdict)));
      const findings = checked.flatMap(({ findings: own }) =>
        own.map(
          ({ category, severity, word, start, end }): QaStepFinding => ({
            rule: category,
            severity,
            span: { start, end },
            evidence: word,
          }),
        ),
      );
      return { verdict: VERDICTS[worst] ?? "block", score: null, findings, modelVersion } satisfies QaStepVerdict;
    },
  };
}
