import { channelOf } from "#engine/channels/index";
import { respond } from "#engine/channels/respond";
import { catalogueOfSettings } from "#engine/condition/catalogue";
import { askGate, type GateSetting } from "#engine/contact/gate";
import { draw } from "#engine/model/draw";
import { visitKey } from "#engine/model/execution";
import type { Account, ContactPoint } from "#engine/model/party";
import { DAY_MS, HOUR_MS, localDate, MINUTE_MS } from "#engine/model/time";
import {
  daysPastDue,
  importedFacts,
  remainingMinor,
  statusOf,
  type WrittenFacts,
  writeMovingFacts,
} from "#engine/portfolio/facts";
import { presetOf } from "#engine/simulate/assumptions/presets";
import type { Segment } from "#engine/simulate/assumptions/set";
import { type Debtor, moodOf, segmentOf } from "#engine/simulate/behaviour/people";
import { amountOf, promiseAfter, type Settlement, settlementsOf } from "#engine/simulate/behaviour/settlements";
import { type EventQueue, newEventQueue, putEvent, takeEvent } from "#engine/simulate/event-queue";
import { type SimulationInput, spanOf } from "#engine/simulate/input";
import { partiesOf } from "#engine/simulate/partition";
import { PLAIN_STEPS } from "./plain-strategy";

/**
 * The strategy of `plain-strategy.ts` as somebody would write it who needs no other: no Program, no executor, no decisions, no
 * counts by step or day. People, their answers, the rules of contact and the texts are the same functions, because they are the
 * model; what the simulator costs beside this is the price of drawing strategies instead of programming them.
 */
export type HandResult = {
  enrolled: number;
  steps: number;
  recoveredMinor: number;
  costMinor: number;
  sent: number;
  denied: number;
  deferred: number;
  cured: number;
  handed: number;
  held: number;
  waiting: number;
};

type Contact = {
  readonly atMs: number;
  readonly channel: "sms" | "robot";
  readonly contactPointId: string;
  readonly accountId: string;
  readonly visit: string;
  outcome: string | null;
  connected: boolean;
  conversed: boolean;
  settled: boolean;
};

type Loan = {
  readonly account: Account;
  readonly debtor: Debtor;
  readonly segment: Segment;
  readonly facts: WrittenFacts;
  /** Place in the list of steps; -1 = not in. */
  place: number;
  seq: number;
  wakeAtMs: number;
  status: "out" | "active" | "cured" | "handed";
  startedAtMs: number | null;
  paidMinor: number;
  promise: { amountMinor: number; dueDate: string; paidMinor: number; result: null } | null;
};

type Departure = {
  readonly kind: "depart";
  readonly loan: Loan;
  readonly seq: number;
  readonly channel: "sms" | "robot";
  readonly contentId: string;
  readonly notAfterMs: number;
};
type Happening =
  | { readonly kind: "enter"; readonly loan: Loan }
  | { readonly kind: "timer"; readonly loan: Loan; readonly seq: number }
  | Departure
  | {
      readonly kind: "answer";
      readonly from: Departure;
      readonly contact: Contact;
      readonly outcome: string;
      readonly ordinal: number;
    }
  | { readonly kind: "payment"; readonly loan: Loan; readonly settlement: Settlement };

type World = {
  readonly input: SimulationInput;
  readonly setting: GateSetting<"simulated">;
  readonly timeZone: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly result: HandResult;
};
type Person = {
  readonly world: World;
  readonly loans: readonly Loan[];
  readonly queue: EventQueue<Happening>;
  readonly history: Contact[];
  readonly ordinals: { sms: number; robot: number };
  contactPoints: readonly ContactPoint[];
  held: boolean;
};

/** The step lays nothing down about its contacts beyond the rules. */
const TERMS = {};

/** Runs everybody; the sums to be held against the simulator's. */
export function runByHand(input: SimulationInput): HandResult {
  const { program, pack, locale } = input;
  const result: HandResult = {
    ...{ enrolled: 0, steps: 0, recoveredMinor: 0, costMinor: 0, sent: 0, denied: 0, deferred: 0 },
    ...{ cured: 0, handed: 0, held: 0, waiting: 0 },
  };
  const setting = { program, pack, locale, providerOf: () => "simulated" as const, house: input.house };
  const { timeZone } = program.settings;
  const world: World = { input, setting, timeZone, ...spanOf(input), result };
  const fields = catalogueOfSettings(pack.fields, program.settings);
  for (const { accounts, contactPoints } of partiesOf(input)) {
    const loans = accounts.map((account): Loan => {
      const debtor = { account, seed: input.seed, timeZone, assumptions: input.assumptions ?? presetOf("base") };
      const facts = importedFacts(account, fields);
      const state = { place: -1, seq: 0, wakeAtMs: 0, status: "out", startedAtMs: null, paidMinor: 0 } as const;
      return { account, debtor, segment: segmentOf(debtor), facts, ...state, promise: null };
    });
    const queue = newEventQueue<Happening>();
    live({ world, loans, queue, history: [], ordinals: { sms: 0, robot: 0 }, contactPoints, held: false });
  }
  return result;
}

