import type { AsyncExecutor, EngineEvent, EnrollmentState, StepContext, SyncExecutor } from "../model/execution";
import { InvariantError } from "../model/invariant";
import { instantAt } from "../model/time";
import { linkFast } from "../run/fast";
import { linkReference } from "../run/reference";
import { baseAssumptions } from "./assumptions/presets";
import { type AssumptionSet, markOf } from "./assumptions/set";
import { type CapacityPlan, plannedPasses } from "./capacity/plan";
import type { ExecutorCall } from "./executor-call";
import { checkSimulation, type SimulationInput, spanOf } from "./input";
import { partiesOf } from "./partition";
import { beginParty, endParty, happen, heard, nextHappening } from "./party-run";
import type { ContactObserver, PartyRun, RunSetting } from "./party-state";
import { mergeResults, type SimulationFrame, type SimulationPart, type SimulationResult } from "./result";
import { newTally, partOf, type Tally } from "./tally";

/**
 * Runs a Program over accounts on a virtual clock with the compiled executor. Policy, text check and texts are the live
 * functions; answers and payments are seeded assumptions. The same input gives the same bytes, however it is dealt to threads
 * (`partitionByParty`, `simulatePart`, `mergeResults`, `plannedPasses`). Throws InvariantError on an input that `checkSimulation`
 * refuses.
 */
export function simulate(input: SimulationInput): SimulationResult {
  const passes = plannedPasses(assumptionsOf(input));
  let pass = passes.next();
  while (pass.done !== true) pass = passes.next(resultOf(input, [simulatePart(input, { plan: pass.value })]));
  return pass.value;
}

/** The same simulation on the reference executor, which is the definition and much slower. */
export async function simulateOnReference(input: SimulationInput): Promise<SimulationResult> {
  const passes = plannedPasses(assumptionsOf(input));
  let pass = passes.next();
  while (pass.done !== true) {
    pass = passes.next(resultOf(input, [await simulatePartOnReference(input, pass.value)]));
  }
  return pass.value;
}

/** The sums of some parts as the result of the whole `input`. */
export function resultOf(input: SimulationInput, parts: readonly SimulationPart[]): SimulationResult {
  return mergeResults(parts, frameOf(input), markOf(assumptionsOf(input)));
}

/** The set an input is simulated with. */
export function assumptionsOf({ assumptions = baseAssumptions }: SimulationInput): AssumptionSet {
  return assumptions;
}

export type PartOptions = { readonly plan?: CapacityPlan | null; readonly onContact?: ContactObserver };

/** One slice of the people (`input.accounts` and `input.contactPoints` are the slice's) on the compiled executor. */
export function simulatePart(input: SimulationInput, options: PartOptions = {}): SimulationPart {
  const executor = linkFast(input.program);
  const setting = settingOf(input, options);
  const tally = tallyOf(input);
  for (const party of partiesOf(input)) liveAtOnce(beginParty(party, setting, tally), executor);
  return partOf(tally);
}

/** One slice of the people on the reference executor. */
export async function simulatePartOnReference(
  input: SimulationInput,
  plan: CapacityPlan | null = null,
): Promise<SimulationPart> {
  const executor = linkReference(input.program);
  const setting = settingOf(input, { plan });
  const tally = tallyOf(input);
  for (const party of partiesOf(input)) await live(beginParty(party, setting, tally), executor);
  return partOf(tally);
}

function tallyOf({ program, from, days }: SimulationInput): Tally {
  return newTally({ firstMidnightMs: instantAt(program.settings.timeZone, from, 0), days });
}

/** What the parts of one simulation share. */
function frameOf({ program, accounts, from, days, seed }: SimulationInput): SimulationFrame {
  return {
    from,
    days,
    seed,
    programHash: program.hash,
    currency: accounts[0]?.currency ?? program.settings.currency,
    costCurrency: program.settings.currency,
  };
}

const nobodyLooks: ContactObserver = () => undefined;

function settingOf(input: SimulationInput, { plan = null, onContact = nobodyLooks }: PartOptions): RunSetting {
  const { program, pack, seed, locale } = input;
  const [problem] = checkSimulation(input);
  if (problem !== undefined) throw new InvariantError(problem.code);
  return {
    program,
    pack,
    seed,
    locale,
    providerOf: () => "simulated",
    integrations: input.integrations ?? {},
    house: input.house,
    agencies: input.agencies,
    onContact,
    assumptions: assumptionsOf(input),
    capacity: plan,
    ...spanOf(input),
  };
}

function liveAtOnce(party: PartyRun, executor: SyncExecutor): void {
  for (let next = nextHappening(party); next !== null; next = nextHappening(party)) {
    const call = happen(party, next);
    heard(party, next, call === null ? null : asked(executor, call));
  }
  endParty(party);
}

async function live(party: PartyRun, executor: AsyncExecutor): Promise<void> {
  for (let next = nextHappening(party); next !== null; next = nextHappening(party)) {
    const call = happen(party, next);
    heard(party, next, call === null ? null : await asked(executor, call));
  }
  endParty(party);
}

/** Either executor may answer, at once or later. */
function asked<TOutcome>(
  executor: {
    readonly start: (context: StepContext) => TOutcome;
    readonly send: (state: EnrollmentState, event: EngineEvent, context: StepContext) => TOutcome;
  },
  call: ExecutorCall,
): TOutcome {
  return call.kind === "start" ? executor.start(call.context) : executor.send(call.state, call.event, call.context);
}
