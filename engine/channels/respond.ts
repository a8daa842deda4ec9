import { z } from "zod";
import { CHANNELS, type Channel } from "../model/content";
import { InvariantError } from "../model/invariant";
import { LocalTextSchema } from "../model/locale";
import { SECOND_MS } from "../model/time";
import { channelOf } from ".";
import responses from "./responses.json";

const ShareSchema = z.number().min(0).max(1);
const WeightsSchema = z.record(z.string(), z.number().positive());
const SecondsSchema = z.strictObject({ least: z.int().min(0), most: z.int().min(0) });
/** Last day past due a band covers; null = every later one. */
const UpToSchema = z.int().nullable();

/** Somebody is reached or not, is the right party or not, promises or not: calls and visits. */
const ConversationSchema = z.strictObject({
  model: z.literal("conversation"),
  /** Each further attempt reaches this much less of those who can be reached at all. */
  reachFactorPerRedial: ShareSchema,
  bands: z.array(
    z.strictObject({ upToDpd: UpToSchema, reached: ShareSchema, rightParty: ShareSchema, promised: ShareSchema }),
  ),
  unreached: WeightsSchema,
  otherParty: WeightsSchema,
  promise: WeightsSchema,
  noPromise: WeightsSchema,
  /** How long it takes; the wait in a queue of people is no part of it. */
  seconds: z.strictObject({
    unreached: SecondsSchema,
    otherParty: SecondsSchema,
    promise: SecondsSchema,
    noPromise: SecondsSchema,
  }),
});
/** It arrives or not, and then something is done with it or not: whatever is written. */
const DeliverySchema = z.strictObject({
  model: z.literal("delivery"),
  bands: z.array(z.strictObject({ upToDpd: UpToSchema, delivered: ShareSchema })),
  arrived: WeightsSchema,
  undelivered: WeightsSchema,
  /** Until each of those answers is known. */
  seconds: z.record(z.string(), SecondsSchema),
});

const ResponsesSchema = z.strictObject({
  source: z.literal("assumption"),
  note: LocalTextSchema,
  channels: z.record(z.enum(CHANNELS), z.discriminatedUnion("model", [ConversationSchema, DeliverySchema])),
});
type Conversation = z.output<typeof ConversationSchema>;
type Delivery = z.output<typeof DeliverySchema>;

/** How simulated people answer. Invented but plausible numbers, labelled as an assumption wherever results are shown. */
export const responseAssumptions = ResponsesSchema.parse(responses);

export type SimulatedContact = {
  readonly channel: Channel;
  readonly dpd: number;
  /** Attempt of the step, 1-based. */
  readonly attempt: number;
  /** Draws in [0, 1) by kind; the caller binds seed, party and ordinal (design D13). */
  readonly draw: (kind: string) => number;
  /** Rendered text, for prices by message part; without it one part is charged. */
  readonly text?: string;
};

/** The answer's code in the channel's table, how long after sending it comes, and what the contact costs (fen). */
export type SimulatedAnswer = { readonly outcome: string; readonly delayMs: number; readonly costMinor: number };

type Drawn = { readonly outcome: string; readonly seconds: { readonly least: number; readonly most: number } };

function bandOf<TBand extends { readonly upToDpd: number | null }>(bands: readonly TBand[], dpd: number): TBand {
  const band = bands.find(({ upToDpd }) => upToDpd === null || dpd <= upToDpd);
  if (band === undefined) throw new InvariantError("channels.band-missing", { dpd });
  return band;
}

type Weights = z.output<typeof WeightsSchema>;
type Shares = { readonly entries: readonly (readonly [code: string, weight: number])[]; readonly sum: number };

const sharesOf = new WeakMap<Weights, Shares>();

function shares(weights: Weights): Shares {
  const known = sharesOf.get(weights);
  if (known !== undefined) return known;
  const entries = Object.entries(weights);
  const made = { entries, sum: entries.reduce((sum, [, weight]) => sum + weight, 0) };
  sharesOf.set(weights, made);
  return made;
}

/** The code whose share of the summed weights the draw falls into. */
function pick(weights: Weights, drawn: number): string {
  const { entries, sum } = shares(weights);
  let left = drawn * sum;
  for (const [code, weight] of entries) {
    left -= weight;
    if (left < 0) return code;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new InvariantError("channels.weights-empty");
  return last[0];
}

/** Reached? the right party? a promise? Each its own draw, so that two strategies asked the same person get comparable answers. */
function conversationAnswer(model: Conversation, { channel, dpd, attempt, draw }: SimulatedContact): Drawn {
  const band = bandOf(model.bands, dpd);
  const drawn = (kind: string): number => draw(`${channel}.${kind}`);
  const reached = band.reached * model.reachFactorPerRedial ** Math.max(0, attempt - 1);
  if (drawn("reached") >= reached) {
    return { outcome: pick(model.unreached, drawn("unreached")), seconds: model.seconds.unreached };
  }
  if (drawn("right-party") >= band.rightParty) {
    return { outcome: pick(model.otherParty, drawn("other-party")), seconds: model.seconds.otherParty };
  }
  if (drawn("promised") < band.promised) {
    return { outcome: pick(model.promise, drawn("promise")), seconds: model.seconds.promise };
  }
  return { outcome: pick(model.noPromise, drawn("no-promise")), seconds: model.seconds.noPromise };
}

function deliveryAnswer(model: Delivery, { channel, dpd, draw }: SimulatedContact): Drawn {
  const arrived = draw(`${channel}.delivered`) < bandOf(model.bands, dpd).delivered;
  const outcome = arrived
    ? pick(model.arrived, draw(`${channel}.arrived`))
    : pick(model.undelivered, draw(`${channel}.undelivered`));
  const seconds = Object.hasOwn(model.seconds, outcome) ? model.seconds[outcome] : undefined;
  if (seconds === undefined) throw new InvariantError("channels.seconds-missing", { channel, outcome });
  return { outcome, seconds };
}

/**
 * How a simulated person or network answers one contact, from the labelled assumptions: the same draws give the same answer.
 * The delay is whole seconds and at least one.
 */
export function respond(contact: SimulatedContact): SimulatedAnswer {
  const model = responseAssumptions.channels[contact.channel];
  const { outcome, seconds } =
    model.model === "conversation" ? conversationAnswer(model, contact) : deliveryAnswer(model, contact);
  const definition = channelOf(contact.channel);
  const meaning = definition.outcomes[outcome];
  if (meaning === undefined)
    throw new InvariantError("channels.outcome-unknown", { channel: contact.channel, outcome });
  const spread = seconds.most - seconds.least;
  const delaySeconds = Math.max(1, seconds.least + Math.floor(contact.draw(`${contact.channel}.delay`) * (spread + 1)));
  return {
    outcome,
    delayMs: delaySeconds * SECOND_MS,
    costMinor: definition.costMinor({ outcome: meaning, text: contact.text ?? null }),
  };
}
