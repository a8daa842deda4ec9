import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { splitSms } from "../../channels/sms/parts";
import { DAY_MS } from "../../model/time";
import type { ChannelAdapter, SendRequest, StatusEvent } from "../../ports/channel";
import { channelConformance, type ProviderFault, until } from "../../testing/channel-conformance";
import { type Listening, startListening } from "../testing/child";
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from "../testing/localhost-certificate";
import { SmppConfigSchema } from "./config";
import { smppChannel } from "./smpp-channel";

/** A short message centre in a process of its own. */
type Taken = {
  readonly id: string;
  readonly destination: string;
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly udh: string | null;
  readonly text: string;
  readonly registered: number;
};
type Look = {
  readonly taken: readonly Taken[];
  readonly sessions: number;
  readonly enquiries: number;
  readonly refusedReceipts: number;
};

async function aCentre(env: { readonly [name: string]: string } = {}) {
  const process: Listening = await startListening(["engine/providers/testing/message-centre.mjs"], env);
  const controlPort = /control on (\d+)/.exec(process.said)?.[1];
  const control = async (path: string, body: object = {}): Promise<Look> => {
    const answer = await fetch(`http://127.0.0.1:${controlPort}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Look;
  };
  return { ...process, control };
}
type Centre = Awaited<ReturnType<typeof aCentre>>;

function adapterTo({ port }: Pick<Listening, "port">, change: object = {}): ChannelAdapter {
  const who = { systemId: "duecourse", password: "s3cret", source: { address: "10690000" } };
  const errors = { "MK:0001": "invalid_vacant" };
  return smppChannel(
    "centre",
    SmppConfigSchema.parse({ kind: "smpp", host: "127.0.0.1", port, ...who, errors, ...change }),
  );
}

/** Puts the parts a centre took together again. */
function reassembled(taken: readonly Taken[]): readonly string[] {
  const messages = new Map<string, string[]>();
  for (const { destination, udh, text, id } of taken) {
    const [reference, part] =
      udh === null ? [id, 1] : [`${destination}:${udh.slice(4, 8)}`, Number.parseInt(udh.slice(8, 10), 16)];
    const parts = messages.get(reference) ?? [];
    parts[part - 1] = text;
    messages.set(reference, parts);
  }
  return [...messages.values()].map((parts) => parts.join(""));
}

const MOODS: { readonly [fault in ProviderFault]?: string } = {
  busy: "busy",
  throttled: "throttled",
  "timeout-accepted": "silent",
  "error-accepted": "hangs-up-after",
  duplicate: "duplicate",
  "unknown-status": "unknown-status",
  early: "early",
};

channelConformance("SMPP against a real centre", async () => {
  const centre = await aCentre();
  const events: StatusEvent[] = [];
  const adapter = adapterTo(centre);
  const listening = adapter.listen?.(async (heard) => events.push(...heard));
  await until("the line stands", async () => (await centre.control("/_look")).sessions === 1);
  return {
    adapter,
    faults: Object.keys(MOODS) as ProviderFault[],
    addresses: { good: "+8613800138001", refused: "13800138001" },
    taken: null,
    setFault: async (fault) => {
      await centre.control("/_mood", { mood: fault === null ? null : (MOODS[fault] ?? null) });
      // A centre that hung up is called again a second later.
      await until("the line stands", async () => (await centre.control("/_look")).sessions === 1);
    },
    forget: async () => void (await centre.control("/_forget")),
    heard: () => ({ events, turnedAway: 0 }),
    close: async () => {
      listening?.close();
      await centre.close();
    },
  };
});

let centre: Centre;
const open: { close: () => void }[] = [];
beforeAll(async () => {
  centre = await aCentre();
});
afterAll(() => centre.close());
beforeEach(async () => {
  await centre.control("/_mood");
  await centre.control("/_forget");
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function listening(
  change: object = {},
  take: (events: readonly StatusEvent[]) => Promise<unknown> = async () => undefined,
) {
  const events: StatusEvent[] = [];
  const adapter = adapterTo(centre, change);
  const listener = adapter.listen?.(async (heard) => {
    await take(heard);
    events.push(...heard);
  });
  if (listener !== undefined) open.push(listener);
  return { adapter, events };
}

let counter = 0;
function aMessage(text: string): SendRequest {
  counter += 1;
  const key = `enr_smpp:${counter}:1`;
  const nowMs = Date.now();
  return {
    ...{ key, partyId: "party_1", channel: "sms", subject: null, text, nowMs, notAfterMs: nowMs + DAY_MS, resent: 0 },
    to: {
      ...{ id: "cp_1", partyId: "party_1", kind: "phone", rank: 1, address: "+8613800138001", simulated: false },
      ...{ status: "valid", consent: { sms: "granted" } },
    },
    simulation: { dpd: 1, attempt: 1 },
  };
}
const send = (adapter: ChannelAdapter, request: SendRequest, deadlineMs = 3000) =>
  adapter.send(request, { signal: AbortSignal.timeout(deadlineMs) });

describe("a message", () => {
  it.each([
    ["in the letters of the network", "Balance due: 100 EUR [today] €5", 0],
    ["in Chinese", "您好,您的账单已逾期。", 8],
    ["with an emoji", "ok 👋", 8],
  ] as const)("%s arrives as it was written", async (_, text, dataCoding) => {
    const { adapter } = listening();
    expect((await send(adapter, aMessage(text))).kind).toBe("accepted");
    const { taken } = await centre.control("/_look");
    expect(taken).toMatchObject([
      { destination: "8613800138001", text, dataCoding, udh: null, esmClass: 0, registered: 1 },
    ]);
  });

  it.each([
    ["of Chinese", `${"好".repeat(66)}👋${"𠮷野家".repeat(40)}`],
    ["of letters", `${"a".repeat(152)}€${"b[c]".repeat(60)}`],
  ] as const)(
    "%s that is long leaves in as many parts as it is billed for, and fits together again",
    async (_, text) => {
      const { adapter } = listening();
      const { texts } = splitSms(text);
      expect(texts.length).toBeGreaterThan(2);
      const outcome = await send(adapter, aMessage(text));
      const { taken } = await centre.control("/_look");
      expect(taken.map(({ text: part }) => part)).toEqual(texts);
      expect(reassembled(taken)).toEqual([text]);
      expect(outcome).toMatchObject({ kind: "accepted", ref: taken.at(-1)?.id, costMinor: 5 * texts.length });
      expect(taken.map(({ registered }) => registered)).toEqual([...texts.slice(1).map(() => 0), 1]);
    },
  );

  it("many at once keep to the window and lose none", async () => {
    const { adapter } = listening({ window: 3 });
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, index) => send(adapter, aMessage(`n${index}`))));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["accepted"]));
    expect((await centre.control("/_look")).taken).toHaveLength(40);
  });
});

describe("what the centre says", () => {
  it.each([
    ["throttled", { kind: "rejected", code: "throttled", retryable: true, retryAfterMs: 1000 }],
    ["busy", { kind: "rejected", code: "busy", retryable: true, retryAfterMs: 1000 }],
    ["system-error", { kind: "rejected", code: "smpp-8", retryable: true }],
    ["no-such-number", { kind: "rejected", code: "smpp-11", retryable: false }],
    ["hangs-up", { kind: "unknown" }],
    ["silent", { kind: "unknown" }],
  ] as const)("when it is %s", async (mood, outcome) => {
    const { adapter } = listening();
    await centre.control("/_mood", { mood });
    expect(await send(adapter, aMessage("hi"), 500)).toEqual(outcome);
  });

  it("about a moment's crowd between two parts is waited for; half a message is never left for nothing", async () => {
    const { adapter } = listening();
    const text = "好".repeat(130);
    await centre.control("/_mood", { mood: "crowd" });
    expect((await send(adapter, aMessage(text), 5000)).kind).toBe("accepted");
    expect(reassembled((await centre.control("/_look")).taken)).toEqual([text]);
    await centre.control("/_mood", { mood: "crowd-for-good" });
    expect(await send(adapter, aMessage(text), 5000)).toEqual({ kind: "unknown" });
  });

  it("at the door: a wrong password is let in nowhere", async () => {
    const { adapter } = listening({ password: "wrong" });
    expect(await send(adapter, aMessage("hi"))).toEqual({ kind: "rejected", code: "unreachable", retryable: true });
    expect(await adapter.check({ signal: AbortSignal.timeout(3000) })).toEqual({
      ok: false,
      problems: ["unreachable"],
    });
  });

  it("is nothing when nobody listens", async () => {
    const adapter = adapterTo({ port: 1 });
    expect(await send(adapter, aMessage("hi"))).toEqual({ kind: "rejected", code: "unreachable", retryable: true });
  });
});

describe("a receipt", () => {
  it("names the message by the centre's id, and its own words for why", async () => {
    const { adapter, events } = listening();
    await centre.control("/_mood", { mood: "undelivered" });
    const outcome = await send(adapter, aMessage("hi"));
    await until("the receipt is here", () => events.length > 0);
    expect(events).toMatchObject([
      { ref: outcome.kind === "accepted" ? outcome.ref : "", key: null, result: "invalid_vacant" },
    ]);
  });

  it("is brought again until it is kept", async () => {
    let down = 2;
    const { adapter, events } = listening({}, async () => {
      down -= 1;
      if (down >= 0) throw new Error("no database");
    });
    const before = (await centre.control("/_look")).refusedReceipts;
    await send(adapter, aMessage("hi"));
    await until("it was kept", () => events.length > 0);
    expect((await centre.control("/_look")).refusedReceipts - before).toBe(2);
    expect(events).toMatchObject([{ result: "delivered" }]);
  });

  it("is not what people write back", async () => {
    const { adapter, events } = listening();
    await send(adapter, aMessage("hi"));
    await until("the receipt is here", () => events.length > 0);
    await centre.control("/_reply");
    await send(adapter, aMessage("again"));
    await until("the second receipt is here", () => events.length > 1);
    expect(events.map(({ result }) => result)).toEqual(["delivered", "delivered"]);
  });
});

describe("over TLS", () => {
  let secure: Centre;
  beforeAll(async () => {
    secure = await aCentre({ CENTRE_CERTIFICATE: LOCALHOST_CERTIFICATE, CENTRE_KEY: LOCALHOST_KEY });
  });
  afterAll(() => secure.close());
  const over = (change: object) => adapterTo(secure, { host: "localhost", tls: true, ...change });

  it("is sent to a centre whose certificate holds, and to no other", async () => {
    expect((await send(over({ ca: LOCALHOST_CERTIFICATE }), aMessage("hi"))).kind).toBe("accepted");
    expect((await secure.control("/_look")).taken).toHaveLength(1);
    // Signed by nobody the system knows, and asked for by a name it does not bear.
    for (const change of [{}, { ca: LOCALHOST_CERTIFICATE, host: "127.0.0.1" }, { tls: false }]) {
      expect(await send(over(change), aMessage("hi"))).toMatchObject({ kind: "rejected", code: "unreachable" });
    }
    expect((await secure.control("/_look")).taken).toHaveLength(1);
  });
});

describe("the line", () => {
  it("is made again when it breaks, and what was under way is unknown", async () => {
    const { adapter, events } = listening();
    await send(adapter, aMessage("hi"));
    await until("the receipt is here", () => events.length > 0);
    await centre.control("/_mood", { mood: "silent" });
    const lost = send(adapter, aMessage("lost"), 600_000);
    await until("it was handed over", async () => (await centre.control("/_look")).taken.length === 2);
    await centre.control("/_drop");
    expect(await lost).toEqual({ kind: "unknown" });
    await centre.control("/_mood");
    await until("somebody answers again", async () => (await send(adapter, aMessage("back"))).kind === "accepted");
    await until("receipts come again", () => events.length > 1);
  });

  it("is asked whether it still stands, and given up when nobody answers", async () => {
    const { adapter } = listening({ enquireSeconds: 1 });
    await send(adapter, aMessage("hi"));
    const { enquiries } = await centre.control("/_look");
    await until("the line is asked", async () => (await centre.control("/_look")).enquiries > enquiries);
    expect((await send(adapter, aMessage("still here"))).kind).toBe("accepted");
  });
});