function live(person: Person): void {
  const { world } = person;
  const { result } = world;
  for (const loan of person.loans) putEvent(person.queue, world.startMs, { kind: "enter", loan });
  for (let next = takeEvent(person.queue); next !== null; next = takeEvent(person.queue)) {
    if (next.atMs >= world.endMs) break;
    happen(person, next.event, next.atMs);
  }
  for (const { status } of person.loans) {
    if (status === "cured") result.cured += 1;
    else if (status === "handed") result.handed += 1;
    else if (status === "active" && person.held) result.held += 1;
    else if (status === "active") result.waiting += 1;
  }
}

function happen(person: Person, event: Happening, nowMs: number): void {
  switch (event.kind) {
    case "enter":
      enter(person, event.loan, nowMs);
      return;
    case "timer": {
      const { loan } = event;
      const due = loan.status === "active" && loan.seq === event.seq && loan.wakeAtMs <= nowMs;
      if (due && !person.held) advance(person, loan, nowMs);
      return;
    }
    case "depart":
      depart(person, event, nowMs);
      return;
    case "answer":
      answer(person, event, nowMs);
      return;
    default:
      pay(person, event, nowMs);
  }
}

function enter(person: Person, loan: Loan, nowMs: number): void {
  const { world } = person;
  if (daysPastDue(loan.account, localDate(world.timeZone, nowMs)) < 1) return;
  world.result.enrolled += 1;
  // The start is a step too.
  world.result.steps += 1;
  loan.status = "active";
  loan.startedAtMs = nowMs;
  loan.seq = 1;
  advance(person, loan, nowMs);
  const dueMinor = remainingMinor(loan.account, loan.paidMinor);
  const cause = { kind: "own-accord", fromMs: nowMs, untilMs: world.endMs, dueMinor } as const;
  for (const settlement of settlementsOf(loan.debtor, cause)) {
    putEvent(person.queue, settlement.atMs, { kind: "payment", loan, settlement });
  }
}

/** On to the next step, and through messages, which wait for nothing. */
function advance(person: Person, loan: Loan, nowMs: number): void {
  const { result } = person.world;
  for (;;) {
    loan.place += 1;
    loan.seq += 1;
    result.steps += 1;
    const step = PLAIN_STEPS[loan.place];
    if (step === undefined) {
      loan.status = "handed";
      return;
    }
    if (step.kind === "wait") {
      loan.wakeAtMs = nowMs + step.minutes * MINUTE_MS;
      putEvent(person.queue, loan.wakeAtMs, { kind: "timer", loan, seq: loan.seq });
      return;
    }
    const { contentId, hours } = step;
    const notAfterMs = nowMs + hours * HOUR_MS;
    const channel = step.kind === "sms" ? "sms" : "robot";
    putEvent(person.queue, nowMs, { kind: "depart", loan, seq: loan.seq, channel, contentId, notAfterMs });
    if (step.kind === "call") {
      loan.wakeAtMs = notAfterMs;
      putEvent(person.queue, notAfterMs, { kind: "timer", loan, seq: loan.seq });
      return;
    }
  }
}

function depart(person: Person, event: Departure, nowMs: number): void {
  const { world } = person;
  const { loan, channel, seq, contentId, notAfterMs } = event;
  const isCall = channel === "robot";
  const stands = loan.status === "active" && loan.seq === seq;
  if ((isCall && !stands) || person.held) return;
  writeFacts(person, loan, nowMs);
  const { account, facts } = loan;
  const visit = visitKey(`enr_${account.id}`, seq);
  const subject = { enrollmentId: `enr_${account.id}`, partyId: account.partyId, accountId: account.id } as const;
  const gate = askGate(
    {
      ...{ account, facts, contentId, subject, channel, visit, terms: TERMS, notAfterMs, holds: [], nowMs },
      ...{ contactPoints: person.contactPoints, history: person.history },
    },
    world.setting,
  );
  if (gate.kind === "allow") {
    leave(person, event, { to: gate.to.id, text: gate.message.text, visit, nowMs });
    return;
  }
  world.result[gate.kind === "deny" ? "denied" : "deferred"] += 1;
  if (gate.kind === "defer") putEvent(person.queue, gate.untilMs, event);
  else if (isCall) advance(person, loan, nowMs);
}

