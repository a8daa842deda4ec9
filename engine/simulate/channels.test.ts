import { describe, expect, it } from "vitest";
import { channelOf } from "../channels";
import { compileStrategy } from "../compile/compile";
import { CHANNELS, type Channel, perChannel } from "../model/content";
import { canonicalJson } from "../model/json";
import type { ContactPoint } from "../model/party";
import { localDate } from "../model/time";
import { marketPack } from "../packs";
import { synthesisePortfolio } from "../portfolio/synthesise";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "../run/testing/drawn-strategy";
import { anAccount, aPhone, SHANGHAI } from "../testing/builders";
import type { SimulationInput } from "./input";
import type { ObservedContact } from "./party-state";
import { simulate, simulateOnReference, simulatePart } from "./simulate";

/** A strategy that goes through every channel, whatever the answers, and what the simulator makes of it. */

const FROM = "2026-03-02";
const pack = marketPack("cn");
const ALL_GAPS = { BUSY: 60, NA: 60, OFF: 60, OOS: 60, REJ: 60, VM: 60, HUP: 60, SIL: 60, INV: 60, BLK: 60 };

const onTo = (next: string, ...handles: readonly string[]) =>
  Object.fromEntries(handles.map((handle) => [handle, next]));
const talk = (next: string) =>
  onTo(next, "promised", "spoke", "callback", "refused", "care", "wrong-party", "exhausted", "expired", "blocked");
const message = (contentId: string) => ({ contentId, waitForDelivery: true });
const desk = { queue: "内催一组", priority: 5, dueHours: 24 };
const { callback: _, ...ROBOT_TALK } = talk("agent");

const EVERY_CHANNEL: { readonly [id: string]: DrawnStep } = {
  start: { type: "start", data: { when: PAST_DUE }, to: { enter: "push" } },
  push: {
    type: "push",
    data: message("push.m1.overdue"),
    to: onTo("sms", "delivered", "failed", "expired", "blocked"),
  },
  sms: { type: "sms", data: message("sms.m1.soft"), to: onTo("email", "delivered", "failed", "expired", "blocked") },
  email: {
    type: "email",
    data: message("email.m1.reminder"),
    to: onTo("robot", "delivered", "failed", "refused", "expired", "blocked"),
  },
  robot: { type: "robot", data: { contentId: "robot.m1.standard" }, to: ROBOT_TALK },
  agent: {
    type: "agent",
    data: { contentId: "agent.m1.guide", ...desk, maxAttempts: 6, maxPerDay: 2, numbers: "next", gapMinutes: ALL_GAPS },
    to: talk("letter"),
  },
  letter: {
    type: "letter",
    data: message("letter.demand"),
    to: onTo("visit", "delivered", "other-person", "failed", "refused", "expired", "blocked"),
  },
  visit: { type: "visit", data: { contentId: "visit.guide", ...desk }, to: talk("people") },
  people: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
};

function programOf(steps: { readonly [id: string]: DrawnStep }) {
  const compiled = compileStrategy(drawnStrategy(steps), pack);
  if (!compiled.ok) throw new Error(canonicalJson(compiled.error));
  return compiled.value;
}

const program = programOf(EVERY_CHANNEL);
const portfolio = synthesisePortfolio({ seed: 3, accounts: 600, dataDate: FROM });
const input: SimulationInput = {
  program,
  pack,
  accounts: portfolio.accounts,
  contactPoints: portfolio.contactPoints,
  from: FROM,
  days: 60,
  seed: 9,
  locale: "zh-CN",
};

