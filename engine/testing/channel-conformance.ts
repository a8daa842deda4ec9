import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { channelOf } from "../channels";
import { channelContract } from "../channels/channel-contract";
import type { ContactPoint } from "../model/party";
import { DAY_MS } from "../model/time";
import type { ChannelAdapter, SendOutcome, SendRequest, StatusEvent } from "../ports/channel";

/** Faults a provider can be asked for. What each is: `docs/guide/channels`. */
export const PROVIDER_FAULTS = [
  "busy",
  "throttled",
  "error",
  "error-accepted",
  "timeout-accepted",
  "garbage",
  "duplicate",
  "unknown-status",
  "early",
  "bad-signature",
] as const;
export type ProviderFault = (typeof PROVIDER_FAULTS)[number];

/** What a provider was handed, as it tells when it is looked into. */
export type Taken = {
  readonly key: string;
  readonly address: string;
  readonly subject: string | null;
  readonly text: string;
};

/** A provider under test, and the back door to it that a vendor opens for tests. */
export type ConformanceSubject = {
  readonly adapter: ChannelAdapter;
  /** Faults it can be made to show; the rules about the others are left out. */
  readonly faults: readonly ProviderFault[];
  /** An address it takes, and one it refuses for good (null = it takes whatever looks right). */
  readonly addresses: { readonly good: string; readonly refused: string | null };
  /** Contacts it has taken since it was last told to forget; null = it cannot be looked into. */
  readonly taken: (() => Promise<readonly Taken[]>) | null;
  readonly setFault: (fault: ProviderFault | null) => Promise<void>;
  readonly forget: () => Promise<void>;
  /** Events our side has let in so far, and how often something was turned away at the door. */
  readonly heard: () => { readonly events: readonly StatusEvent[]; readonly turnedAway: number };
  readonly close: () => Promise<void>;
};

const DEADLINE_MS = 1500;
const WAIT_MAX_MS = 10_000;
const WAIT_STEP_MS = 10;
const UNICODE = "尊敬的客户:您的账单已逾期。Ünïcödé 👩‍👩‍👧 𠮷野家 \u2028 <b>&amp;</b>";

let counter = 0;

/**
 * What every channel adapter and the provider behind it must do, in process or over a wire (reliability.md C4). `open` starts a
 * fresh provider; it is closed when the suite is through.
 */
export function channelConformance(name: string, open: () => Promise<ConformanceSubject>): void {
  describe(`${name}: the channel contract`, () => {
    let subject: ConformanceSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => subject.close());
    beforeEach(async () => {
      await subject.setFault(null);
      await subject.forget();
    });
    const scene: Scene = {
      subject: () => subject,
      request: (change = {}) => requestTo(subject, change),
      send: (request, deadlineMs = DEADLINE_MS) =>
        subject.adapter.send(request, { signal: AbortSignal.timeout(deadlineMs) }),
      skips: (fault) => !subject.faults.includes(fault),
    };
    basics(scene);
    idempotency(scene);
    faults(scene);
    callbacks(scene);
    questions(scene);
  });
}

type Scene = {
  readonly subject: () => ConformanceSubject;
  readonly request: (change?: Partial<SendRequest>) => SendRequest;
  readonly send: (request: SendRequest, deadlineMs?: number) => Promise<SendOutcome>;
  readonly skips: (fault: ProviderFault) => boolean;
};

function requestTo({ adapter, addresses }: ConformanceSubject, change: Partial<SendRequest>): SendRequest {
  counter += 1;
  const { channel, simulated } = adapter;
  const { contactPoint: kind, subjectMax } = channelOf(channel);
  const nowMs = Date.now();
  const to: ContactPoint = {
    id: "cp_conformance",
    partyId: "party_conformance",
    kind,
    rank: 1,
    address: addresses.good,
    simulated,
    status: "valid",
    consent: { [channel]: "granted" },
  };
  return {
    key: `enr_conformance-${process.pid}-${nowMs}-${counter}:1:1`,
    partyId: "party_conformance",
    channel,
    to,
    subject: subjectMax === null ? null : "账单提醒 Notice",
    text: "您好 Hello 👋",
    notAfterMs: nowMs + DAY_MS,
    nowMs,
    resent: 0,
    simulation: { dpd: 12, attempt: 1 },
    ...change,
  };
}

