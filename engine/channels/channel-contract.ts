import type { Channel } from "../model/content";
import type { ContactPoint } from "../model/party";
import { DAY_MS } from "../model/time";
import type { ChannelEvent, ChannelPort, SendOutcome, SendRequest } from "../ports/channel";
import { channelOf } from ".";

/** One thing every provider must do, and how to find out; `broken` says what it did instead. */
export type ContractCase = {
  readonly name: string;
  /** It can be found out without anybody being contacted: the adapter refuses by itself. */
  readonly offline: boolean;
  readonly broken: (port: ChannelPort) => Promise<readonly string[]>;
};

const REAL_ADDRESSES: { readonly [kind in ContactPoint["kind"]]: string } = {
  phone: "+8613800138000",
  email: "ann@example.com",
  app: "app-user-1",
  address: "上海市黄浦区人民大道200号",
};

/** An address of the sort the provider must take (`own`) or must refuse (`foreign`). */
function addressFor(port: ChannelPort, sort: "own" | "foreign"): ContactPoint {
  const simulated = (sort === "own") === port.simulated;
  return {
    id: "cp_contract",
    partyId: "party_contract",
    kind: channelOf(port.channel).contactPoint,
    rank: 1,
    address: simulated ? "sim:1700000001" : REAL_ADDRESSES[channelOf(port.channel).contactPoint],
    simulated,
    status: "valid",
    consent: { [port.channel]: "granted" },
  };
}

/** As long as the engine waits for a provider. */
const SEND_DEADLINE_MS = 10_000;
const NOW_MS = Date.UTC(2026, 2, 2, 2);

function request(port: ChannelPort, change: Partial<SendRequest> = {}): SendRequest {
  return {
    key: "enr_contract:1:1",
    partyId: "party_contract",
    channel: port.channel,
    to: addressFor(port, "own"),
    subject: channelOf(port.channel).subjectMax === null ? null : "通知 Notice",
    text: "您好 Hello 👋",
    notAfterMs: NOW_MS + DAY_MS,
    nowMs: NOW_MS,
    resent: 0,
    simulation: { dpd: 12, attempt: 1 },
    ...change,
  };
}

/** The answer, or the sentence that says it threw: a port answers, it never throws. */
async function answerOf(port: ChannelPort, sent: SendRequest): Promise<SendOutcome | string> {
  try {
    return await port.send(sent, { signal: AbortSignal.timeout(SEND_DEADLINE_MS) });
  } catch (thrown) {
    return `threw ${String(thrown)}`;
  }
}

function eventProblems(channel: Channel, sent: SendRequest, event: ChannelEvent): readonly string[] {
  return [
    ...(event.key === sent.key ? [] : [`event for key ${event.key}`]),
    ...(Object.hasOwn(channelOf(channel).outcomes, event.outcome) ? [] : [`outcome ${event.outcome} is in no table`]),
    ...(event.atMs >= sent.nowMs ? [] : ["result before the contact"]),
  ];
}

async function refusal(port: ChannelPort, change: Partial<SendRequest>): Promise<readonly string[]> {
  const answer = await answerOf(port, request(port, change));
  if (typeof answer === "string") return [answer];
  return answer.kind === "rejected" && !answer.retryable && answer.code !== "" ? [] : [`answered ${answer.kind}`];
}

/** What holds for every `ChannelPort`, simulated or real; run once per implementation. */
export const channelContract: readonly ContractCase[] = [
  {
    name: "takes a contact it can make, at a price in whole minor units, with results the channel knows",
    offline: false,
    broken: async (port) => {
      const sent = request(port);
      const answer = await answerOf(port, sent);
      if (typeof answer === "string") return [answer];
      if (answer.kind !== "accepted") return [`answered ${answer.kind}`];
      const price = Number.isSafeInteger(answer.costMinor) && answer.costMinor >= 0 ? [] : ["price is no whole amount"];
      const reference = answer.ref === "" ? ["no reference"] : [];
      return [...price, ...reference, ...answer.announced.flatMap((event) => eventProblems(port.channel, sent, event))];
    },
  },
  {
    name: "names every announced result once",
    offline: false,
    broken: async (port) => {
      const answer = await answerOf(port, request(port));
      if (typeof answer === "string" || answer.kind !== "accepted") return ["did not accept"];
      const ids = answer.announced.map((event) => event.eventId);
      return new Set(ids).size === ids.length ? [] : ["an event id stands twice"];
    },
  },
  {
    name: "tells the same event ids when one key is sent twice, so that a repeat is heard once",
    offline: false,
    broken: async (port) => {
      const [first, second] = [await answerOf(port, request(port)), await answerOf(port, request(port))];
      return JSON.stringify(first) === JSON.stringify(second) ? [] : ["the second answer differs"];
    },
  },
  {
    name: "refuses for good an address of the other world (simulated against real)",
    offline: true,
    broken: (port) => refusal(port, { to: addressFor(port, "foreign") }),
  },
  {
    name: "refuses for good what may no longer leave",
    offline: true,
    broken: (port) => refusal(port, { notAfterMs: NOW_MS - 1 }),
  },
  {
    name: "refuses for good an empty text",
    offline: true,
    broken: (port) => refusal(port, { text: " " }),
  },
  {
    name: "refuses for good a message without the subject its channel needs",
    offline: true,
    broken: async (port) => (channelOf(port.channel).subjectMax === null ? [] : refusal(port, { subject: null })),
  },
  {
    name: "announces nothing real: only a simulated provider knows results beforehand",
    offline: false,
    broken: async (port) => {
      const answer = await answerOf(port, request(port));
      if (typeof answer === "string" || answer.kind !== "accepted" || port.simulated) return [];
      return answer.announced.length === 0 ? [] : ["a real provider announced a result"];
    },
  },
];