function writeFacts({ world, loans, history }: Person, loan: Loan, nowMs: number): void {
  let contacts7d = 0;
  let conversations7d = 0;
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const contact = history[index];
    if (contact === undefined || contact.atMs <= nowMs - 7 * DAY_MS) break;
    contacts7d += 1;
    if (contact.conversed) conversations7d += 1;
  }
  const { account, paidMinor, startedAtMs, promise } = loan;
  const others = loans.filter((own) => own !== loan && statusOf(own.account, own.paidMinor) === "open").length;
  const moving = { account, ledger: { paidMinor }, counters: { contacts7d, conversations7d }, otherAccounts: others };
  writeMovingFacts(
    loan.facts,
    { ...moving, arms: {}, startedAtMs, promise, plan: null, counts: {} },
    { nowMs, timeZone: world.timeZone },
  );
}

type Left = { readonly to: string; readonly text: string; readonly visit: string; readonly nowMs: number };

function leave(person: Person, event: Departure, { to, text, visit, nowMs }: Left): void {
  const { input, result } = person.world;
  const { loan, channel } = event;
  const { account, debtor, facts, segment } = loan;
  const ordinal = person.ordinals[channel];
  person.ordinals[channel] += 1;
  const said = respond({
    ...{ channel, dpd: Number(facts.dpd), attempt: 1, text, models: debtor.assumptions.channels },
    draw: (kind) => draw(input.seed, account.partyId, `${kind}:${ordinal}`),
    mood: moodOf(debtor, segment, { contacts7d: Number(facts.contacts_7d), atMs: nowMs, channel }),
  });
  const open = { outcome: null, connected: false, conversed: false, settled: false };
  const contact = { atMs: nowMs, channel, contactPointId: to, accountId: account.id, visit, ...open };
  person.history.push(contact);
  result.sent += 1;
  result.costMinor += said.costMinor;
  const { outcome, delayMs } = said;
  putEvent(person.queue, nowMs + delayMs, { kind: "answer", from: event, contact, outcome, ordinal });
}

function answer(
  person: Person,
  { from, contact, outcome, ordinal }: Extract<Happening, { kind: "answer" }>,
  nowMs: number,
): void {
  const { loan, channel, seq } = from;
  const meaning = channelOf(channel).outcomes[outcome];
  contact.settled = true;
  contact.outcome = outcome;
  contact.connected = meaning?.connected ?? false;
  contact.conversed = meaning?.conversed ?? false;
  if (meaning?.invalidates === true) {
    person.contactPoints = person.contactPoints.map((point) =>
      point.id === contact.contactPointId ? { ...point, status: "invalid" } : point,
    );
  }
  const dueMinor = remainingMinor(loan.account, loan.paidMinor);
  const terms = promiseAfter(loan.debtor, { channel, outcome, ordinal, atMs: nowMs }, dueMinor);
  if (terms !== null) loan.promise = { ...terms, paidMinor: 0, result: null };
  const stands = loan.status === "active" && loan.seq === seq && !person.held;
  if (channel === "robot" && stands) advance(person, loan, nowMs);
  if ((meaning?.hold ?? null) !== null) person.held = true;
  const cause = { kind: "contact", channel, outcome, ordinal, atMs: nowMs, dueMinor } as const;
  for (const settlement of settlementsOf(loan.debtor, cause)) {
    putEvent(person.queue, settlement.atMs, { kind: "payment", loan, settlement });
  }
}

function pay(person: Person, { loan, settlement }: Extract<Happening, { kind: "payment" }>, nowMs: number): void {
  const amountMinor = amountOf(settlement.share, remainingMinor(loan.account, loan.paidMinor));
  if (amountMinor <= 0) return;
  loan.paidMinor += amountMinor;
  if (loan.promise !== null) loan.promise.paidMinor += amountMinor;
  person.world.result.recoveredMinor += amountMinor;
  if (loan.status !== "active" || person.held) return;
  if (statusOf(loan.account, loan.paidMinor) === "paid") loan.status = "cured";
  else if (PLAIN_STEPS[loan.place]?.kind === "wait") advance(person, loan, nowMs);
}
