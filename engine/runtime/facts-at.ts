import { catalogueOfSettings } from "../condition/catalogue";
import { countOf } from "../model/counters";
import { counterFact, type Facts } from "../model/facts";
import type { MarketPack } from "../model/market-pack";
import type { Program } from "../model/program";
import type { EpochMs } from "../model/time";
import { factsOf } from "../portfolio/facts";
import type { AccountSnapshot, TurnSnapshot } from "../ports/account-snapshot";

export type FactsSource = {
  readonly snapshot: TurnSnapshot;
  /** Null before the account has come in. */
  readonly startedAtMs: EpochMs | null;
};
/** What of a strategy decides which facts there are. */
export type FactsProgram = Pick<Program, "steps" | "counters"> & {
  readonly settings: Pick<Program["settings"], "fields" | "variables" | "timeZone">;
};
export type FactsView = {
  readonly version: { readonly program: FactsProgram };
  readonly pack: MarketPack;
  readonly nowMs: EpochMs;
};

/** The facts one turn decides on: one snapshot, so that every rule of the turn sees the same account. */
export function factsAt({ snapshot, startedAtMs }: FactsSource, { version, pack, nowMs }: FactsView): Facts {
  const { program } = version;
  const input = {
    account: snapshot.account,
    fields: catalogueOfSettings(pack.fields, program.settings),
    ledger: { paidMinor: snapshot.paidMinor },
    counters: { contacts7d: snapshot.contacts7d, conversations7d: snapshot.conversations7d },
    otherAccounts: snapshot.otherAccounts,
    arms: armsIn(program, snapshot.arms),
    startedAtMs,
    promise: snapshot.promise,
    plan: snapshot.plan,
    counts: countsIn(program, snapshot.periods),
  };
  return factsOf(input, nowMs, program.settings.timeZone);
}

/** Arms of the phases this Program runs; an arm of an earlier phase is none in this one. */
function armsIn(program: FactsProgram, arms: AccountSnapshot["arms"]): { readonly [experimentKey: string]: string } {
  const splits = splitsOf(program);
  if (splits.length === 0) return NO_ARMS;
  const own: { [experimentKey: string]: string } = {};
  for (const { experimentKey, phase } of splits) {
    const arm = arms[`${experimentKey}:${phase}`];
    if (arm !== undefined) own[experimentKey] = arm;
  }
  return own;
}

const NO_ARMS = {};
type Split = { readonly experimentKey: string; readonly phase: number };
const splitsKnown = new WeakMap<FactsProgram, readonly Split[]>();

/** Experiments of a Program, found once: a strategy may have a hundred steps, and facts are made for every account. */
function splitsOf(program: FactsProgram): readonly Split[] {
  const known = splitsKnown.get(program);
  if (known !== undefined) return known;
  const found = Object.values(program.steps).flatMap(({ spec }) => (spec.kind === "split" ? [spec] : []));
  splitsKnown.set(program, found);
  return found;
}

/** The counters the strategy asks for, as far as the snapshot holds their periods; others are unknown. */
function countsIn(program: FactsProgram, periods: AccountSnapshot["periods"]): { readonly [fact: string]: number } {
  const counts: { [fact: string]: number } = {};
  for (const counter of program.counters ?? []) {
    const counted = periods[counter.days];
    if (counted !== undefined) counts[counterFact(counter)] = countOf(counter.metric, counted);
  }
  return counts;
}
