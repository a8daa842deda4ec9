import { Clock, RotateCcw, StepBack, StepForward } from "lucide-react";
import { exitReasonTexts, type Scenario, scenarioOfWalk } from "#engine";
import { nextId } from "../commands/ids";
import { IconButton } from "../controls/icon-button";
import { useDesigner, useText } from "../store/context";
import { WalkAnswers } from "./walk-answers";
import { WalkFacts } from "./walk-facts";
import { WalkLog } from "./walk-log";
import { useStepTitle, type WalkParts } from "./walk-parts";
import { WalkSave } from "./walk-save";
import { WalkWhy } from "./walk-why";

/** Clock, stepping, what the world answers, why, the account's data and what happened. */
export function WalkPanel({
  title,
  onSave,
  ...parts
}: WalkParts & { readonly title: string; readonly onSave: (scenario: Scenario) => void }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const { doc, walking, words } = parts;
  const { now, told, walk } = walking;
  const titleOf = useStepTitle(doc);
  if (now === null || told === null) return null;
  const end = told.moments.at(-1)?.state;
  const ended =
    end === undefined ? "" : end.exit === null ? titleOf(end.nodeId) : exitReasonTexts[locale][end.exit.reason];
  return (
    <div className="dz-walk-panel">
      <Controls walking={walking} words={words} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="dz-walk-scroll" tabIndex={0}>
        <Standing {...parts} />
        {told.untold > 0 && <p className="dz-walk-untold">{text("walk.untold", { count: told.untold })}</p>}
        <WalkWhy {...parts} />
        <WalkFacts {...parts} />
        <WalkLog {...parts} />
        <WalkSave
          suggestion={text("walk.default-name", { account: title, end: ended })}
          onSave={(name) => {
            const { timeZone } = doc.settings;
            const id = nextId(
              "walk",
              doc.tests.map((test) => test.id),
            );
            onSave(scenarioOfWalk({ walk, told }, { id, name: { [locale]: name }, timeZone }));
          }}
        />
        <p className="dz-hint">{text("walk.keys")}</p>
      </div>
    </div>
  );
}

function Controls({ walking, words }: Pick<WalkParts, "walking" | "words">) {
  const text = useText();
  const { now, act, cursor, frames, told } = walking;
  const state = told?.moments.at(-1)?.state;
  const canGoOn = cursor < frames.length || (state?.status === "active" && state.wakeAtMs !== null);
  return (
    <div className="dz-walk-controls">
      <span className="dz-walk-clock" title={text("walk.clock")}>
        <Clock size={14} aria-hidden />
        <time aria-live="polite">{now === null ? "" : words.instant(now.nowMs)}</time>
      </span>
      <span role="toolbar" aria-label={text("walk.controls")} className="dz-walk-steps">
        <IconButton label={text("walk.reset")} onClick={act.reset}>
          <RotateCcw size={16} aria-hidden />
        </IconButton>
        <IconButton
          label={text("walk.step-back")}
          onClick={act.back}
          disabled={cursor === 0 && walking.walk.events.length === 0}
        >
          <StepBack size={16} aria-hidden />
        </IconButton>
        <button type="button" className="dz-walk-next" onClick={act.next} disabled={!canGoOn}>
          <StepForward size={16} aria-hidden />
          {text("walk.step-on")}
        </button>
      </span>
    </div>
  );
}

/** Where the account stands and what may happen there. */
function Standing(parts: WalkParts) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const { doc, words, walking } = parts;
  const { now, frames, cursor, told, act } = walking;
  const titleOf = useStepTitle(doc);
  const decided = told?.moments.flatMap(({ decisions }) => decisions) ?? [];
  const frame = frames[cursor];
  const leaving = frame === undefined ? undefined : decided[frame.decision];
  if (now === null) return null;
  const { state } = now;
  const at = leaving?.nodeId ?? state.nodeId;
  return (
    <section className="dz-walk-standing" aria-live="polite">
      <h3>{titleOf(at)}</h3>
      {leaving !== undefined && <p>{words.decision(leaving)}</p>}
      {leaving === undefined && state.status === "exited" && state.exit !== null && (
        <p className="dz-walk-left">{text("walk.left", { reason: exitReasonTexts[locale][state.exit.reason] })}</p>
      )}
      {leaving === undefined && state.status === "faulted" && <p className="dz-walk-fault">{text("walk.faulted")}</p>}
      {leaving === undefined && state.status === "active" && (
        <>
          <WalkAnswers {...parts} state={state} />
          {state.wakeAtMs !== null && (
            <button type="button" className="dz-walk-time" onClick={act.next}>
              <Clock size={14} aria-hidden />
              {text("walk.time-on", { time: words.instant(state.wakeAtMs) })}
            </button>
          )}
        </>
      )}
    </section>
  );
}
