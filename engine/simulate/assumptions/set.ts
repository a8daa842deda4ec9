import { z } from "zod";
import { ChannelModelsSchema } from "../../channels/respond";
import { DeskModelSchema } from "../../desk/assumptions";
import { CHANNELS } from "../../model/content";
import { type Issue, issue } from "../../model/issue";
import { canonicalHash } from "../../model/json";
import { LocalTextSchema } from "../../model/locale";
import { err, ok, type Result } from "../../model/result";
import { isLocalTime } from "../../model/time";

const ShareSchema = z.number().min(0).max(1);
/** A factor on a share or a weight; ten times the average is no mood any more but another person. */
const FactorSchema = z.number().min(0).max(10);
/** Per day. Above this a debtor would pay several times a day. */
const IntensitySchema = z.number().min(0).max(5);
const LocalTimeSchema = z.string().refine(isLocalTime, { error: "local-time" });
/** One number per band of days past due. */
const BANDS_MAX = 24;
const perBand = (value: z.ZodNumber) => z.array(value).min(1).max(BANDS_MAX);
const DaysSchema = z.strictObject({ least: z.int().min(0).max(60), most: z.int().min(0).max(60) });
/** At most a month. */
const HoursSchema = z.strictObject({ least: z.int().min(1).max(720), most: z.int().min(1).max(720) });
/** Whole shape numbers of a Beta: drawn exactly as an order statistic, so small. */
const ShapeSchema = z.int().min(1).max(8);
/** Results per channel that may have an effect. */
const CODES_MAX = 40;

const SegmentSchema = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  title: LocalTextSchema,
  /** Share of the people of each band; the shares of all segments sum to 1. */
  mix: perBand(ShareSchema),
  /** Factors: on payments of own accord, on the effect of contacts (and by channel), on payments that clear, on promises kept. */
  rate: FactorSchema,
  gain: FactorSchema,
  gainByChannel: z.partialRecord(z.enum(CHANNELS), FactorSchema),
  clears: FactorSchema,
  kept: FactorSchema,
  /** Factors on the funnel of a contact. */
  reached: FactorSchema,
  rightParty: FactorSchema,
  promised: FactorSchema,
  complaint: FactorSchema,
  optOut: FactorSchema,
});

const RepaymentSchema = z.strictObject({
  bands: z
    .array(
      z.strictObject({
        /** Last day past due the band covers; null = every later one. */
        upToDpd: z.int().min(-400).max(10_000).nullable(),
        /** Base intensity of payments of own accord, per day, of a person whose segment has rate 1. */
        lambdaInf: IntensitySchema,
        /** Share of payments that are exactly what is overdue. */
        clears: ShareSchema,
      }),
    )
    .min(1)
    .max(BANDS_MAX),
  kappa: z.number().min(0.01).max(5),
  delta10: IntensitySchema,
  delta11: IntensitySchema,
  /** The share of the balance that a part payment is: `least` + (1 - `least`) Beta(a, b). */
  part: z.strictObject({ least: ShareSchema, a: ShapeSchema, b: ShapeSchema }),
  payingHours: z.strictObject({ from: LocalTimeSchema, to: LocalTimeSchema }),
});

const ContactSchema = z.strictObject({
  /** Factors per contact of the last seven days, all channels together. */
  fatigue: z.strictObject({ reached: z.number().min(0).max(1), complaint: FactorSchema, optOut: FactorSchema }),
  /** Factor on being reached by the hour of the day, in the order of time; the last ends at 24:00. */
  hours: z
    .array(z.strictObject({ until: z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/), reached: FactorSchema }))
    .min(1)
    .max(48),
  /** Jump of the intensity (per day) by what the contact came to, one number per band. */
  delta2: z.partialRecord(
    z.enum(CHANNELS),
    z.record(z.string().max(8), perBand(IntensitySchema)).refine((codes) => Object.keys(codes).length <= CODES_MAX),
  ),
  promise: z.strictObject({
    /** Chance that a promise is kept, one number per band. */
    kept: z.partialRecord(z.enum(CHANNELS), perBand(ShareSchema)),
    /** Days from the promise to the payment. */
    days: DaysSchema,
    /** Of those who promise, so many name a date earlier than the day they would pay on, by so many days. */
    lateShare: ShareSchema,
    lateDays: DaysSchema,
  }),
  /** Hours until somebody who asks to be called again wants it to be. */
  callBackHours: HoursSchema,
});

/** What can be done in a day; null = no bound. What does not fit waits for the next day. */
const CapacitySchema = z.strictObject({
  agents: z.number().min(0).max(100_000).nullable(),
  agentHoursPerDay: z.number().min(0.1).max(24),
  robotLines: z.number().min(0).max(100_000).nullable(),
  robotHoursPerDay: z.number().min(0.1).max(24),
  smsBudgetMinor: z.int().min(0).max(1e12).nullable(),
});