/** Waits until something holds; a test that waits in vain says what it waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WAIT_MAX_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
  }
}

function basics({ subject, request, send }: Scene): void {
  const local = channelContract.filter(({ offline }) => offline);
  it.each(local.map((one) => [one.name, one.broken] as const))("%s", async (_, broken) => {
    expect(await broken(subject().adapter)).toEqual([]);
  });

  it("takes a contact and gives it a reference and a price in whole minor units", async () => {
    const outcome = await send(request());
    expect(outcome).toMatchObject({ kind: "accepted" });
    if (outcome.kind !== "accepted") return;
    expect(outcome.ref).not.toBe("");
    expect(Number.isSafeInteger(outcome.costMinor) && outcome.costMinor >= 0).toBe(true);
  });

  it("carries every character as it is", async () => {
    const text = subject().adapter.channel === "sms" ? UNICODE.replace("\u2028", "") : UNICODE;
    const asked = request({ text });
    expect(await send(asked)).toMatchObject({ kind: "accepted" });
    const taken = await subject().taken?.();
    if (taken === undefined) return;
    expect(taken.find(({ key }) => key === asked.key)).toMatchObject({ text, subject: asked.subject });
  });

  it("refuses for good what the provider refuses, and leaves nothing behind", async (context) => {
    const { refused } = subject().addresses;
    if (refused === null) return context.skip();
    const outcome = await send(request({ to: { ...request().to, address: refused } }));
    expect(outcome).toMatchObject({ kind: "rejected", retryable: false });
    expect((await subject().taken?.()) ?? []).toEqual([]);
  });

  it("says what it expects a contact to cost, whole minor units", () => {
    const cost = subject().adapter.estimate({ text: "好".repeat(200) });
    expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
  });

  it("finds what is wrong with a content before anybody is contacted", () => {
    const { validate, channel } = subject().adapter;
    const subjectLine = channelOf(channel).subjectMax === null ? null : "s";
    expect(validate({ id: "a", subject: subjectLine, text: "ok" })).toEqual([]);
    expect(validate({ id: "a", subject: subjectLine, text: " " }).map(({ code }) => code)).toEqual(["content.empty"]);
    const long = "x".repeat(channelOf(channel).textMax + 1);
    expect(validate({ id: "a", subject: subjectLine, text: long }).map(({ code }) => code)).toEqual([
      "content.too-long",
    ]);
  });

  it("is well when it is asked how it is", async () => {
    const health = await subject().adapter.check({ signal: AbortSignal.timeout(DEADLINE_MS) });
    expect(health).toEqual({ ok: true, problems: [] });
  });
}

function idempotency({ subject, request, send }: Scene): void {
  it("makes one contact of one key, where it says that it does", async (context) => {
    const { idempotency: said } = subject().adapter.capabilities;
    if (said !== "key" && said !== "client-id") return context.skip();
    const asked = request();
    const first = await send(asked);
    const second = await send({ ...asked, resent: 1 });
    expect([first.kind, second.kind]).toEqual(["accepted", "accepted"]);
    if (said === "key" && first.kind === "accepted" && second.kind === "accepted") expect(second.ref).toBe(first.ref);
    const taken = await subject().taken?.();
    // A network that tells repeats apart by our id may carry both; who reads them is shown one.
    if (taken !== undefined && said === "key") expect(taken.filter(({ key }) => key === asked.key)).toHaveLength(1);
    if (taken !== undefined) expect(new Set(taken.map(({ key }) => key))).toEqual(new Set([asked.key]));
  });
}

function faults({ subject, request, send, skips }: Scene): void {
  it.for(["busy", "throttled"] as const)(
    "took nothing for certain when it is %s, and is asked again",
    async (fault, context) => {
      if (skips(fault)) return context.skip();
      await subject().setFault(fault);
      const outcome = await send(request());
      expect(outcome).toMatchObject({ kind: "rejected", retryable: true });
      expect((await subject().taken?.()) ?? []).toEqual([]);
    },
  );

  it("says how long to wait where the provider said so", async (context) => {
    const isHttp = subject().adapter.capabilities.callbacks === "both";
    if (skips("throttled") || !isHttp) return context.skip();
    await subject().setFault("throttled");
    expect(await send(request())).toMatchObject({ kind: "rejected", code: "throttled", retryAfterMs: 7000 });
  });

  it.for(["error", "error-accepted", "timeout-accepted", "garbage"] as const)(
    "never takes %s for a refusal: the outcome is unknown",
    async (fault, context) => {
      if (skips(fault)) return context.skip();
      await subject().setFault(fault);
      expect(await send(request(), 400)).toEqual({ kind: "unknown" });
    },
  );

  it("is made one contact of when it is sent again after an unknown outcome", async (context) => {
    const { idempotency: said } = subject().adapter.capabilities;
    if (skips("timeout-accepted") || said !== "key" || subject().adapter.simulated) return context.skip();
    const asked = request();
    await subject().setFault("timeout-accepted");
    expect(await send(asked, 400)).toEqual({ kind: "unknown" });
    await subject().setFault(null);
    expect(await send({ ...asked, resent: 1 })).toMatchObject({ kind: "accepted" });
    expect(((await subject().taken?.()) ?? []).filter(({ key }) => key === asked.key)).toHaveLength(1);
  });
}

function callbacks({ subject, request, send, skips }: Scene): void {
  const about = (key: string, ref: string | null) =>
    subject()
      .heard()
      .events.filter((event) => event.key === key || (ref !== null && event.ref === ref));
  const reports = (): boolean => subject().adapter.capabilities.callbacks !== "none";
  const sendAndHear = async () => {
    const asked = request();
    const outcome = await send(asked);
    const ref = outcome.kind === "accepted" ? outcome.ref : null;
    return { asked, heard: () => about(asked.key, ref) };
  };

  it("reports what a contact came to, in results it said it can report", async (context) => {
    if (!reports()) return context.skip();
    const { asked, heard } = await sendAndHear();
    await until("a result is reported", () => heard().length > 0);
    const { results } = subject().adapter.capabilities;
    for (const event of heard()) {
      expect(results).toContain(event.result);
      expect(event.eventId).not.toBe("");
      expect(Math.abs(event.atMs - asked.nowMs)).toBeLessThan(DAY_MS);
    }
  });

  it("gives one event one id, however often it is told", async (context) => {
    if (!reports() || skips("duplicate")) return context.skip();
    await subject().setFault("duplicate");
    const { heard } = await sendAndHear();
    await until("it is told more than once", () => heard().length > 1);
    const ended = heard().filter(({ result }) => result !== "accepted" && result !== "sending");
    expect(new Set(ended.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it("has its words that nobody knows kept as such, and what it says after them heard", async (context) => {
    if (!reports() || skips("unknown-status")) return context.skip();
    await subject().setFault("unknown-status");
    const { heard } = await sendAndHear();
    await until("the real result comes", () => heard().some(({ result }) => result !== "unknown"));
    const unknown = heard().find(({ result }) => result === "unknown");
    expect(JSON.stringify(unknown?.raw).toLowerCase()).toContain("teleported");
  });

  it("may report a result before it has answered", async (context) => {
    if (!reports() || skips("early")) return context.skip();
    await subject().setFault("early");
    const { heard } = await sendAndHear();
    expect(heard().length).toBeGreaterThan(0);
  });

  it("is not believed when it cannot prove who it is", async (context) => {
    if (!reports() || skips("bad-signature")) return context.skip();
    await subject().setFault("bad-signature");
    const before = subject().heard().turnedAway;
    const { heard } = await sendAndHear();
    await until("somebody is turned away", () => subject().heard().turnedAway > before);
    expect(heard()).toEqual([]);
  });
}

function questions({ subject, request, send, skips }: Scene): void {
  const ask = (key: string) => subject().adapter.query?.(key, { signal: AbortSignal.timeout(DEADLINE_MS) });

  it("says on being asked what it took, and that it took nothing", async (context) => {
    if (subject().adapter.query === undefined) return context.skip();
    const asked = request();
    expect(await ask(asked.key)).toEqual({ kind: "not_found" });
    if (!skips("timeout-accepted")) await subject().setFault("timeout-accepted");
    await send(asked, 400);
    await subject().setFault(null);
    expect(await ask(asked.key)).toMatchObject({ kind: "known" });
  });

  it("calls a contact back where it says that it can, or says that it is too late", async (context) => {
    const { adapter } = subject();
    if (!adapter.capabilities.cancel) return context.skip();
    const asked = request();
    await send(asked);
    const cancel = () => adapter.cancel?.(asked.key, { signal: AbortSignal.timeout(DEADLINE_MS) });
    const first = await cancel();
    expect(["cancelled", "too_late"]).toContain(first);
    expect(await cancel()).toBe(first);
    // What was cancelled is never reported as delivered.
    const known = await adapter.query?.(asked.key, { signal: AbortSignal.timeout(DEADLINE_MS) });
    if (first === "cancelled" && known?.kind === "known") {
      expect(known.events.map(({ result }) => result)).not.toContain("delivered");
    }
    const nothing = await adapter.cancel?.("enr_nobody:1:1", { signal: AbortSignal.timeout(DEADLINE_MS) });
    expect(nothing).toBe("too_late");
  });
}
