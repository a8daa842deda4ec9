import { z } from "zod";
import { responseAssumptions } from "../../channels/respond";
import { deskAssumptions } from "../../desk/assumptions";
import { InvariantError } from "../../model/invariant";
import { LocalTextSchema } from "../../model/locale";
import behaviour from "./behaviour.json";
import presets from "./presets.json";
import { type AssumptionSet, readAssumptions } from "./set";

export const PRESETS = ["low", "base", "high"] as const;
export type Preset = (typeof PRESETS)[number];

const FactorSchema = z.number().positive().max(4);
const PresetSchema = z.strictObject({
  title: LocalTextSchema,
  note: LocalTextSchema,
  /** `work`: chance that work of a desk, an agency or a court brings money. */
  factors: z.strictObject({
    lambdaInf: FactorSchema,
    clears: FactorSchema,
    gain: FactorSchema,
    kept: FactorSchema,
    reached: FactorSchema,
    rightParty: FactorSchema,
    promised: FactorSchema,
    complaint: FactorSchema,
    optOut: FactorSchema,
    work: FactorSchema,
  }),
});
const turns = z.strictObject({ low: PresetSchema, high: PresetSchema }).parse(presets);
/** Of the numbers of a turned set: it is to be read by people. */
const DIGITS = 4;
type Factors = z.output<typeof PresetSchema>["factors"];

/** The set everything is simulated with unless somebody says otherwise; the simulated people of the live demo are these. */
export const baseAssumptions: AssumptionSet = madeOf(behaviour);

const made: { readonly [preset in Preset]: AssumptionSet } = {
  low: turned("low"),
  base: baseAssumptions,
  high: turned("high"),
};

/** A shipped set. `low` and `high` are the base with the factors of `presets.json`; every number is an assumption. */
export function presetOf(preset: Preset): AssumptionSet {
  return made[preset];
}

function madeOf(given: object): AssumptionSet {
  const { source: _source, version: _version, note: _note, ...desk } = deskAssumptions;
  const read = readAssumptions({ channels: responseAssumptions.channels, desk, ...given });
  if (!read.ok) throw new InvariantError("simulate.preset-broken", read.error[0]?.params ?? {});
  return read.value;
}

function turned(preset: "low" | "high"): AssumptionSet {
  const { title, note, factors } = turns[preset];
  const { repayment, segments, contact, desk } = baseAssumptions;
  return madeOf({
    ...baseAssumptions,
    key: preset,
    title,
    note,
    repayment: {
      ...repayment,
      bands: repayment.bands.map((band) => ({
        ...band,
        lambdaInf: rounded(band.lambdaInf * factors.lambdaInf),
        clears: share(band.clears * factors.clears),
      })),
    },
    segments: segments.map((segment) => ({ ...segment, ...turnedSegment(segment, factors) })),
    contact: { ...contact, promise: { ...contact.promise, kept: turnedKept(contact.promise.kept, factors) } },
    desk: { ...desk, tasks: turnedWork(desk.tasks, factors) },
  });
}

function turnedSegment(segment: AssumptionSet["segments"][number], factors: Factors) {
  const { gain, gainByChannel, reached, rightParty, promised, complaint, optOut } = segment;
  return {
    gain: rounded(gain * factors.gain),
    gainByChannel: Object.fromEntries(
      Object.entries(gainByChannel).map(([channel, own]) => [channel, rounded((own ?? 1) * factors.gain)]),
    ),
    reached: rounded(reached * factors.reached),
    rightParty: rounded(rightParty * factors.rightParty),
    promised: rounded(promised * factors.promised),
    complaint: rounded(complaint * factors.complaint),
    optOut: rounded(optOut * factors.optOut),
  };
}

function turnedKept(kept: AssumptionSet["contact"]["promise"]["kept"], factors: Factors) {
  return Object.fromEntries(
    Object.entries(kept).map(([channel, shares]) => [channel, (shares ?? []).map((own) => share(own * factors.kept))]),
  );
}

function turnedWork(tasks: AssumptionSet["desk"]["tasks"], factors: Factors) {
  return Object.fromEntries(
    Object.entries(tasks).map(([kind, task]) => [
      kind,
      { ...task, bands: task.bands.map((band) => ({ ...band, pays: share(band.pays * factors.work) })) },
    ]),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function share(value: number): number {
  return Math.min(1, rounded(value));
}