const AssumptionSetSchema = z
  .strictObject({
    format: z.literal(1),
    key: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    version: z.string().min(1).max(40),
    /** `assumption`: nobody measured it. `calibrated`: fitted to a history, as `calibration` tells. */
    label: z.enum(["assumption", "calibrated"]),
    title: LocalTextSchema,
    note: LocalTextSchema,
    repayment: RepaymentSchema,
    segments: z.array(SegmentSchema).min(1).max(12),
    contact: ContactSchema,
    capacity: CapacitySchema,
    /** How contacts are answered, by channel, and how desks, agencies and courts work. */
    channels: ChannelModelsSchema,
    desk: DeskModelSchema,
  })
  .superRefine((set, refusal) => {
    for (const { path, problem } of contradictions(set)) refusal.addIssue({ code: "custom", path, message: problem });
  });

export type AssumptionSet = z.output<typeof AssumptionSetSchema>;
export type Segment = AssumptionSet["segments"][number];

type Contradiction = { readonly path: (string | number)[]; readonly problem: string };
const SUM_TOLERANCE = 1e-6;

function contradictions({ repayment, segments, contact }: Omit<AssumptionSet, "channels" | "desk">): Contradiction[] {
  const found: Contradiction[] = [];
  const { bands, kappa, delta10, delta11 } = repayment;
  const says = (problem: string, ...path: (string | number)[]) => found.push({ path, problem });
  bands.forEach(({ upToDpd }, index) => {
    const isLast = index === bands.length - 1;
    const before = bands[index - 1]?.upToDpd ?? Number.NEGATIVE_INFINITY;
    if (isLast !== (upToDpd === null) || (upToDpd !== null && upToDpd <= before)) {
      says("band-order", "repayment", "bands", index, "upToDpd");
    }
  });
  // With one payment sending one more on average the process would never end.
  if (delta10 + delta11 >= kappa) says("explosive", "repayment", "kappa");
  const fits = (numbers: readonly number[], ...path: (string | number)[]) => {
    if (numbers.length !== bands.length) says("band-count", ...path);
  };
  segments.forEach(({ mix }, index) => {
    fits(mix, "segments", index, "mix");
  });
  if (new Set(segments.map(({ key }) => key)).size !== segments.length) says("segment-twice", "segments");
  bands.forEach((_, band) => {
    const sum = segments.reduce((total, { mix }) => total + (mix[band] ?? 0), 0);
    if (Math.abs(sum - 1) > SUM_TOLERANCE) says("mix-sum", "segments", 0, "mix", band);
  });
  for (const [channel, codes] of Object.entries(contact.delta2)) {
    for (const [code, numbers] of Object.entries(codes ?? {})) fits(numbers, "contact", "delta2", channel, code);
  }
  for (const [channel, numbers] of Object.entries(contact.promise.kept)) {
    if (numbers !== undefined) fits(numbers, "contact", "promise", "kept", channel);
  }
  for (const [name, { least, most }] of [
    ["days", contact.promise.days],
    ["lateDays", contact.promise.lateDays],
  ] as const) {
    if (most < least) says("span-order", "contact", "promise", name);
  }
  if (contact.callBackHours.most < contact.callBackHours.least) says("span-order", "contact", "callBackHours");
  const ends = contact.hours.map(({ until }) => until);
  if (ends.at(-1) !== "24:00" || ends.some((until, index) => index > 0 && until <= (ends[index - 1] ?? ""))) {
    says("hours-order", "contact", "hours");
  }
  if (repayment.payingHours.to <= repayment.payingHours.from) says("span-order", "repayment", "payingHours");
  return found;
}

/** Most problems one reading tells; a file with more is another kind of file. */
const PROBLEMS_MAX = 50;

/** A set read from JSON. Issues: `simulation.assumptions`, with the path and what was found there. */
export function readAssumptions(value: unknown): Result<AssumptionSet, readonly Issue[]> {
  const parsed = AssumptionSetSchema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err(
    parsed.error.issues.slice(0, PROBLEMS_MAX).map((found) => {
      const path = found.path.map(String).join(".");
      const problem = found.code === "custom" ? found.message : found.code;
      return issue("simulation.assumptions", { path }, { at: path, problem });
    }),
  );
}

/** A set named in results: its key, its version, whether anybody measured it, and the hash of every number in it. */
export type AssumptionMark = {
  readonly key: string;
  readonly version: string;
  readonly label: AssumptionSet["label"];
  readonly hash: string;
};

export function markOf(set: AssumptionSet): AssumptionMark {
  const { key, version, label } = set;
  return { key, version, label, hash: canonicalHash(set) };
}
