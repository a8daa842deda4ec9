import { type EngineEvent, EVENT_TYPES } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import type { Program, ProgramStep, RuleSet, StepSpec, WatchSpec } from "../../model/program";
import { type Block, type Pool, type Way, wayOf } from "./pool";
import { FLOATS, INTS } from "./registers";
import { type RuleSource, ruleSource } from "./rule-source";
import type { DecisionSite, EffectSite } from "./sink";

/** What a step is written from, and into. */
export type StepWriting = {
  readonly program: Pick<Program, "ruleSets">;
  readonly step: ProgramStep;
  readonly pool: Pool;
  readonly block: Block;
};

export type SpecOf<TKind extends StepSpec["kind"]> = Extract<StepSpec, { readonly kind: TKind }>;

/**
 * What happens when a step is entered and when an event finds it, as statements within a `switch` labelled `act`. They see the
 * enrollment in the locals of `STATE`, leave the place of the step to go on to in `next`, and `break act`.
 */
export type StepSource = { readonly enter: string; readonly receive: string };

/** Values of `next` that are no step. */
export const NEXT = { stays: -1, notAwaited: -2 } as const;
export const STAY = goTo(NEXT.stays);
export const NOT_AWAITED = goTo(NEXT.notAwaited);

export function goTo(next: number): string {
  return `next = ${next}; break act;`;
}

/**
 * The enrollment in locals, and how it gets into them and back into its row; `now`, `horizon` and `facts` are the call's own. The
 * counts of the sink go on from the group before, or begin.
 */
export const STATE = {
  load: `const i = row * 6, f = row * 3, now = Q.nowMs, facts = Q.facts, horizon = F[f + ${FLOATS.startedAt}] + H;
let node = I[i + ${INTS.node}], seq = I[i + ${INTS.stepSeq}], attempt = I[i + ${INTS.attempt}], pending = I[i + ${INTS.pending}];
let enteredAt = F[f + ${FLOATS.enteredAt}], wakeAt = F[f + ${FLOATS.wakeAt}];
`,
  begin: "let dn = 0, en = 0, vn = 0, entered = 0;",
  goOn: "let dn = S.decisionInts, en = S.effectInts, vn = S.valueCount, entered = S.entered;",
  save: `I[i + ${INTS.node}] = node; I[i + ${INTS.stepSeq}] = seq; I[i + ${INTS.attempt}] = attempt; I[i + ${INTS.pending}] = pending;
F[f + ${FLOATS.enteredAt}] = enteredAt; F[f + ${FLOATS.wakeAt}] = wakeAt;
S.decisionInts = dn; S.effectInts = en; S.valueCount = vn;`,
} as const;

export function way(writing: StepWriting, handle: string): Way {
  return wayOf(writing.step, handle, writing.pool);
}

export function eventNumber(type: EngineEvent["type"]): number {
  return EVENT_TYPES.indexOf(type);
}

/** Number of a status in a row: its place in ENROLLMENT_STATUSES. */
export const STATUS = { active: 0, exited: 3, faulted: 4 } as const;

export type Recorded = Pick<Exclude<DecisionSite, "made">, "code"> &
  Partial<Omit<Exclude<DecisionSite, "made">, "code" | "handle">>;

/** Writes down a decision at the present step. */
export function record(pool: Pool, recorded: Recorded, handle: string | null = null): string {
  return recordAt(pool.decision({ handle, detail: null, facts: null, ...recorded }));
}

/** Writes down the decision of a site; an expression gives its place. */
export function recordAt(site: number | string): string {
  return `D[dn] = ${site}; D[dn + 1] = seq; D[dn + 2] = node; dn += 3;`;
}

export function emit(pool: Pool, site: EffectSite, notAfterMs = "0"): string {
  return emitAt(pool.effect(site), notAfterMs);
}

export function emitAt(site: number, notAfterMs = "0"): string {
  return `N[en >> 2] = ${notAfterMs}; W[en] = ${site}; W[en + 1] = seq; W[en + 2] = node; W[en + 3] = attempt; en += 4;`;
}

/** Keeps a text for the decision that is recorded next with the detail `said`. */
export function say(text: string): string {
  return `T[S.saidCount] = ${text}; S.saidCount += 1; S.queued = true;`;
}

/** Writes down a decision and leaves by its handle. */
export function leaveBy({ handle, node }: Way, recorded: Recorded, writing: Pick<StepWriting, "pool">): string {
  return `${record(writing.pool, recorded, handle)} ${goTo(node)}`;
}

/** The enrollment ends; an exit's place. */
export function end(exit: number): string {
  return `I[i + ${INTS.status}] = ${STATUS.exited}; I[i + ${INTS.exit}] = ${exit}; wakeAt = NaN;`;
}

export function ruleSetOf({ program }: Pick<StepWriting, "program">, id: string): RuleSet {
  const ruleSet = Object.hasOwn(program.ruleSets, id) ? program.ruleSets[id] : undefined;
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: id });
  return ruleSet;
}

export function rulesOf(writing: StepWriting, id: string): RuleSource {
  return ruleSource(ruleSetOf(writing, id), writing.block);
}

export type WatchSource = {
  /** Whether the watch looks when such an event comes. */
  readonly awaits: (type: EngineEvent["type"]) => boolean;
  /** Looks; the statements given run when the step is kept. */
  readonly look: (whenKept: string) => string;
};

/** A look at the watched rule: only when it holds does the step go; unknown is no reason to call anything back. */
export function watchSource(watch: WatchSpec, writing: StepWriting): WatchSource {
  const { read, keep, facts, rules } = rulesOf(writing, watch.ruleSet);
  const holdsWay = way(writing, watch.holds);
  const asked = rules.map(({ rule, holds }) => {
    const left = leaveBy(holdsWay, { code: "watch-holds", detail: { text: rule }, facts }, writing);
    return `if (${holds}) { ${left} }`;
  });
  const checked = record(writing.pool, { code: "watch-checked", facts });
  return {
    awaits: (type) => watch.events.some((event) => event === type),
    look: (whenKept) => [read, keep, ...asked, checked, whenKept, STAY].join("\n"),
  };
}

export function missingUnknown(): string {
  return `throw broken("program.unknown-handle-missing", node);`;
}
