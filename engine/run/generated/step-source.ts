import { type EngineEvent, EVENT_TYPES } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import type { Program, ProgramStep, RuleSet, StepSpec, WatchSpec } from "../../model/program";
import { type Block, type Pool, type Way, wayOf } from "./pool";
import { FLOAT_COUNT, FLOATS, INT_COUNT, INTS } from "./registers";
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
 * What happens when a step is entered and when an event finds it, as statements within a block labelled `act`. They see the
 * enrollment in the locals of `STATE` and end in a jump: to the step they go on to, to the end of the call, or out of the block,
 * which is to stay. An event whose statements come to their end was not awaited; a step that is never stayed at awaits none.
 */
export type StepSource = { readonly enter: string; readonly receive: string | null };

/**
 * No step: what a group answers when none of another group is to be entered, and is called with to go on where an enrollment stands.
 */
export const NO_STEP = -1;

export const STAY = "break act;";

/**
 * Goes on to a step. In the order of places a way leads forward, where the step's block stands further down in the source, or back
 * round the loop.
 */
export function goTo(node: number, { step, pool }: Pick<StepWriting, "step" | "pool">): string {
  return node > pool.node(step.id) ? `break B${node};` : `next = ${node}; continue run;`;
}

/**
 * The enrollment in locals, and how it gets into them and back into its row, all but the step it stands at (`STAND`): within the
 * block of a step that is a constant `node`. The counts of the sink go on from the group before, or begin.
 */
export const STATE = {
  load: `const i = row * ${INT_COUNT}, f = row * ${FLOAT_COUNT}, horizon = F[f + ${FLOATS.startedAt}] + H;
let now = Q.nowMs, facts = Q.facts;
let seq = I[i + ${INTS.stepSeq}], attempt = I[i + ${INTS.attempt}], pending = I[i + ${INTS.pending}], lastSeq = S.lastSeq;
let enteredAt = F[f + ${FLOATS.enteredAt}], wakeAt = F[f + ${FLOATS.wakeAt}];
`,
  begin: "let dn = 0, en = 0, vn = 0;",
  goOn: "let dn = S.decisionInts, en = S.effectInts, vn = S.valueCount;",
  /** What does not change while a step is stayed at. */
  saveVisit: `I[i + ${INTS.stepSeq}] = seq; F[f + ${FLOATS.enteredAt}] = enteredAt;`,
  save: `I[i + ${INTS.attempt}] = attempt; I[i + ${INTS.pending}] = pending; F[f + ${FLOATS.wakeAt}] = wakeAt;
S.decisionInts = dn; S.effectInts = en; S.valueCount = vn;`,
} as const;
export const STAND = `I[i + ${INTS.node}] = node;`;

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
  return `N[en >> 2] = ${notAfterMs}; W[en] = ${site}; W[en + 1] = seq; W[en + 2] = attempt; en += 4;`;
}

/** Keeps a text or a number for the decision that is recorded next with the detail `said`. */
export function say(value: string): string {
  return `V[vn] = ${value}; vn += 1;`;
}

/** Writes down a decision and leaves by its handle. */
export function leaveBy(
  { handle, node }: Way,
  recorded: Recorded,
  writing: Pick<StepWriting, "step" | "pool">,
): string {
  return `${record(writing.pool, recorded, handle)} ${goTo(node, writing)}`;
}

/** The enrollment ends at the present step; an exit's place. */
export function end(exit: number): string {
  return `${STAND} I[i + ${INTS.exit}] = ${exit}; ${ENDED} break life;`;
}

/** What every end has in common. */
export const ENDED = `I[i + ${INTS.status}] = ${STATUS.exited}; wakeAt = NaN; next = ${NO_STEP};`;

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
