import { useText } from "../store/context";
import { useStepTitle, type WalkParts } from "./walk-parts";

/** Every way on that was taken, with its time; choosing one goes back to look at it. */
export function WalkLog({ doc, words, walking }: WalkParts) {
  const text = useText();
  const titleOf = useStepTitle(doc);
  const { told, frames, cursor, act } = walking;
  if (told === null) return null;
  const decisions = told.moments.flatMap((moment) => moment.decisions);
  return (
    <section className="dz-walk-log" aria-label={text("walk.log")}>
      <h3>{text("walk.log")}</h3>
      <ol>
        {frames.map((frame, index) => {
          const decision = decisions[frame.decision];
          if (decision === undefined) return null;
          return (
            <li key={frame.decision} data-taken={index < cursor} aria-current={index === cursor ? "step" : undefined}>
              <button type="button" onClick={() => act.look(index)}>
                <time>{words.instant(decision.atMs)}</time>
                <span>{titleOf(decision.nodeId)}</span>
                <span className="dz-walk-said">{words.decision(decision)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
