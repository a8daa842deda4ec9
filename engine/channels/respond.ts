import { z } from "zod";
import type { ContactMood } from "../model/contact-mood";
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

/** How every channel is answered. */
export const ChannelModelsSchema = z.record(
  z.enum(CHANNELS),
  z.discriminatedUnion("model", [ConversationSchema, DeliverySchema]),
);
export type ChannelModels = z.output<typeof ChannelModelsSchema>;
const ResponsesSchema = z.strictObject({
  source: z.literal("assumption"),
  note: LocalTextSchema,
  channels: ChannelModelsSchema,
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
  /** Who is asked, and in what mood; absent = the average person. */
  readonly mood?: ContactMood;
  /** Absent = the shipped assumptions. */
  readonly models?: ChannelModels;
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

/** How much likelier than on average this person gives an answer of the code. */
type Leaning = (code: string) => number;

/** The code whose share of the summed weights the draw falls into. */
function pick(weights: Weights, drawn: number, leaning?: Leaning): string {
  const { entries, sum } = shares(weights);
  const weightOf = ([code, weight]: readonly [string, number]): number => weight * (leaning?.(code) ?? 1);
  let left = drawn * (leaning === undefined ? sum : entries.reduce((total, entry) => total + weightOf(entry), 0));
  for (const entry of entries) {
    left -= weightOf(entry);
    if (left < 0) return entry[0];
  }
  const last = entries.at(-1);
  if (last === undefined) throw new InvariantError("channels.weights-empty");
  return last[0];
}

/** Reached? the right party? a promise? Each its own draw, so that two strategies asked the same person get comparable answers. */
function conversationAnswer(model: Conversation, contact: SimulatedContact): Drawn {
  const { channel, dpd, attempt, draw, mood } = contact;
  const band = bandOf(model.bands, dpd);
  const drawn = (kind: string): number => draw(`${channel}.${kind}`);
  const reached = band.reached * model.reachFactorPerRedial ** Math.max(0, attempt - 1) * (mood?.reached ?? 1);
  if (drawn("reached") >= reached) {
    return { outcome: pick(model.unreached, drawn("unreached")), seconds: model.seconds.unreached };
  }
  if (drawn("right-party") >= band.rightParty * (mood?.rightParty ?? 1)) {
    return { outcome: pick(model.otherParty, drawn("other-party")), seconds: model.seconds.otherParty };
  }
  if (drawn("promised") < band.promised * (mood?.promised ?? 1)) {
    return { outcome: pick(model.promise, drawn("promise")), seconds: model.seconds.promise };
  }
  return {
    outcome: pick(model.noPromise, drawn("no-promise"), leaningOf(contact)),
    seconds: model.seconds.noPromise,
  };
}

/** Complaints and refusals come oftener from some people, and from everybody who has been contacted much. */
function leaningOf({ channel, mood }: SimulatedContact): Leaning | undefined {
  if (mood === undefined) return undefined;
  const { outcomes } = channelOf(channel);
  return (code) => {
    const hold = Object.hasOwn(outcomes, code) ? outcomes[code]?.hold : null;
    return hold === "complaint" ? mood.complaint : hold === "cease-request" ? mood.optOut : 1;
  };
}

function deliveryAnswer(model: Delivery, contact: SimulatedContact): Drawn {
  const { channel, dpd, draw } = contact;
  const arrived = draw(`${channel}.delivered`) < bandOf(model.bands, dpd).delivered;
  const outcome = arrived
    ? pick(model.arrived, draw(`${channel}.arrived`), leaningOf(contact))
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
  const model = (contact.models ?? responseAssumptions.channels)[contact.channel];
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
