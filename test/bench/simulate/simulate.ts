import { parseArgs } from "node:util";
import { InvariantError } from "#engine/model/invariant";
import { marketPack } from "#engine/packs/index";
import { SYNTHETIC_ACCOUNTS_MAX, synthesisePortfolio } from "#engine/portfolio/synthesise";
import type { SimulationInput } from "#engine/simulate/input";
import type { SimulationResult } from "#engine/simulate/result";
import { simulate } from "#engine/simulate/simulate";
import { simulateInThreads, THREADS_MAX } from "../../../app/_server/simulation/threads";
import { collectGarbage } from "../garbage";
import { type HandResult, runByHand } from "./hand-loop";
import { plainProgram } from "./plain-strategy";

const ACCOUNTS_DEFAULT = 10_000;
const DAYS_DEFAULT = 90;
const FROM = "2026-03-01";
const SEED = 7;
/** Best of so many: the first also warms the machine up. Large runs are long enough to be measured once. */
const ROUNDS = 3;
const ONE_ROUND_FROM = 100_000;
const MEGABYTE = 1024 * 1024;

export type SimulateBench = {
  readonly accounts: number;
  readonly days: number;
  readonly steps: number;
  /** Best round, wall clock; everything of a simulation but making the accounts. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly threads: number;
  /** The same strategy written as a loop, with the same results: best round, processor time, one thread. */
  readonly handLoopSeconds: number;
  /** Processor time of the simulator on one thread over that of the hand loop, rounds of both taken in turn. */
  readonly overHandLoop: number;
  /** Processor time of the simulator on one thread. */
  readonly processorSeconds: number;
  /** Most memory the process held, all threads together. */
  readonly peakMb: number;
  readonly traceHash: string;
};

/** `[--accounts N] [--days N] [--threads N]`: the full behaviour model over a synthetic portfolio. Throws when results differ. */
export async function benchSimulate(args: readonly string[]): Promise<SimulateBench> {
  const { accounts: count, days, threads } = optionsOf(args);
  const { accounts, contactPoints } = synthesisePortfolio({ seed: SEED, accounts: count, dataDate: FROM });
  const input: SimulationInput = {
    ...{ program: plainProgram(), pack: marketPack("cn"), accounts, contactPoints, from: FROM, days, seed: SEED },
    locale: "zh-CN",
  };
  const rounds = count >= ONE_ROUND_FROM ? 1 : ROUNDS;
  const own: Timed<SimulationResult>[] = [];
  const byHand: Timed<HandResult>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    byHand.push(timed(() => runByHand(input)));
    own.push(timed(() => simulate(input)));
  }
  const [first] = own;
  const [hand] = byHand;
  if (first === undefined || hand === undefined) throw new InvariantError("bench.no-rounds");
  const result = first.value;
  agree(result, hand.value);
  const seconds =
    threads === 1 ? least(own.map((round) => round.seconds)) : await secondsInThreads(input, { threads, result });
  const processorSeconds = least(own.map((round) => round.processorSeconds));
  const handLoopSeconds = least(byHand.map((round) => round.processorSeconds));
  return {
    accounts: accounts.length,
    days,
    steps: result.steps,
    seconds: rounded(seconds),
    stepsPerSecond: Math.round(result.steps / seconds),
    threads,
    handLoopSeconds: rounded(handLoopSeconds),
    overHandLoop: rounded(processorSeconds / handLoopSeconds),
    processorSeconds: rounded(processorSeconds),
    // Kilobytes on every system Node runs on.
    peakMb: Math.round((process.resourceUsage().maxRSS * 1024) / MEGABYTE),
    traceHash: result.traceHash,
  };
}

function optionsOf(args: readonly string[]) {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args: [...args], options: { accounts: text, days: text, threads: text } });
  const whole = (name: keyof typeof values, fallback: number, maximum: number): number => {
    const value = Number(values[name] ?? fallback);
    if (!Number.isInteger(value) || value < 1 || value > maximum) throw new RangeError(`--${name}: 1 to ${maximum}`);
    return value;
  };
  return {
    accounts: whole("accounts", ACCOUNTS_DEFAULT, SYNTHETIC_ACCOUNTS_MAX),
    days: whole("days", DAYS_DEFAULT, 365),
    threads: whole("threads", 1, THREADS_MAX),
  };
}

type Timed<T> = { readonly value: T; readonly seconds: number; readonly processorSeconds: number };

function timed<T>(run: () => T): Timed<T> {
  collectGarbage();
  const since = process.cpuUsage();
  const sinceMs = performance.now();
  const value = run();
  const { user, system } = process.cpuUsage(since);
  return { value, seconds: (performance.now() - sinceMs) / 1000, processorSeconds: (user + system) / 1_000_000 };
}

async function secondsInThreads(
  input: SimulationInput,
  { threads, result }: { readonly threads: number; readonly result: SimulationResult },
): Promise<number> {
  const sinceMs = performance.now();
  const inThreads = await simulateInThreads({ input, executor: "compiled", threads });
  const seconds = (performance.now() - sinceMs) / 1000;
  if (inThreads.traceHash !== result.traceHash) throw new InvariantError("bench.results-differ", { threads });
  return seconds;
}

/** The hand loop is only a measure if it does the same work. */
function agree(result: SimulationResult, hand: HandResult): void {
  const { sms, robot } = result.contacts;
  const own: HandResult = {
    enrolled: result.enrolled,
    steps: result.steps,
    recoveredMinor: result.recovered.minor,
    costMinor: result.cost.minor,
    sent: sms.sent + robot.sent,
    denied: sms.denied + robot.denied,
    deferred: sms.deferred + robot.deferred,
    cured: result.exits.cured ?? 0,
    handed: result.exits["handed-to-people"] ?? 0,
    held: result.held,
    waiting: result.waiting,
  };
  for (const [member, value] of Object.entries(own)) {
    const other = hand[member as keyof HandResult];
    if (other !== value) throw new InvariantError("bench.results-differ", { member, simulator: value, hand: other });
  }
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
