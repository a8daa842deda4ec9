import { CircleCheck, CircleX, Footprints, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import {
  coverStrategy,
  drawnPlace,
  handleText,
  inLocale,
  issueText,
  type MarketPack,
  type Program,
  parseInstant,
  runScenario,
  type Scenario,
  STRATEGY_LIMITS,
  type StrategyDoc,
  scenarioIssueTexts,
  type testedWays,
  type Walk,
} from "#engine";
import { viewOf } from "../commands/step-view";
import { IconButton } from "../controls/icon-button";
import { useDesigner, useDesignerContext, useText, useWords } from "../store/context";
import { useStepTitle } from "./walk-parts";

type Tested = ReturnType<typeof testedWays>;

/** The strategy's own tests, run with every change, and what they cover. */
export function WalkTests({
  doc,
  pack,
  program,
  tested,
  covering,
  onCovering,
  onTests,
  onWalk,
}: {
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly program: Program;
  readonly tested: Tested | null;
  readonly covering: boolean;
  readonly onCovering: (covering: boolean) => void;
  readonly onTests: (tests: StrategyDoc["tests"]) => void;
  readonly onWalk: (walk: Walk, name: string) => void;
}) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const runs = useMemo(
    () => doc.tests.map((scenario) => ({ scenario, problems: runScenario(program, scenario).problems })),
    [doc.tests, program],
  );
  const passed = runs.filter(({ problems }) => problems.length === 0).length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="dz-walk-scroll dz-walk-tests" tabIndex={0}>
      {runs.length === 0 ? (
        <p className="dz-hint">{text("walk.tests-none")}</p>
      ) : (
        <p role="status" data-all={passed === runs.length} className="dz-walk-sum">
          {text("walk.run", { passed, count: runs.length })}
        </p>
      )}
      <ul>
        {runs.map(({ scenario, problems }) => {
          const name = inLocale(scenario.name, locale);
          const Icon = problems.length === 0 ? CircleCheck : CircleX;
          return (
            <li key={scenario.id}>
              <span className="dz-walk-test">
                <Icon
                  size={15}
                  className="dz-truth"
                  data-truth={problems.length === 0 ? "holds" : "fails"}
                  aria-label={text(problems.length === 0 ? "walk.passed" : "walk.failed")}
                />
                <span>{name}</span>
                <IconButton label={`${text("walk.walk-this")}: ${name}`} onClick={() => onWalk(walkOf(scenario), name)}>
                  <Footprints size={14} aria-hidden />
                </IconButton>
                <IconButton
                  label={`${text("walk.remove-test")}: ${name}`}
                  onClick={() => onTests(doc.tests.filter(({ id }) => id !== scenario.id))}
                >
                  <Trash2 size={14} aria-hidden />
                </IconButton>
              </span>
              {problems.slice(0, 3).map((problem) => (
                <p key={`${problem.code} ${problem.path}`} className="dz-walk-problem">
                  {issueText(problem, locale, [scenarioIssueTexts])}
                </p>
              ))}
            </li>
          );
        })}
      </ul>
      {tested !== null && (
        <Coverage
          doc={doc}
          tested={tested}
          covering={covering}
          onCovering={onCovering}
          make={() => coverStrategy(doc, program, pack)}
          onTests={onTests}
        />
      )}
    </div>
  );
}

function walkOf({ startAt, party, facts, events }: Scenario): Walk {
  return { startMs: parseInstant(startAt) ?? 0, party, facts, events };
}

function Coverage({
  doc,
  tested,
  covering,
  onCovering,
  make,
  onTests,
}: {
  readonly doc: StrategyDoc;
  readonly tested: Tested;
  readonly covering: boolean;
  readonly onCovering: (covering: boolean) => void;
  readonly make: () => ReturnType<typeof coverStrategy>;
  readonly onTests: (tests: StrategyDoc["tests"]) => void;
}) {
  const text = useText();
  const titleOf = useStepTitle(doc);
  const words = useWords();
  const { store } = useDesignerContext();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ readonly count: number; readonly rest: number } | null>(null);
  const { covered, untested } = tested;
  const wayName = (step: string, handle: string): string => {
    const node = drawnPlace(doc, step)?.node;
    const view = node === undefined ? undefined : viewOf(node);
    const way = view?.handles.find(({ id }) => id === handle);
    return view?.definition === undefined || way === undefined ? handle : handleText(view.definition, way, words);
  };
  const begin = (): void => {
    setMaking(true);
    // The word is shown before the search begins: it takes the thread for as long as it lasts.
    requestAnimationFrame(() =>
      setTimeout(() => {
        const { added, uncovered } = make();
        const room = Math.max(0, STRATEGY_LIMITS.tests - doc.tests.length);
        const kept = added.slice(0, room);
        setMaking(false);
        setMade({ count: kept.length, rest: uncovered.length + added.length - kept.length });
        if (kept.length > 0) onTests([...doc.tests, ...kept]);
      }),
    );
  };
  return (
    <section className="dz-walk-coverage" aria-label={text("walk.coverage")}>
      <h3>{text("walk.coverage")}</h3>
      <p>{text("walk.coverage-sum", { covered: covered.length, count: covered.length + untested.length })}</p>
      <meter min={0} max={covered.length + untested.length} value={covered.length} aria-label={text("walk.coverage")} />
      <label className="dz-walk-check">
        <input type="checkbox" checked={covering} onChange={(event) => onCovering(event.target.checked)} />
        {text("walk.coverage-show")}
      </label>
      {untested.length === 0 ? (
        <p className="dz-hint">{text("walk.all-tested")}</p>
      ) : (
        <>
          <button type="button" className="dz-walk-time" disabled={making} onClick={begin}>
            {text(making ? "walk.making" : "walk.make-tests")}
          </button>
          <h4>{text("walk.untested")}</h4>
          <ul>
            {untested.map(({ step, handle }) => (
              <li key={`${step} ${handle}`}>
                <button type="button" onClick={() => store.getState().select({ nodes: [step] })}>
                  {titleOf(step)} · {wayName(step, handle)}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <p role="status">{made === null ? "" : text("walk.made", made)}</p>
    </section>
  );
}