describe("a strategy over every channel", () => {
  const contacts: ObservedContact[] = [];
  const part = simulatePart(input, { onContact: (contact) => contacts.push(contact) });
  const of = (channel: Channel) => contacts.filter((contact) => contact.channel === channel);

  it.each(CHANNELS)(
    "contacts people by %s, each at a point of its kind that agreed to it, and pays the price",
    (channel) => {
      const { contactPoint, outcomes } = channelOf(channel);
      expect(part.contacts[channel].sent).toBeGreaterThan(40);
      expect(of(channel)).toHaveLength(part.contacts[channel].sent);
      for (const { to, outcome } of of(channel)) {
        expect(to).toMatchObject({ kind: contactPoint, status: "valid", consent: { [channel]: "granted" } });
        expect(Object.keys(outcomes)).toContain(outcome);
      }
      const heard = Object.values(part.contacts[channel].outcomes).reduce((sum, count) => sum + count, 0);
      expect(heard).toBeGreaterThan(0.9 * part.contacts[channel].sent);
    },
  );

  it("is refused at people without such a point, or without consent to it, and says which rule spoke", () => {
    expect(Object.keys(part.blockedBy)).toEqual(expect.arrayContaining(["floor.contact-point", "cn.consent"]));
  });

  it("faults nobody and costs what the price list says", () => {
    expect([part.faulted, part.cutShort]).toEqual([0, 0]);
    const visits = part.contacts.visit.sent * 20_000 + part.contacts.letter.sent * 800;
    expect(part.costMinor).toBeGreaterThan(visits);
  });

  it("decides the same on the reference executor", async () => {
    const some = { ...input, accounts: portfolio.accounts.slice(0, 80) };
    expect(canonicalJson(await simulateOnReference(some))).toBe(canonicalJson(simulate(some)));
  });
});

describe("calls that go on to the next number", () => {
  /** People nobody reaches, with three numbers each. */
  const accounts = Array.from({ length: 60 }, (_, index) =>
    anAccount(`N-${index}`, { overdueSince: "2024-01-01", customerNo: `N-${index}` }),
  );
  const contactPoints = accounts.flatMap(({ partyId }) =>
    [3, 1, 2].map(
      (rank): ContactPoint =>
        aPhone(partyId, { id: `cp_${partyId}_${9 - rank}`, rank, address: `sim:100000000${rank}` }),
    ),
  );
  const calls: ObservedContact[] = [];
  const stepsOfAgent = {
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: "agent" } },
    agent: { ...EVERY_CHANNEL.agent, to: talk("people") } as DrawnStep,
    people: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
  };
  const onContact = (call: ObservedContact) => calls.push(call);
  simulatePart({ ...input, program: programOf(stepsOfAgent), accounts, contactPoints }, { onContact });
  const ofPerson = accounts.map(({ id }) => calls.filter(({ account }) => account.id === id));

  const lost = (own: readonly ObservedContact[]) => own.findIndex(({ outcome }) => outcome === "INV");

  it("take the first, the second, the third and the first again", () => {
    for (const own of ofPerson.filter((calls) => lost(calls) < 0)) {
      const order = [1, 2, 3, 1, 2, 3].slice(0, own.length);
      expect(own.map(({ to }) => to.rank)).toEqual(order);
    }
    expect(Math.max(...ofPerson.map((own) => own.length))).toBe(6);
  });

  it("never go to a number again that turned out not to exist", () => {
    const met = ofPerson.filter((own) => lost(own) >= 0 && lost(own) < own.length - 1);
    expect(met.length).toBeGreaterThan(0);
    for (const own of met) {
      const gone = own[lost(own)]?.to.rank;
      expect(own.slice(lost(own) + 1).map(({ to }) => to.rank)).not.toContain(gone);
    }
  });

  it("are two a day at most, as the step says, and go on the next day", () => {
    const days = ofPerson.map((own) => own.map(({ atMs }) => localDate(SHANGHAI, atMs)));
    for (const own of days) {
      for (const day of own) expect(own.filter((other) => other === day).length).toBeLessThanOrEqual(2);
    }
    expect(days.some((own) => new Set(own).size === 3)).toBe(true);
  });
});

describe("too few people", () => {
  it("are not let go, whatever is drawn", () => {
    const alone = structuredClone(program) as typeof program;
    const spec = alone.steps.visit?.spec;
    if (spec?.kind !== "request" || spec.request.kind !== "contact" || spec.request.desk === undefined) {
      throw new Error("a visit has a desk");
    }
    Object.assign(spec.request.desk, { people: 1 });
    const part = simulatePart({ ...input, program: alone });
    expect(part.contacts.visit).toMatchObject({ sent: 0 });
    expect(part.contacts.visit.denied).toBeGreaterThan(40);
    expect(Object.keys(part.blockedBy)).toContain("cn.visit2");
  });
});

it("a step that asks for no channel leaves noughts, not gaps", () => {
  const steps = {
    start: { ...EVERY_CHANNEL.start, to: { enter: "people" } } as DrawnStep,
    people: EVERY_CHANNEL.people,
  };
  const { contacts } = simulate({ ...input, program: programOf(steps as { [id: string]: DrawnStep }) });
  expect(perChannel((channel) => contacts[channel].sent)).toEqual(perChannel(() => 0));
});
